"""Surveys: made, found, changed, started, stopped and removed here and nowhere else."""

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from footfall.clock import Clock
from footfall.errors import InvalidInputError, NotFoundError
from footfall.store.records import Record, Records, Transaction
from footfall.surveys.definition import (
    Appearance,
    Definition,
    Question,
    Trigger,
    check_definition,
    parse_word,
)
from footfall.surveys.survey import EDITABLE, ID_PREFIX, STATUSES, Survey, parse_survey_id


class Surveys:
    """Keeps the surveys of all projects. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    def create(self, project: int, definition: Definition) -> Survey:
        """Create a survey in the state draft. Raises InvalidInputError."""
        check_definition(definition)
        now_us = self._clock.now_us()
        record = {
            "id": f"{ID_PREFIX}{uuid.uuid4()}",
            "project": project,
            "status": "draft",
            "created_at_us": now_us,
            "updated_at_us": now_us,
            **_columns(definition),
        }
        with self._records.transaction() as t:
            return _survey(record | {"number": t.add("surveys", record)})

    def find(self, project: int, survey_id: str) -> Survey:
        """Return a survey of a project. Raises NotFoundError, also for another project's."""
        with self._records.transaction() as t:
            return self._find(t, project, survey_id)

    def list_surveys(self, project: int) -> list[Survey]:
        """Return the surveys of a project, newest first."""
        with self._records.transaction() as t:
            found = t.find("surveys", {"project": project}, order="-number")
            return [_survey(r, responses=_count(t, r["number"])) for r in found]

    def list_active(self, project: int) -> list[Survey]:
        """Return the surveys that take responses now, oldest first. Pages ask for them all the
        time: responses are counted only where there is a limit."""
        with self._records.transaction() as t:
            found = t.find("surveys", {"project": project, "status": "active"})
            surveys = [
                _survey(r, responses=_count(t, r["number"]) if r["response_limit"] else 0)
                for r in found
            ]
        return [survey for survey in surveys if not survey.is_full]

    def save(self, survey: Survey, definition: Definition) -> Survey:
        """Replace a survey's definition. Raises InvalidInputError, also unless it is draft or
        paused, and NotFoundError when it is gone meanwhile."""
        check_definition(definition)
        values = {**_columns(definition), "updated_at_us": self._clock.now_us()}
        with self._records.transaction() as t:
            current = self._find(t, survey.project, survey.id)
            if current.status not in EDITABLE:
                raise InvalidInputError(
                    f"survey '{survey.id}' is {current.status}; it can be edited while it is "
                    "draft or paused",
                    field="status",
                )
            t.change("surveys", {"number": survey.number}, values)
            return self._find(t, survey.project, survey.id)

    def set_status(self, survey: Survey, status: str) -> Survey:
        """Put a survey into a state. Raises InvalidInputError for an unknown one."""
        wanted = parse_word(status, STATUSES, "status")
        values = {"status": wanted, "updated_at_us": self._clock.now_us()}
        with self._records.transaction() as t:
            t.change("surveys", {"number": survey.number}, values)
            return self._find(t, survey.project, survey.id)

    def remove(self, survey: Survey) -> None:
        """Delete a survey and all its responses."""
        with self._records.transaction() as t:
            t.remove("surveys", {"number": survey.number})

    def _find(self, t: Transaction, project: int, survey_id: str) -> Survey:
        found = t.find("surveys", {"project": project, "id": parse_survey_id(survey_id)})
        if not found:
            raise NotFoundError("Survey", survey_id[:80])
        return _survey(found[0], responses=_count(t, found[0]["number"]))


def _count(t: Transaction, survey: int) -> int:
    return t.count("survey_responses", {"survey": survey})


def _columns(definition: Definition) -> Mapping[str, Any]:
    return {
        "name": definition.name.strip(),
        "questions": msgspec.json.encode(definition.questions).decode(),
        "trigger": msgspec.json.encode(definition.trigger).decode(),
        "appearance": msgspec.json.encode(definition.appearance).decode(),
        "response_limit": definition.response_limit,
    }


def _survey(record: Record, *, responses: int = 0) -> Survey:
    definition = Definition(
        name=record["name"],
        questions=msgspec.json.decode(record["questions"], type=tuple[Question, ...]),
        trigger=msgspec.json.decode(record["trigger"], type=Trigger),
        appearance=msgspec.json.decode(record["appearance"], type=Appearance),
        response_limit=record["response_limit"],
    )
    return Survey(
        number=record["number"],
        id=record["id"],
        project=record["project"],
        status=record["status"],
        definition=definition,
        created_at_us=record["created_at_us"],
        updated_at_us=record["updated_at_us"],
        responses=responses,
    )
