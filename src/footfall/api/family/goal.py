"""Goals in the words of our API."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from footfall.api.family.family import Family
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.api.parse import parse_goal
from footfall.api.saved import SavedDefinitions
from footfall.api.wire import GoalBody
from footfall.projects.project import Project
from footfall.reports.goal import GoalAnswer, GoalFigures, GoalQuestion
from footfall.reports.query import Interval


class GoalReportBody(ScopeBody, frozen=True, kw_only=True):
    """How often a goal was reached; over time with `interval`, as a list with `dimension`."""

    goal: GoalBody
    interval: Literal["minute", "hour", "day", "week", "month"] | None = None
    dimension: str | None = None
    limit: Annotated[int, Meta(description="1 to 1000 values of the dimension.")] = 100


class GoalFiguresBody(msgspec.Struct, frozen=True):
    """What a goal achieved."""

    conversions: Annotated[int, Meta(description="Visits that reached it.")]
    converted_visitors: int
    visitors: Annotated[int, Meta(description="All visitors: what the rate is of.")]
    rate: Annotated[float | None, Meta(description="0 to 1; null without visitors.")]
    revenue: Annotated[dict[str, float], Meta(description="Amounts by currency.")]


class GoalLineBody(GoalFiguresBody, frozen=True, kw_only=True):
    """The figures of a bucket or of a value of the dimension."""

    label: str
    partial: Annotated[
        bool, Meta(description="The bucket reaches outside the range or beyond now.")
    ] = False


class GoalReportAnswer(ReportBody, frozen=True, kw_only=True):
    """The figures over everything and the lines asked for."""

    total: GoalFiguresBody
    lines: list[GoalLineBody]


def _parse(body: GoalReportBody, project: Project, now_us: int) -> GoalQuestion:
    return GoalQuestion(
        scope=parse_scope(body, project, now_us),
        goal=parse_goal(body.goal),
        interval=None if body.interval is None else Interval(body.interval),
        dimension=body.dimension,
        limit=body.limit,
    )


def _fill(body: GoalReportBody, saved: SavedDefinitions, project: Project) -> GoalReportBody:
    return msgspec.structs.replace(body, goal=saved.fill_goal(body.goal, project.number))


def _render(answer: GoalAnswer, question: GoalQuestion, project: Project) -> GoalReportAnswer:
    return GoalReportAnswer(
        **render_scope(question.scope, project),
        total=GoalFiguresBody(*_list(answer.total)),
        lines=[
            GoalLineBody(*_list(line.figures), label=line.label, partial=line.is_partial)
            for line in answer.lines
        ],
    )


def _list(figures: GoalFigures) -> tuple[int, int, int, float | None, dict[str, float]]:
    return (
        figures.conversions,
        figures.converted_visitors,
        figures.visitors,
        figures.rate,
        figures.revenue,
    )


GOAL = Family(
    name="goal",
    title="Goal",
    description="Visits and visitors that reached a goal, their share, and what they paid in each "
    "currency.",
    body=GoalReportBody,
    answer=GoalReportAnswer,
    parse=_parse,
    render=_render,
    example={
        "project": "default",
        "range": "30d",
        "goal": {"event": "purchase"},
        "dimension": "channel",
    },
    fill=_fill,
)
