"""Engagement in the words of our API."""

import msgspec

from footfall.api.family.family import Family
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.projects.project import Project
from footfall.reports.engagement import (
    EngagementCell,
    EngagementQuestion,
    average_engagement,
    label_engagement,
)


class EngagementBody(ScopeBody, frozen=True):
    """How much visits show of interest."""


class ScoreBody(msgspec.Struct, frozen=True):
    """Ended visits of one score."""

    score: int
    label: str
    visits: int


class EngagementAnswer(ReportBody, frozen=True, kw_only=True):
    """Ended visits by score, 0 to 100; means over them, null without any."""

    visits: int
    ended: int
    mean_score: float | None
    mean_duration_s: float | None
    scores: list[ScoreBody]


def _parse(body: EngagementBody, project: Project, now_us: int) -> EngagementQuestion:
    return EngagementQuestion(parse_scope(body, project, now_us))


def _render(
    cells: tuple[EngagementCell, ...], question: EngagementQuestion, project: Project
) -> EngagementAnswer:
    means = average_engagement(cells)
    return EngagementAnswer(
        **render_scope(question.scope, project),
        visits=means.visits,
        ended=means.ended,
        mean_score=means.mean_score,
        mean_duration_s=means.mean_duration_s,
        scores=[
            ScoreBody(cell.score, label_engagement(cell.score), cell.visits)
            for cell in cells
            if cell.is_ended
        ],
    )


ENGAGEMENT = Family(
    name="engagement",
    title="Engagement",
    description="Visits by a score of 0 to 100: how long, how far, how many clicks, how often "
    "before. Only visits that have ended have a score.",
    body=EngagementBody,
    answer=EngagementAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "7d"},
)
