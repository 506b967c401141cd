"""The figures of a survey as its page shows them: bars, shares and the chart of responses."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

import msgspec

from footfall.dashboard.chart import Chart, Drawing, Point, render_bucket, render_tick
from footfall.dashboard.figure import render_count
from footfall.reports.query import Interval
from footfall.surveys.answer import Answer
from footfall.surveys.response import Response
from footfall.surveys.statistic import DETRACTORS, PASSIVES, PROMOTERS, Figures, QuestionFigures
from footfall.surveys.survey import Survey

DAYS_LIMIT = 400
"""Points of the chart: a little more than a year."""

NPS_PARTS = (
    (DETRACTORS, "Detractors", "low"),
    (PASSIVES, "Passives", "middle"),
    (PROMOTERS, "Promoters", "high"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One value with its share."""

    title: str
    count: str
    share: str
    width: int
    """Percent, 0 to 100, whole."""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question with what was answered."""

    text: str
    answers: str
    average: str
    nps: str
    bars: tuple[Bar, ...]
    nps_bars: tuple[Bar, ...]
    latest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response of the list."""

    at_us: int
    path: str
    is_completed: bool
    answers: tuple[tuple[str, str], ...]
    """Texts of questions and answers."""


def make_results(figures: Figures) -> list[QuestionResult]:
    """Return what the page shows for each question."""
    return [_make_result(question) for question in figures.questions]


def make_rows(survey: Survey, responses: list[Response]) -> list[ResponseRow]:
    """Return the rows of the list of responses; answers to questions of the past are left out."""
    questions = survey.definition.questions
    return [
        ResponseRow(
            response.submitted_at_us,
            response.path,
            response.is_completed,
            tuple(
                (q.text, _render_answer(response.answers[q.id]))
                for q in questions
                if q.id in response.answers
            ),
        )
        for response in responses
    ]


def make_response_chart(figures: Figures) -> Chart:
    """Return responses by day, for the drawing script."""
    days = figures.days[-DAYS_LIMIT:]
    points = [
        Point(
            label=render_bucket(day, Interval.DAY),
            tick=render_tick(day, Interval.DAY),
            value=count,
            text=render_count(count),
            before=None,
            before_text="",
            is_partial=False,
        )
        for day, count, _ in days
    ]
    drawing = Drawing("Responses", "count", points, has_before=False)
    total = sum(count for _, count, _ in days)
    summary = f"Responses by day: {total} on {len(days)} days."
    return Chart(drawing, msgspec.json.encode(drawing).decode(), summary)


def _make_result(figures: QuestionFigures) -> QuestionResult:
    total = figures.answers
    return QuestionResult(
        text=figures.question.text,
        answers=render_count(total),
        average="" if figures.average is None else f"{figures.average:.1f}",
        nps="" if figures.nps is None else f"{figures.nps:+.0f}",
        bars=tuple(
            Bar(
                title,
                render_count(count),
                _percent(count, total),
                round(100 * count / total) if total else 0,
            )
            for title, count in figures.distribution.items()
        ),
        nps_bars=() if figures.nps is None else _make_nps_bars(figures),
        latest=figures.latest,
    )


def _make_nps_bars(figures: QuestionFigures) -> tuple[Bar, ...]:
    total = figures.answers
    counts = [figures.distribution[key] for key, _, _ in NPS_PARTS]
    return tuple(
        Bar(f"{title} {key}", render_count(count), _percent(count, total), width, tone)
        for (key, title, tone), count, width in zip(
            NPS_PARTS, counts, _fit(counts, total), strict=True
        )
    )


def _fit(counts: list[int], total: int) -> list[int]:
    """Return whole percents that add up to 100."""
    edges = [0, *(round(100 * part / total) for part in accumulate(counts))]
    return [after - before for before, after in pairwise(edges)]


def _percent(count: int, total: int) -> str:
    return f"{100 * count / total:.0f} %" if total else "–"


def _render_answer(answer: Answer) -> str:
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    return ", ".join(answer) if isinstance(answer, list) else str(answer)
