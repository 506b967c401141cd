"""The figures of a survey: how many answered, how many to the end, and what. Every figure stands
beside the number it is a share of. Nothing is read from a store here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from footfall.model.time_range import from_us
from footfall.surveys.answer import Answer
from footfall.surveys.definition import CHOICE_TYPES, PRIVATE_TYPES, Definition, Question
from footfall.surveys.response import Response

LATEST_LIMIT = 10
"""Answers in words that are shown beside the figures; the list of responses has the others."""

NPS_SCALE = range(11)
"""Net Promoter Score: 0 to 6 detract, 7 and 8 are passive, 9 and 10 promote (Reichheld, 2003)."""

DETRACTORS, PASSIVES, PROMOTERS = "0-6", "7-8", "9-10"


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """What was answered to one question."""

    question: Question
    answers: int
    """How many answered it."""
    average: float | None
    """Mean rating; None for other types and without answers."""
    distribution: dict[str, int]
    """Answers by bucket of a 0 to 10 scale, by value of another scale, by option, by yes and no.
    Several options of one answer count once each. Empty for answers in words."""
    nps: float | None
    """Percent of promoters minus percent of detractors among all `answers`; 0 to 10 only."""
    latest: tuple[str, ...]
    """Newest answers in words."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was answered to a survey."""

    total: int
    completed: int
    questions: tuple[QuestionFigures, ...]
    days: tuple[tuple[str, int, int], ...]
    """Days in UTC from the first to the last response: date, responses, completed ones."""

    @property
    def completion_rate(self) -> float:
        """Percent of all responses that were completed, 0 without any."""
        return 100 * self.completed / self.total if self.total else 0.0


def count_responses(definition: Definition, responses: Iterable[Response]) -> Figures:
    """Work out the figures. Answers that do not fit a question edited since do not count."""
    tallies = [_Tally(question) for question in definition.questions]
    totals: Counter[int] = Counter()
    completed: Counter[int] = Counter()
    for response in responses:
        day = from_us(response.submitted_at_us).toordinal()
        totals[day] += 1
        completed[day] += response.is_completed
        for tally in tallies:
            answer = response.answers.get(tally.question.id)
            if answer is not None:
                tally.add(answer, response.submitted_at_us)
    return Figures(
        total=totals.total(),
        completed=completed.total(),
        questions=tuple(tally.figures() for tally in tallies),
        days=_fill_days(totals, completed),
    )


def _fill_days(totals: Counter[int], completed: Counter[int]) -> tuple[tuple[str, int, int], ...]:
    if not totals:
        return ()
    days = range(min(totals), max(totals) + 1)
    return tuple((date.fromordinal(day).isoformat(), totals[day], completed[day]) for day in days)


@dataclass(slots=True)
class _Tally:
    """Counts the answers to one question."""

    question: Question
    answers: int = 0
    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    latest: list[tuple[int, str]] = field(default_factory=list)

    def add(self, answer: Answer, at_us: int) -> None:
        """Count one answer if it fits."""
        question = self.question
        if question.type == "rating":
            if isinstance(answer, bool) or not isinstance(answer, int):
                return
            if answer not in question.scale:
                return
            self.total += answer
            self.counts[str(answer)] += 1
        elif question.type in CHOICE_TYPES:
            chosen = answer if isinstance(answer, list) else [answer]
            known = [option for option in question.options or () if option in chosen]
            if not known:
                return
            self.counts.update(known)
        elif question.type == "yes_no":
            if not isinstance(answer, bool):
                return
            self.counts["yes" if answer else "no"] += 1
        elif isinstance(answer, str):
            self.latest = sorted([*self.latest, (at_us, answer)], reverse=True)[:LATEST_LIMIT]
        else:
            return
        self.answers += 1

    def figures(self) -> QuestionFigures:
        """Return what was counted."""
        is_rating = self.question.type == "rating"
        is_nps = is_rating and self.question.scale == NPS_SCALE
        distribution = self._bucket() if is_nps else self._list_all()
        return QuestionFigures(
            question=self.question,
            answers=self.answers,
            average=self.total / self.answers if is_rating and self.answers else None,
            distribution=distribution,
            nps=_score(distribution, self.answers) if is_nps else None,
            latest=tuple(text for _, text in self.latest),
        )

    def _bucket(self) -> dict[str, int]:
        def count(values: range) -> int:
            return sum(self.counts[str(value)] for value in values)

        return {
            DETRACTORS: count(range(7)),
            PASSIVES: count(range(7, 9)),
            PROMOTERS: count(range(9, 11)),
        }

    def _list_all(self) -> dict[str, int]:
        question = self.question
        if question.type in PRIVATE_TYPES:
            return {}
        values: Sequence[str] = question.options or ("yes", "no")
        if question.type == "rating":
            values = [str(value) for value in question.scale]
        return {value: self.counts[value] for value in values}


def _score(buckets: dict[str, int], answers: int) -> float | None:
    return 100 * (buckets[PROMOTERS] - buckets[DETRACTORS]) / answers if answers else None
