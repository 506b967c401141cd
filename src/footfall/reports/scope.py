"""What every report is asked about: a project, a range, a filter, whose days. `Query` carries the
same five; families of reports carry a Scope and what is their own."""

from dataclasses import dataclass

from footfall.model.time_range import TimeRange
from footfall.reports.query import Bots, Filter


@dataclass(frozen=True, slots=True)
class Scope:
    """The events a report looks at."""

    project: int
    range: TimeRange
    filter: Filter | None = None
    time_zone: str = "UTC"
    bots: Bots = "exclude"
