"""JavaScript errors: groups of equal messages, the single occurrences of one, series and totals.
Two errors belong together when their messages are equal to the letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from footfall.errors import MissingFieldError
from footfall.reports.family import Desk
from footfall.reports.query import Interval
from footfall.reports.scope import Scope
from footfall.reports.slice import FIRST_ROWS, Listing, Slice, ask_slice


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """All occurrences of one message within the range."""

    message: str
    count: int
    sessions: int
    """Distinct visits; an occurrence outside any visit counts in none."""
    visitors: int
    first_seen_us: int
    last_seen_us: int


@dataclass(frozen=True, slots=True)
class ErrorTotals:
    """Figures over all messages."""

    errors: int
    messages: int
    affected_sessions: int
    """Visits that touch the range and in which an error happened within it."""
    sessions: int
    """Visits that touch the range."""

    @property
    def error_rate(self) -> float | None:
        """Affected visits by all visits, 0 to 1; None without visits."""
        return self.affected_sessions / self.sessions if self.sessions else None


@dataclass(frozen=True, slots=True)
class ErrorInstance:
    """One occurrence. Absent text is '', an absent number None."""

    ts_us: int
    path: str
    browser: str
    """Name and major version, 'Chrome 122'."""
    os: str
    """Name and version, 'Windows 11'."""
    filename: str
    line: int | None
    column: int | None
    stack: str


@dataclass(frozen=True, slots=True)
class ErrorPoint:
    """One bucket of a series."""

    start_us: int
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ErrorList:
    """Groups, the most frequent first, and the totals over all of them."""

    groups: Listing[ErrorGroup]
    totals: ErrorTotals


@dataclass(frozen=True, slots=True)
class ErrorsQuestion:
    """The groups of the scope."""

    scope: Scope
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse too long a part. Raises InvalidInputError."""
        self.part.check()

    def run(self, desk: Desk) -> ErrorList:
        """Return the groups asked for and the totals."""
        from footfall.reports.error_sql import make_groups

        groups = make_groups(desk)
        rows, total = ask_slice(
            desk, groups, [groups.errors.desc(), groups.message.asc()], self.part
        )
        listed = tuple(_read_group(row) for row in rows)
        return ErrorList(Listing(listed, total), _find_totals(desk))


@dataclass(frozen=True, slots=True)
class ErrorTotalsQuestion:
    """The totals of the scope."""

    scope: Scope

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> ErrorTotals:
        """Return the totals."""
        return _find_totals(desk)


@dataclass(frozen=True, slots=True)
class ErrorQuestion:
    """The occurrences of one message, the newest first."""

    scope: Scope
    message: str
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse no message, and too long a part. Raises InvalidInputError."""
        if not self.message:
            raise MissingFieldError("message")
        self.part.check()

    def run(self, desk: Desk) -> Listing[ErrorInstance]:
        """Return the occurrences asked for."""
        from footfall.reports.error_sql import make_instances

        rows = make_instances(desk, self.message)
        found, total = ask_slice(desk, rows, [rows.us.desc(), rows.event_id.desc()], self.part)
        return Listing(tuple(_read_instance(row) for row in found), total)


@dataclass(frozen=True, slots=True)
class ErrorSeriesQuestion:
    """How often errors happened in every bucket, all of them or those of one message."""

    scope: Scope
    interval: Interval
    message: str = ""

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> tuple[ErrorPoint, ...]:
        """Return one point for each bucket, those without an error included."""
        from footfall.reports.error_sql import make_series

        buckets = desk.buckets(self.interval)
        if not buckets.starts_us:
            return ()
        found = desk.ask(make_series(desk, self.message, buckets))
        counts = {int(index): int(count) for index, count in found}
        return tuple(
            ErrorPoint(start_us, label, counts.get(index, 0))
            for index, (start_us, label) in enumerate(
                zip(buckets.starts_us, buckets.labels, strict=True)
            )
        )


def _find_totals(desk: Desk) -> ErrorTotals:
    from footfall.reports.error_sql import make_affected, make_sessions, make_totals

    errors, messages = desk.ask(make_totals(desk))[0]
    sessions = desk.ask(make_sessions(desk))[0][0]
    affected = desk.ask(make_affected(desk))[0][0]
    return ErrorTotals(int(errors or 0), int(messages), int(affected), int(sessions))


def _read_group(row: Sequence[Any]) -> ErrorGroup:
    message, count, sessions, visitors, first_us, last_us = row
    return ErrorGroup(
        message, int(count), int(sessions), int(visitors), int(first_us), int(last_us)
    )


def _read_instance(row: Sequence[Any]) -> ErrorInstance:
    us, _, path, browser, browser_version, os, os_version, props = row
    details = _read_details(props)
    return ErrorInstance(
        int(us),
        path,
        f"{browser} {browser_version}".strip(),
        f"{os} {os_version}".strip(),
        details.text("filename"),
        details.whole("lineno"),
        details.whole("colno"),
        details.text("stack"),
    )


@dataclass(frozen=True, slots=True)
class _Details:
    """What the browser said beside the message; another door may have stored anything."""

    props: dict[str, Any]

    def text(self, key: str) -> str:
        value = self.props.get(key)
        return value if isinstance(value, str) else ""

    def whole(self, key: str) -> int | None:
        value = self.props.get(key)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return int(value) if is_number and value is not None else None


def _read_details(props: str) -> _Details:
    try:
        return _Details(msgspec.json.decode(props, type=dict[str, Any]) if props else {})
    except msgspec.DecodeError:
        return _Details({})
