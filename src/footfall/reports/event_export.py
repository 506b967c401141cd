"""Raw events of a project and range, as they are stored, bots included: piece by piece for files
of text, or as one Parquet file that the engine writes itself. Nothing is left out and nothing is
reckoned, so that what is read back gives the same figures."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from footfall.clock import US_PER_HOUR
from footfall.model.event import EMPTY_PROPS, EVENT_COLUMNS, Event
from footfall.model.time_range import TimeRange
from footfall.reports.family import Desk
from footfall.reports.port import Reports
from footfall.reports.scope import Scope

EVENTS_AT_ONCE = 10_000
"""Some 10 MB as Python values, and a fifth of a second."""

_PROPS = next(i for i, column in enumerate(EVENT_COLUMNS) if column.name == "props")


@dataclass(frozen=True, slots=True)
class _EventsQuestion:
    """The next events of the scope, in the order of time and id."""

    scope: Scope
    after: tuple[int, int] | None = None
    """Time (µs) and id of the last event that is known."""

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> list[Event]:
        """Return up to EVENTS_AT_ONCE events."""
        from footfall.reports.event_export_sql import make_events

        rows = desk.ask(make_events(desk, self.after, EVENTS_AT_ONCE))
        return [_read_event(row) for row in rows]


@dataclass(frozen=True, slots=True)
class _HoursQuestion:
    """The hours (UTC) of the scope that hold events, and how many each holds."""

    scope: Scope

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> list[tuple[int, int]]:
        """Return (hours since 1970, events), in the order of time."""
        from footfall.reports.event_export_sql import make_hours

        return [(int(hour), int(count)) for hour, count in desk.ask(make_hours(desk))]


@dataclass(frozen=True, slots=True)
class ParquetQuestion:
    """All events of the scope, in no order, in a Parquet file of the columns of `model.Event`."""

    scope: Scope
    path: Path

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> None:
        """Let the engine write the file. Raises StoreError."""
        from footfall.reports.event_export_sql import make_all

        desk.save_parquet(make_all(desk), self.path)


async def iterate_events(reports: Reports, scope: Scope) -> AsyncIterator[list[Event]]:
    """Give the events of a scope in the order of time and id, in lists of at most EVENTS_AT_ONCE.

    Each list is a query of its own over a part of the range that was cut by how much it holds: no
    query stays open while a slow reader reads, and none looks at everything.
    """
    hours = await reports.ask(_HoursQuestion(scope))
    for span in _cut(hours, scope.range):
        question = _EventsQuestion(replace(scope, range=span))
        while events := await reports.ask(question):
            yield events
            if len(events) < EVENTS_AT_ONCE:
                break
            question = replace(question, after=(events[-1].ts, events[-1].event_id))


def _cut(hours: Sequence[tuple[int, int]], span: TimeRange) -> list[TimeRange]:
    """Return ranges of whole hours that hold at most EVENTS_AT_ONCE, or one hour that holds
    more."""
    spans: list[TimeRange] = []
    first, held = 0, 0
    for number, (_, count) in enumerate(hours):
        if held and held + count > EVENTS_AT_ONCE:
            spans.append(_make_span(hours[first][0], hours[number - 1][0], span))
            first, held = number, 0
        held += count
    if held:
        spans.append(_make_span(hours[first][0], hours[-1][0], span))
    return spans


def _make_span(first_hour: int, last_hour: int, within: TimeRange) -> TimeRange:
    start_us, end_us = first_hour * US_PER_HOUR, (last_hour + 1) * US_PER_HOUR
    return TimeRange(max(start_us, within.start_us), min(end_us, within.end_us))


def _read_event(row: Sequence[Any]) -> Event:
    values = list(row)
    props = values[_PROPS]
    values[_PROPS] = msgspec.Raw(props.encode()) if props else EMPTY_PROPS
    return Event(*values)
