"""One page being looked at: whose, which project, which view, which instants. It builds the
queries that the page asks and the links that change it; it renders nothing."""

from dataclasses import dataclass, replace

from footfall.dashboard.period import (
    Calendar,
    Period,
    choose_interval,
    find_days,
    find_intervals,
    make_period,
    parse_day,
)
from footfall.dashboard.place import parse_zone
from footfall.dashboard.state import View, render_query
from footfall.dashboard.viewer import Sight, Viewer
from footfall.model.time_range import TimeRange
from footfall.projects.project import Project
from footfall.reports.definition import Saved
from footfall.reports.query import Bots, DimensionFilter, Filter, GoalFilter, Interval, Order, Query
from footfall.reports.scope import Scope

ROOT = "/dashboard"
"""Where whoever signed in finds their pages."""
SHARED = "/shared"
"""Where a shared link leads, followed by its token."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page needs to ask and to link."""

    viewer: Viewer
    project: Project
    view: View
    period: Period
    calendar: Calendar
    bots: Bots = "exclude"
    place: str = ""
    """Path of the open report below the overview: 'goals'; '' for the overview itself."""
    goal: Saved[GoalFilter] | None = None
    """The goal that the view keeps to."""

    @property
    def home(self) -> str:
        """Path of the project's overview, as its viewer reaches it."""
        return self.viewer.home

    @property
    def path(self) -> str:
        """Path of what is being looked at: the overview of people or bots, or a report."""
        if self.place:
            return f"{self.home}/{self.place}"
        return f"{self.home}/bots" if self.bots == "only" else self.home

    @property
    def zone_name(self) -> str:
        """Name of the zone that days follow here."""
        return self.calendar.zone.key

    @property
    def interval(self) -> Interval:
        """Length of the chart's buckets: the chosen one where it fits, else what suits."""
        fitting = find_intervals(self.period.first, self.period.last)
        if self.view.interval in fitting:
            return self.view.interval
        return choose_interval(self.period.first, self.period.last)

    def url(self, view: View | None = None, /, **extra: object) -> str:
        """Return the link to a view of this page."""
        return self.path + render_query(view or self.view, **extra)

    def url_to(self, page: str, /, **extra: object) -> str:
        """Return the link to another page of the project, with this view."""
        extra = {"bots": "only" if self.bots == "only" else "", **extra}
        return f"{self.home}/{page}{render_query(self.view.elsewhere(), **extra)}"

    def scope(self, span: TimeRange | None = None, *, also: tuple[Filter, ...] = ()) -> Scope:
        """Return what a report is asked about: the period, or another span of time."""
        span = span or self.period.range
        return Scope(self.project.number, span, self.filter(also), self.zone_name, self.bots)

    def filter(self, also: tuple[Filter, ...] = ()) -> Filter | None:
        """Return what is looked at: the filters of the view, its goal, and what else is given."""
        goal = (self.goal.content,) if self.goal else ()
        return self.view.to_filter(also=(*goal, *also))

    def totals_query(self, metrics: tuple[str, ...]) -> Query:
        """Ask for figures of the whole period, with the ones before."""
        return Query(
            project=self.project.number,
            metrics=metrics,
            range=self.period.range,
            filter=self.filter(),
            time_zone=self.zone_name,
            compare=self.period.compare,
            bots=self.bots,
        )

    def series_query(self, metric: str) -> Query:
        """Ask for one metric over time."""
        return Query(
            project=self.project.number,
            metrics=(metric,),
            range=self.period.chart,
            filter=self.filter(),
            interval=self.interval,
            time_zone=self.zone_name,
            compare=self.period.chart_compare,
            limit=5000,
            bots=self.bots,
        )

    def table_query(
        self,
        dimension: str,
        metrics: tuple[str, ...],
        *,
        limit: int,
        offset: int = 0,
        also: tuple[DimensionFilter, ...] = (),
    ) -> Query:
        """Ask for the rows of one dimension, largest first."""
        return Query(
            project=self.project.number,
            metrics=metrics,
            dimensions=(dimension,),
            range=self.period.range,
            filter=self.filter(also),
            time_zone=self.zone_name,
            order=(Order(metrics[0]),),
            limit=limit,
            offset=offset,
            bots=self.bots,
        )


def make_screen(
    sight: Sight,
    view: View,
    now_us: int,
    *,
    first_us: int | None = None,
    bots: Bots = "exclude",
    place: str = "",
    goal: Saved[GoalFilter] | None = None,
) -> Screen:
    """Resolve a view against a project and the clock.

    `first_us` is the project's first event, needed for all time.
    Raises InvalidInputError for a day or zone that does not exist, ForbiddenError for a view of
    what the viewer may not see.
    """
    viewer, project = sight.viewer, sight.project
    viewer.check_view(view)
    zone = parse_zone(view.zone or project.time_zone or "UTC")
    calendar = Calendar(zone, now_us)
    if view.preset:
        days = find_days(view.preset, calendar, first_us)
    else:
        days = parse_day(view.first, "from"), parse_day(view.last, "to")
    period = make_period(view.preset, days, calendar, view.comparison)
    clean = replace(
        view,
        zone="" if view.zone == project.time_zone else view.zone,
        is_embedded=view.is_embedded and bool(viewer.frame_ancestors),
    )
    return Screen(viewer, project, clean, period, calendar, bots, place, goal)


LONGEST_US = 20 * 366 * 86_400_000_000
"""Nothing on the web that anyone asks us about is older than twenty years."""


def make_longest_range(now_us: int) -> TimeRange:
    """Return everything up to now."""
    return TimeRange(now_us - LONGEST_US, now_us + 1)


def make_history_query(project: Project, span: TimeRange, interval: Interval) -> Query:
    """Ask in which buckets of a span anything happened at all, bots included."""
    query = make_presence_query(project, span.end_us)
    return replace(query, range=span, interval=interval, limit=500)


def make_presence_query(project: Project, now_us: int) -> Query:
    """Ask whether anything happened at all, bots included."""
    return Query(
        project=project.number,
        metrics=("signals",),
        range=make_longest_range(now_us),
        bots="include",
    )
