"""What an analytics call asks about: the project (`default` unless it names one), whole history or
some days back (UTC), with bots left out as in every report unless it wants them."""

from typing import Annotated

from litestar.params import QueryParameter

from footfall.clock import US_PER_DAY
from footfall.errors import InvalidInputError, NotFoundError
from footfall.model.time_range import TimeRange
from footfall.projects.directory import Directory, ProjectEntry
from footfall.projects.register import DEFAULT_SLUG
from footfall.reports.query import Bots
from footfall.reports.scope import Scope

Wanted = Annotated[
    str | None, QueryParameter(name="project", description="Id or slug; `default` when absent.")
]
WantedBots = Annotated[
    str, QueryParameter(name="bots", description="`exclude`, `include` or `only`.")
]

AHEAD_US = US_PER_DAY + 1
"""Clocks of senders are believed up to a day ahead."""

_BOTS: dict[str, Bots] = {"exclude": "exclude", "include": "include", "only": "only"}


def find_project(directory: Directory, wanted: str | None) -> ProjectEntry:
    """Return a project by its id or slug. Raises NotFoundError."""
    reference = wanted or DEFAULT_SLUG
    entry = directory.find_id(reference.lower()) or directory.find_slug(reference)
    if entry is None:
        raise NotFoundError("Project", reference[:60])
    return entry


def make_scope(entry: ProjectEntry, span: TimeRange, bots: str = "exclude") -> Scope:
    """Return what is looked at. Raises InvalidInputError for an unknown rule for bots."""
    if bots not in _BOTS:
        raise InvalidInputError(
            f"bots is '{bots[:40]}'; accepted are {', '.join(_BOTS)}", field="bots"
        )
    return Scope(entry.project.number, span, bots=_BOTS[bots])


def make_history(now_us: int) -> TimeRange:
    """Return all time."""
    return TimeRange(0, now_us + AHEAD_US)


def parse_days(days: int, most: int, now_us: int) -> TimeRange:
    """Return so many days, today included; more than `most` are cut to it [doc: Max].

    Raises InvalidInputError.
    """
    days = parse_count("days", days, most)
    today_us = now_us // US_PER_DAY * US_PER_DAY
    return TimeRange(today_us - (days - 1) * US_PER_DAY, today_us + US_PER_DAY)


def parse_count(field: str, value: int, most: int) -> int:
    """Return a number of days or rows, at most `most`. Raises InvalidInputError below 1."""
    if value < 1:
        raise InvalidInputError(f"{field} is {value}; 1 to {most} are accepted", field=field)
    return min(value, most)
