"""Who is here now: visitors of the last five minutes and the pages they see. It has no range:
asked about the past, there is no such thing as now."""

from dataclasses import dataclass

from footfall.clock import US_PER_MINUTE, Clock
from footfall.model.time_range import TimeRange
from footfall.reports.port import Reports
from footfall.reports.query import Filter, Query

WINDOW_US = 5 * US_PER_MINUTE
"""Who sent something in the last five minutes is here (Pulse's definition)."""


@dataclass(frozen=True, slots=True)
class Present:
    """Who is here now."""

    active_visitors: int
    pages: tuple[tuple[str, int], ...]
    """Pages of the last five minutes with their visitors, most visitors first."""


async def run_active_visitors(
    reports: Reports, clock: Clock, project: int, condition: Filter | None = None
) -> int:
    """Return the number of visitors who sent something in the last five minutes."""
    result = await reports.run(Query(project, ("visitors",), _window(clock), filter=condition))
    return int(result.totals[0] or 0)


async def run_present(
    reports: Reports, clock: Clock, project: int, condition: Filter | None = None, limit: int = 10
) -> Present:
    """Return the visitors of the last five minutes and the pages they were on."""
    active = await run_active_visitors(reports, clock, project, condition)
    result = await reports.run(
        Query(project, ("visitors",), _window(clock), ("page",), condition, limit=limit)
    )
    pages = tuple((row.dimensions[0], int(row.metrics[0] or 0)) for row in result.rows)
    return Present(active, pages)


def _window(clock: Clock) -> TimeRange:
    now_us = clock.now_us()
    # An event may carry the present microsecond; the range's end is not part of it.
    return TimeRange(now_us - WINDOW_US, now_us + 1)
