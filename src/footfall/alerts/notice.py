"""What may be said about a project's traffic, and to whom it is said. How it is worded for a
receiver's programs is the business of the door whose webhooks they are: `Wording`."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, get_args

from footfall.alerts.rule import AlertRule
from footfall.projects.project import Project

EventName = Literal["traffic_spike", "zero_traffic", "daily_summary"]

EVENT_NAMES: tuple[EventName, ...] = get_args(EventName)


@dataclass(frozen=True, slots=True)
class TrafficSpike:
    """Far more visitors are here than usual."""

    event: ClassVar[EventName] = "traffic_spike"
    active_visitors: int
    average: float
    """Active visitors at this time of day, the mean of the days before."""
    days: int
    """How many days the mean has."""


@dataclass(frozen=True, slots=True)
class ZeroTraffic:
    """Nobody has seen a page for a while, at an hour that usually has traffic."""

    event: ClassVar[EventName] = "zero_traffic"
    minutes: int
    usual_pageviews: float
    """Pageviews in these minutes of the day, the mean of the days before."""


@dataclass(frozen=True, slots=True)
class DailySummary:
    """The figures of one day, UTC."""

    event: ClassVar[EventName] = "daily_summary"
    start_us: int
    pageviews: int
    visitors: int
    sessions: int
    bounce_rate: float | None
    """Share of visits with at most one pageview, 0 to 1."""
    duration_s: float | None
    """Mean seconds of a visit."""


Notice = TrafficSpike | ZeroTraffic | DailySummary


@dataclass(frozen=True, slots=True)
class Alarm:
    """A rule that was met."""

    rule: AlertRule
    project: Project
    value: float
    at_us: int


class Wording(Protocol):
    """Words notices for receivers' programs: the body that is posted."""

    def render_alarm(self, alarm: Alarm) -> str:
        """Return the body for a rule that was met."""
        ...

    def render_notice(self, notice: Notice, project: Project, at_us: int) -> str:
        """Return the body for something about a project's traffic."""
        ...

    def render_test(self, project: Project, at_us: int) -> str:
        """Return the body of a trial."""
        ...
