"""Retention in the words of our API."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from footfall.api.family.family import Family
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.projects.project import Project
from footfall.reports.query import Interval
from footfall.reports.retention import DAYS, RetentionCohort, RetentionQuestion

NOTE = (
    "A visitor whose browser or app sends no id of its own is a new visitor every day, and cannot "
    "be seen to come back: these shares are too low by as much as there are such visitors."
)


class RetentionBody(ScopeBody, frozen=True, kw_only=True):
    """How many of the visitors who came for the first time came back, on which day after. Filters
    are asked of the first visit; any visit is a return."""

    period: Literal["day", "week", "month"] = "week"
    days: Annotated[tuple[int, ...], Meta(description="Days after the first visit, 1 to 366.")] = (
        DAYS
    )


class ReturnBody(msgspec.Struct, frozen=True):
    """Who came back on one day; null: not everybody of the cohort has reached it."""

    day: int
    visitors: int | None
    share: float | None


class RetentionCohortBody(msgspec.Struct, frozen=True):
    """Visitors whose first visit lies in one period."""

    cohort: Annotated[str, Meta(description="First day of the period.")]
    visitors: int
    returned: list[ReturnBody]
    partial: bool


class RetentionAnswer(ReportBody, frozen=True, kw_only=True):
    """Cohorts that have visitors, the oldest first."""

    period: str
    cohorts: list[RetentionCohortBody]
    notes: list[str]


def _parse(body: RetentionBody, project: Project, now_us: int) -> RetentionQuestion:
    scope = parse_scope(body, project, now_us)
    return RetentionQuestion(scope, Interval(body.period), body.days)


def _render(
    cohorts: tuple[RetentionCohort, ...], question: RetentionQuestion, project: Project
) -> RetentionAnswer:
    return RetentionAnswer(
        **render_scope(question.scope, project),
        period=question.period.value,
        cohorts=[_render_cohort(cohort) for cohort in cohorts],
        notes=[NOTE] if cohorts else [],
    )


def _render_cohort(cohort: RetentionCohort) -> RetentionCohortBody:
    returned = [ReturnBody(day, cohort.returned[day], cohort.share(day)) for day in cohort.returned]
    return RetentionCohortBody(cohort.start, cohort.visitors, returned, cohort.is_partial)


RETENTION = Family(
    name="retention",
    title="Retention",
    description="Of the visitors who first came in a day, week or month, the share that came back "
    "on which day after.",
    body=RetentionBody,
    answer=RetentionAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "90d", "period": "week", "days": [1, 7, 14, 30]},
)
