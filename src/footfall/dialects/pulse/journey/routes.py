"""Routes of retention, cohorts and paths."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

from litestar import get
from litestar.params import QueryParameter

from footfall.dialects.pulse.access import ERRORS, reads
from footfall.dialects.pulse.core import Period, Project, ReportsPort, Rows
from footfall.dialects.pulse.journey.render import render_cohorts, render_flows, render_retention
from footfall.dialects.pulse.journey.shape import Cohorts, Paths, Retention
from footfall.dialects.pulse.pattern import parse_page_pattern
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.reports.cohort import METRICS, CohortQuestion
from footfall.reports.path import DIRECTIONS, PathQuestion
from footfall.reports.query import Interval
from footfall.reports.retention import RetentionQuestion
from footfall.reports.scope import Scope

T = TypeVar("T")

RETENTION_PERIODS = {
    "daily": Interval.DAY,
    "weekly": Interval.WEEK,
    "monthly": Interval.MONTH,
}
COHORT_PERIODS = {"week": Interval.WEEK, "month": Interval.MONTH}


@get("/api/v1/retention", opt=reads("retention"), responses=ERRORS, summary="Retention")
async def get_retention(
    project: Project,
    reports: ReportsPort,
    period: Period,
    word: Annotated[
        str | None,
        QueryParameter(name="period", description="daily, weekly (default) or monthly."),
    ] = None,
) -> Retention:
    """Of the visitors who first came in a period, the share that came back by day."""
    word = word or "weekly"
    interval = _choose("period", word, RETENTION_PERIODS)
    cohorts = await reports.ask(RetentionQuestion(Scope(project, period), interval))
    return Retention(word, [render_retention(cohort) for cohort in cohorts])


@get("/api/v1/cohorts", opt=reads("cohorts"), responses=ERRORS, summary="Cohorts")
async def get_cohorts(
    project: Project,
    reports: ReportsPort,
    period: Period,
    group_by: Annotated[str | None, QueryParameter(description="week (default) or month.")] = None,
    metric: Annotated[
        str | None,
        QueryParameter(description="pageviews (default), sessions, events or revenue."),
    ] = None,
) -> Cohorts:
    """A metric of each period's visitors, in total and for each of them."""
    word, metric = group_by or "week", metric or METRICS[0]
    interval = _choose("group_by", word, COHORT_PERIODS)
    cohorts = await reports.ask(CohortQuestion(Scope(project, period), interval, metric))
    return Cohorts(word, metric, render_cohorts(cohorts, interval))


@get("/api/v1/paths", opt=reads("paths"), responses=ERRORS, summary="Paths")
async def get_paths(
    project: Project,
    reports: ReportsPort,
    period: Period,
    rows: Rows,
    path: Annotated[
        str | None, QueryParameter(description="Required. The page to look from.")
    ] = None,
    direction: Annotated[
        str | None, QueryParameter(description="forward (default) or backward.")
    ] = None,
) -> Paths:
    """Pages that visits saw next after a page, or before it."""
    if not path:
        raise MissingFieldError("path")
    way = _choose("direction", direction or "forward", {word: word for word in DIRECTIONS})
    pivot = parse_page_pattern(path, "path")
    answer = await reports.ask(PathQuestion(Scope(project, period), pivot, way, rows.limit))
    return Paths(path, way, render_flows(answer, way))


def _choose(field: str, word: str, choices: Mapping[str, T]) -> T:
    if word not in choices:
        raise InvalidInputError(
            f"{field} is '{word[:40]}'; accepted are {', '.join(choices)}", field=field
        )
    return choices[word]


JOURNEY_ROUTES = (get_retention, get_cohorts, get_paths)
