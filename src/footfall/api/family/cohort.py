"""Cohorts in the words of our API."""

from typing import Literal

import msgspec

from footfall.api.family.family import Family
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.projects.project import Project
from footfall.reports.cohort import Cohort, CohortQuestion
from footfall.reports.query import Interval


class CohortBody(ScopeBody, frozen=True, kw_only=True):
    """What the visitors of each week or month did."""

    period: Literal["week", "month"] = "week"
    metric: Literal["pageviews", "sessions", "events", "revenue"] = "pageviews"


class CohortLineBody(msgspec.Struct, frozen=True):
    """One week or month; null: there is nothing to divide by."""

    cohort: str
    visitors: int
    total: int | float
    per_visitor: float | None
    partial: bool


class CohortAnswer(ReportBody, frozen=True, kw_only=True):
    """Every period that the range touches."""

    period: str
    metric: str
    cohorts: list[CohortLineBody]


def _parse(body: CohortBody, project: Project, now_us: int) -> CohortQuestion:
    return CohortQuestion(parse_scope(body, project, now_us), Interval(body.period), body.metric)


def _render(
    cohorts: tuple[Cohort, ...], question: CohortQuestion, project: Project
) -> CohortAnswer:
    return CohortAnswer(
        **render_scope(question.scope, project),
        period=question.period.value,
        metric=question.metric,
        cohorts=[
            CohortLineBody(c.start, c.visitors, c.total, c.per_visitor, c.is_partial)
            for c in cohorts
        ],
    )


COHORTS = Family(
    name="cohorts",
    title="Cohorts",
    description="A metric of each week's or month's visitors, in total and for each visitor.",
    body=CohortBody,
    answer=CohortAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "90d", "period": "month", "metric": "sessions"},
)
