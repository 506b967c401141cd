"""What is out of the ordinary in the last 24 hours, measured by the days before: many more visits,
or many of them behind a VPN [PulseGate]. Too little data raises no alarm, and every answer says how
many days there were to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from footfall.clock import US_PER_DAY
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange
from footfall.reports.family import Desk
from footfall.reports.scope import Scope

Severity = Literal["low", "medium", "high"]

DAYS_LIMIT = 90
DAYS_NEEDED = 3
"""With fewer days to compare with, a new site's second day would be an alarm."""

SPIKE_FACTOR = 2
"""More than so many times the mean is a spike."""
VPN_SHARE = 0.2
"""A larger share of visits behind a VPN is an anomaly."""
LEAST_VISITS = 20
"""Below, chance alone doubles a day."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One thing out of the ordinary."""

    kind: str
    severity: Severity
    message: str
    current: float
    baseline: float
    at_us: int

    @property
    def change_percent(self) -> float | None:
        """The change against the baseline; None when that is zero."""
        return (self.current - self.baseline) / self.baseline * 100 if self.baseline else None


@dataclass(frozen=True, slots=True)
class Anomalies:
    """What was found, and by how much history."""

    found: tuple[Anomaly, ...]
    baseline_days: int


@dataclass(frozen=True, slots=True)
class _Day:
    visits: int
    announced: int
    suspected: int


@dataclass(frozen=True, slots=True)
class AnomalyQuestion:
    """The last 24 hours against so many days before."""

    project: int
    now_us: int
    days: int = 7

    @property
    def scope(self) -> Scope:
        """The days and the last 24 hours."""
        # Asked before `check` has refused a number of days that makes no range.
        days = min(max(self.days, 0), DAYS_LIMIT)
        return Scope(
            self.project, TimeRange(self.now_us - (days + 1) * US_PER_DAY, self.now_us + 1)
        )

    def check(self) -> None:
        """Refuse too few or too many days. Raises InvalidInputError."""
        if not DAYS_NEEDED <= self.days <= DAYS_LIMIT:
            raise InvalidInputError(
                f"days is {self.days}; {DAYS_NEEDED} to {DAYS_LIMIT} are accepted", field="days"
            )

    def run(self, desk: Desk) -> Anomalies:
        """Return what was found; days before the first visit are no days to compare with."""
        from footfall.reports.anomaly_sql import make_days

        rows = {int(row[0]): _Day(*map(int, row[1:])) for row in desk.ask(make_days(desk))}
        today = rows.pop(self.days, _Day(0, 0, 0))
        first = min(rows, default=self.days)
        before = [rows.get(day, _Day(0, 0, 0)) for day in range(first, self.days)]
        if len(before) < DAYS_NEEDED:
            return Anomalies((), len(before))
        found = (_find_spike(today, before, self.now_us), _find_vpn(today, before, self.now_us))
        return Anomalies(tuple(a for a in found if a is not None), len(before))


def judge(past: float, threshold: float) -> Severity:
    """Return how bad it is to be past a threshold: high from twice of it on."""
    return "high" if past >= 2 * threshold else "medium"


def _find_spike(today: _Day, before: Sequence[_Day], now_us: int) -> Anomaly | None:
    mean = sum(day.visits for day in before) / len(before)
    threshold = SPIKE_FACTOR * mean
    if today.visits < LEAST_VISITS or today.visits <= threshold:
        return None
    return Anomaly(
        "traffic_spike",
        judge(today.visits, threshold),
        f"{today.visits} visits in the last 24 hours; {mean:.1f} a day in the {len(before)} days "
        "before",
        today.visits,
        mean,
        now_us,
    )


def _find_vpn(today: _Day, before: Sequence[_Day], now_us: int) -> Anomaly | None:
    if today.announced < LEAST_VISITS:
        return None
    share = today.suspected / today.announced
    if share <= VPN_SHARE:
        return None
    announced = sum(day.announced for day in before)
    usual = sum(day.suspected for day in before) / announced if announced else 0.0
    return Anomaly(
        "vpn_ratio",
        judge(share, VPN_SHARE),
        f"{share:.0%} of the visits of the last 24 hours look like a VPN; {usual:.0%} in the "
        f"{len(before)} days before",
        share,
        usual,
        now_us,
    )
