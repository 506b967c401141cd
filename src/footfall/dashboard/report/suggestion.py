"""Pages and events that were really seen, for the forms that ask for one."""

import asyncio
from dataclasses import dataclass

from footfall.dashboard.door import Door
from footfall.dashboard.screen import Screen
from footfall.reports.query import Query

MOST = 60
"""A list in a browser that is longer is scrolled by nobody."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The most frequent ones of the period."""

    pages: tuple[str, ...]
    events: tuple[str, ...]


async def load_suggestions(door: Door, screen: Screen) -> Suggestions:
    """Load what a form suggests, filters of the view left out."""
    pages, events = await asyncio.gather(
        load_values(door, screen, "page"), load_values(door, screen, "event", "events")
    )
    return Suggestions(pages, events)


async def load_values(
    door: Door, screen: Screen, dimension: str, metric: str = "visitors"
) -> tuple[str, ...]:
    """Load the most frequent values of a dimension."""
    query = Query(
        project=screen.project.number,
        metrics=(metric,),
        dimensions=(dimension,),
        range=screen.period.range,
        time_zone=screen.zone_name,
        limit=MOST,
    )
    result = await door.parts.reports.run(query)
    return tuple(row.dimensions[0] for row in result.rows if row.dimensions[0])
