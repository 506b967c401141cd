"""From the core's retention, cohorts and paths to Pulse's. Nothing here can fail."""

from collections.abc import Sequence

from msgspec import UNSET

from footfall.dialects.pulse.journey.shape import Cohort, Flow, RetentionCohort
from footfall.dialects.pulse.render import render_percent
from footfall.reports import cohort as core_cohort
from footfall.reports import retention as core_retention
from footfall.reports.path import Flows
from footfall.reports.query import Interval

EXIT = "(exit)"
ENTRY = "(entry)"


def render_retention(cohort: core_retention.RetentionCohort) -> RetentionCohort:
    """Return one cohort with the documented days."""
    shares = (cohort.share(day) for day in core_retention.DAYS)
    percents = (None if share is None else render_percent(share) for share in shares)
    return RetentionCohort(cohort.start, cohort.visitors, *percents)


def render_cohorts(cohorts: Sequence[core_cohort.Cohort], period: Interval) -> list[Cohort]:
    """Return the cohorts of weeks or months."""
    # A month is written without a day.
    end = 7 if period is Interval.MONTH else 10
    return [
        Cohort(
            cohort.start[:end],
            cohort.visitors,
            cohort.total if isinstance(cohort.total, int) else round(cohort.total, 2),
            round(cohort.per_visitor or 0.0, 2),
        )
        for cohort in cohorts
    ]


def render_flows(answer: Flows, direction: str) -> list[Flow]:
    """Return the neighbours of a page; the end of visits stands last, as in the document."""
    is_backward = direction == "backward"
    end = ENTRY if is_backward else EXIT
    return [
        Flow(
            flow.page or end,
            flow.times,
            render_percent(flow.share),
            (flow.page or end) if is_backward else UNSET,
        )
        for flow in sorted(answer.flows, key=lambda flow: not flow.page)
    ]
