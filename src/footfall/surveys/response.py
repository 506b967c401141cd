"""Responses: each kept durably and exactly once, in one transaction that also holds the survey to
its limit. The second half of somebody's answers joins the first; a repetition changes nothing."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from footfall.ingest.outcome import DropReason
from footfall.model.event import Event
from footfall.model.time_range import TimeRange
from footfall.store.records import AtLeast, Between, Record, Records, Transaction, Where
from footfall.surveys.answer import Answer, Answers
from footfall.surveys.survey import Survey

CHUNK = 2_000
"""Responses read at once when all of them are wanted: a few megabytes at most."""


@dataclass(frozen=True, slots=True)
class Response:
    """What one visitor answered."""

    id: str
    """'resp-' and a UUID."""
    answers: Answers
    is_completed: bool
    path: str
    submitted_at_us: int
    """When its latest part was sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one event says of its visitor's answers: all of them, or some."""

    event: Event
    answers: Answers
    is_completed: bool


class Responses:
    """Keeps responses. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def keep(self, survey: Survey, part: Part) -> DropReason | None:
        """Store a part of a response; return why not, if not.

        Safe to repeat with the same event. A response that was not completed is continued by
        its visitor's next one; one that arrives after a later one completes that.
        """
        with self._records.transaction() as t:
            current = _lock(t, survey)
            if current is None:
                return DropReason.UNKNOWN_SURVEY
            submission = {"survey": survey.number, "event_id": part.event.event_id}
            if t.find("survey_submissions", submission):
                return None
            if current["status"] != "active":
                return DropReason.SURVEY_CLOSED
            earlier = _find_earlier(t, survey, part)
            if earlier is not None:
                number = _continue(t, earlier, part)
            elif _is_full(t, current):
                return DropReason.SURVEY_CLOSED
            else:
                number = _add(t, survey, part)
            t.add("survey_submissions", submission | {"response": number})
        return None

    def list_responses(
        self, survey: Survey, period: TimeRange | None = None, *, limit: int, offset: int
    ) -> tuple[list[Response], int]:
        """Return responses of a period, newest first, and how many there are in all."""
        where = _where(survey, period)
        with self._records.transaction() as t:
            found = t.find(
                "survey_responses", where, order="-submitted_at_us", limit=limit, offset=offset
            )
            return [_response(r) for r in found], t.count("survey_responses", where)

    def scan(self, survey: Survey, period: TimeRange | None = None) -> Iterator[Response]:
        """Give every response of a period, oldest row first, a chunk of them at a time."""
        where, after = dict(_where(survey, period)), 0
        while True:
            with self._records.transaction() as t:
                found = t.find("survey_responses", where | {"number": AtLeast(after)}, limit=CHUNK)
            yield from map(_response, found)
            if len(found) < CHUNK:
                return
            after = found[-1]["number"] + 1


def _lock(t: Transaction, survey: Survey) -> Record | None:
    # Writing what stands there already takes the row's lock: responses to one survey come one
    # after another, whichever process brings them, so that counting before adding is exact.
    where = {"number": survey.number}
    t.change("surveys", where, {"id": survey.id})
    found = t.find("surveys", where)
    return found[0] if found else None


def _find_earlier(t: Transaction, survey: Survey, part: Part) -> Record | None:
    """Return the response that a part belongs to; None when it begins one."""
    where = {"survey": survey.number, "visitor": part.event.visitor}
    found = t.find("survey_responses", where, order="-submitted_at_us", limit=1)
    if not found:
        return None
    is_late_half = not part.is_completed and part.event.ts <= found[0]["submitted_at_us"]
    return found[0] if is_late_half or not found[0]["is_completed"] else None


def _continue(t: Transaction, earlier: Record, part: Part) -> int:
    event, answers = part.event, part.answers
    stored = msgspec.json.decode(earlier["answers"])
    is_newer = event.ts >= earlier["submitted_at_us"]
    number: int = earlier["number"]
    values = {
        "answers": _encode({**stored, **answers} if is_newer else {**answers, **stored}),
        "is_completed": part.is_completed or earlier["is_completed"],
        "path": event.path if is_newer else earlier["path"],
        "submitted_at_us": max(event.ts, earlier["submitted_at_us"]),
    }
    t.change("survey_responses", {"number": number}, values)
    return number


def _is_full(t: Transaction, survey: Record) -> bool:
    limit = survey["response_limit"]
    return limit is not None and t.count("survey_responses", {"survey": survey["number"]}) >= limit


def _add(t: Transaction, survey: Survey, part: Part) -> int:
    return t.add(
        "survey_responses",
        {
            "id": f"resp-{uuid.uuid4()}",
            "survey": survey.number,
            "visitor": part.event.visitor,
            "answers": _encode(dict(part.answers)),
            "is_completed": part.is_completed,
            "path": part.event.path,
            "submitted_at_us": part.event.ts,
        },
    )


def _where(survey: Survey, period: TimeRange | None) -> Where:
    if period is None:
        return {"survey": survey.number}
    return {
        "survey": survey.number,
        "submitted_at_us": Between(period.start_us, period.end_us - 1),
    }


def _encode(answers: dict[str, Answer]) -> str:
    return msgspec.json.encode(answers).decode()


def _response(record: Record) -> Response:
    return Response(
        id=record["id"],
        answers=msgspec.json.decode(record["answers"], type=dict[str, Answer]),
        is_completed=record["is_completed"],
        path=record["path"],
        submitted_at_us=record["submitted_at_us"],
    )
