"""The way in for responses: an intake in front of the intake. It holds answers to their survey's
questions before anything is stored, and leaves in the event only what is no person's own words."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from footfall.errors import NotFoundError
from footfall.ingest.outcome import Dropped, DropReason, Outcome
from footfall.ingest.port import Intake, Taking
from footfall.ingest.request import Sender, Signal
from footfall.model.event import Event
from footfall.surveys.answer import Answers, parse_answers
from footfall.surveys.definition import PRIVATE_TYPES
from footfall.surveys.register import Surveys
from footfall.surveys.response import Part, Responses
from footfall.surveys.survey import Survey


@dataclass(frozen=True, slots=True)
class Submission:
    """Answers as a sender gives them, not yet held to any survey."""

    survey_id: str
    answers: Sequence[tuple[str, Any]]
    """Ids of questions and values."""
    is_completed: bool

    async def keep(self, event: Event) -> DropReason | None:
        """Refuse: what no survey has admitted belongs to none."""
        return DropReason.UNKNOWN_SURVEY


@dataclass(frozen=True, slots=True)
class AdmittedResponse:
    """Answers that fit their survey."""

    responses: Responses
    survey: Survey
    answers: Answers
    is_completed: bool

    async def keep(self, event: Event) -> DropReason | None:
        """Store the response; implements `ingest.request.Form`."""
        part = Part(event, self.answers, self.is_completed)
        return await asyncio.to_thread(self.responses.keep, self.survey, part)


class DropCounter(Protocol):
    """Counts what is dropped here; the intake counts everything else."""

    def add(self, door: str, kind: str, reason: DropReason | None = None, count: int = 1) -> None:
        """Count outcomes."""
        ...


class SurveyIntake:
    """Admits responses and hands everything on; implements `ingest.port.Intake`."""

    def __init__(
        self, intake: Intake, surveys: Surveys, responses: Responses, drops: DropCounter
    ) -> None:
        self._intake = intake
        self._surveys = surveys
        self._responses = responses
        self._drops = drops

    def take(self, sender: Sender, signals: Sequence[Signal]) -> Taking:
        """Take signals as every intake does; responses among them must fit their survey.

        Raises InvalidInputError, MissingFieldError, UnavailableError; then nothing was stored.
        """
        # Signals without forms pay for this loop and nothing else.
        for signal in signals:
            if type(signal.form) is Submission:
                return asyncio.ensure_future(self._take(sender, signals))
        return self._intake.take(sender, signals)

    async def _take(self, sender: Sender, signals: Sequence[Signal]) -> list[Outcome]:
        reasons = [
            await asyncio.to_thread(self._admit, sender.project, signal, signal.form)
            if isinstance(signal.form, Submission)
            else None
            for signal in signals
        ]
        admitted = [s for s, reason in zip(signals, reasons, strict=True) if reason is None]
        taken = iter(await self._intake.take(sender, admitted) if admitted else ())
        outcomes: list[Outcome] = []
        for signal, reason in zip(signals, reasons, strict=True):
            if reason is None:
                outcomes.append(next(taken))
            else:
                self._drops.add(sender.door, signal.kind, reason)
                outcomes.append(Dropped(reason))
        return outcomes

    def _admit(self, project: int, signal: Signal, given: Submission) -> DropReason | None:
        try:
            survey = self._surveys.find(project, given.survey_id)
        except NotFoundError:
            return DropReason.UNKNOWN_SURVEY
        if survey.status != "active":
            return DropReason.SURVEY_CLOSED
        answers = parse_answers(survey.definition, given.answers, is_completed=given.is_completed)
        signal.name = survey.id
        signal.props = _encode_public(survey, answers, is_completed=given.is_completed)
        signal.form = AdmittedResponse(self._responses, survey, answers, given.is_completed)
        return None


def _encode_public(survey: Survey, answers: Answers, *, is_completed: bool) -> bytes:
    """Return an event's properties: ratings and choices, nobody's own words."""
    public = {q.id for q in survey.definition.questions if q.type not in PRIVATE_TYPES}
    shown = [{"question_id": i, "value": value} for i, value in answers.items() if i in public]
    return msgspec.json.encode({"answers": shown, "completed": is_completed})
