"""Figures of submissions, counted where they are kept: how many came in, from where, and which of
the sources send what nobody wants. Days are UTC days; tests, blocked senders and programs are no
submissions and are counted apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from footfall.clock import US_PER_DAY, Clock
from footfall.errors import InvalidInputError
from footfall.leads.lead import COUNTED, Kind, Submission
from footfall.leads.table import SUBMISSIONS, day_of, load_submissions
from footfall.store.records import AtLeast, AtMost, OneOf, Record, Records

DAYS_MOST = 90

BOT_SHARE = 0.3
"""A source with a larger share of programs is conspicuous [PulseGate: moderation]."""

VPN_SHARE = 0.3
"""The same for suspected VPNs; their threshold is not documented."""

MEAN_SUSPICION = 50
REPEATS = 3
FAST_MS = 3_000

ROWS_MOST = 100

SENT: Final[tuple[Kind, ...]] = ("primary", "follow_up", "bot", "blocked")
"""Everything that strangers sent; only tests are left out."""

BASELINE_DAYS = 7
LEAST_MEAN = 3.0
"""Submissions a day below which a drop says nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    """Submissions of some days, today included, narrowed by what is not ''."""

    days: int = 30
    project_name: str = ""
    source: str = ""
    engagement_label: str = ""

    def check(self) -> None:
        """Raise InvalidInputError for days out of range."""
        if not 1 <= self.days <= DAYS_MOST:
            raise InvalidInputError(
                f"days is {self.days}; accepted are 1 to {DAYS_MOST}", field="days"
            )


@dataclass(frozen=True, slots=True)
class Totals:
    """Submissions by what they were taken for, and averages of the counted ones."""

    submissions: int
    primary: int
    follow_ups: int
    duplicates: int
    tests: int
    blocked: int
    bots: int
    engagement_score: float
    suspicion_score: float
    elapsed_s: float
    """Of the forms that tell it."""
    pages: float
    vpn_suspected: int


@dataclass(frozen=True, slots=True)
class Group:
    """Submissions with one value in common."""

    value: Any
    count: int
    marked: int = 0
    """Those that what is asked about holds for."""
    score: float = 0.0
    """Their mean suspicion."""

    @property
    def share(self) -> float:
        """The marked ones among all."""
        return self.marked / self.count if self.count else 0.0

    @property
    def is_suspicious(self) -> bool:
        """Tell whether their mean suspicion is conspicuous."""
        return self.score > MEAN_SUSPICION

    @property
    def has_many_bots(self) -> bool:
        """Tell it of the share of programs, where those are marked."""
        return self.share > BOT_SHARE

    @property
    def has_many_vpns(self) -> bool:
        """Tell it of the share of suspected VPNs, where those are marked."""
        return self.share > VPN_SHARE


@dataclass(frozen=True, slots=True)
class Drop:
    """Far fewer submissions within a day than before."""

    current: int
    mean: float
    days: int
    """Days the mean is made of."""


class LeadReports:
    """Counts submissions. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    def count_by(self, column: str, span: Span) -> list[Group]:
        """Return how many counted submissions have each value of a column; days in their order,
        anything else by number, then by name."""
        rows = self._tally(span, COUNTED, by=(column,))
        groups = [Group(row[column], row["count"]) for row in rows]
        return groups if column == "day" else sorted(groups, key=lambda g: (-g.count, g.value))

    def list_values(self, column: str, days: int) -> list[str]:
        """Return the values of a column that occur, A to Z, without ''."""
        rows = self._tally(Span(days), COUNTED, by=(column,))
        return sorted((row[column] for row in rows if row[column]), key=str.lower)

    def find_totals(self, span: Span) -> Totals:
        """Return totals and averages."""
        kinds: dict[str, int] = {
            row["kind"]: row["count"] for row in self._tally(span, None, by=("kind",))
        }
        sums = ("engagement_score", "suspicion_score", "pages", "is_duplicate", "is_vpn")
        counted = self._tally(span, COUNTED, sums=sums)[0]
        timed = self._tally(span, COUNTED, sums=("elapsed_ms",), is_timed=1)[0]
        count = counted["count"]
        return Totals(
            submissions=count,
            primary=kinds.get("primary", 0),
            follow_ups=kinds.get("follow_up", 0),
            duplicates=counted["is_duplicate"],
            tests=kinds.get("test", 0),
            blocked=kinds.get("blocked", 0),
            bots=kinds.get("bot", 0),
            engagement_score=_mean(counted["engagement_score"], count),
            suspicion_score=_mean(counted["suspicion_score"], count),
            elapsed_s=_mean(timed["elapsed_ms"], timed["count"] * 1_000),
            pages=_mean(counted["pages"], count),
            vpn_suspected=counted["is_vpn"],
        )

    def find_shares(self, column: str, mark: str, days: int) -> list[Group]:
        """Return the submissions by a column, with how many bear a mark (`is_bot`, `is_vpn`,
        `is_duplicate`) and how suspicious they are on average; the largest share first."""
        rows = self._tally(Span(days), SENT, by=(column,), sums=(mark, "suspicion_score"))
        groups = [
            Group(row[column], row["count"], row[mark], _mean(row["suspicion_score"], row["count"]))
            for row in rows
        ]
        return sorted(groups, key=lambda g: (-g.share, -g.score, -g.count, g.value))

    def find_repeating(self, days: int) -> list[Group]:
        """Return visitors that sent again and again, the busiest first."""
        rows = self._tally(Span(days), SENT, by=("visitor_id",), sums=("suspicion_score",))
        groups = [
            Group(
                row["visitor_id"],
                row["count"],
                score=_mean(row["suspicion_score"], row["count"]),
            )
            for row in rows
            if row["visitor_id"] and row["count"] >= REPEATS
        ]
        return sorted(groups, key=lambda g: (-g.count, g.value))[:ROWS_MOST]

    def list_fast(self, days: int) -> list[Submission]:
        """Return submissions that were sent faster than people type, newest first."""
        where = self._where(Span(days), SENT) | {"is_timed": 1, "elapsed_ms": AtMost(FAST_MS - 1)}
        return load_submissions(self._records, where, limit=ROWS_MOST)

    def list_apart(
        self, kinds: Sequence[Kind], *, limit: int, offset: int, project: int | None = None
    ) -> tuple[list[Submission], int]:
        """Return a page of submissions of some kinds, newest first, and how many there are: of
        one project (number), else of all."""
        where: dict[str, Any] = {"kind": OneOf(tuple(kinds))}
        if project is not None:
            where["project"] = project
        with self._records.transaction() as t:
            total = t.count(SUBMISSIONS, where)
        found = load_submissions(self._records, where, limit=limit, offset=offset)
        return found, total

    def find_drop(self, project: int) -> Drop | None:
        """Return that a project's submissions of the last 24 hours are below half of the mean of
        the seven days before; None when they are not, or when there is too little to say so."""
        now_us = self._clock.now_us()
        since_us = now_us - US_PER_DAY
        where: dict[str, Any] = {"kind": OneOf(COUNTED), "project": project}
        with self._records.transaction() as t:
            oldest = t.find(SUBMISSIONS, where, limit=1)
            begun_us = max(since_us - BASELINE_DAYS * US_PER_DAY, 0)
            all_of_both = t.count(SUBMISSIONS, {**where, "submitted_at_us": AtLeast(begun_us)})
            current = t.count(SUBMISSIONS, {**where, "submitted_at_us": AtLeast(since_us)})
        if not oldest or oldest[0]["submitted_at_us"] > begun_us + US_PER_DAY:
            return None
        mean = (all_of_both - current) / BASELINE_DAYS
        if mean < LEAST_MEAN or current >= mean / 2:
            return None
        return Drop(current, mean, BASELINE_DAYS)

    def _tally(
        self,
        span: Span,
        kinds: Sequence[Kind] | None,
        *,
        by: Sequence[str] = (),
        sums: Sequence[str] = (),
        is_timed: int | None = None,
    ) -> list[Record]:
        where = self._where(span, kinds)
        if is_timed is not None:
            where["is_timed"] = is_timed
        with self._records.transaction() as t:
            return t.tally(SUBMISSIONS, where, by=by, sums=sums)

    def _where(self, span: Span, kinds: Sequence[Kind] | None) -> dict[str, Any]:
        span.check()
        today = day_of(self._clock.now_us())
        where: dict[str, Any] = {"day": AtLeast(today - span.days + 1)}
        if kinds is not None:
            where["kind"] = OneOf(tuple(kinds))
        for name in ("project_name", "source", "engagement_label"):
            if value := getattr(span, name):
                where[name] = value
        return where


def _mean(total: float, count: int) -> float:
    return total / count if count else 0.0
