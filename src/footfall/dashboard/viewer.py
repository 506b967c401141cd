"""Who looks at the pages of a project: what they may see, and where their links lead. One set of
pages serves whoever signed in and whoever came by a shared link; this value is the difference."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from footfall.dashboard.panel import PANELS, Panel, find_panel
from footfall.dashboard.state import View
from footfall.errors import ForbiddenError, NotFoundError
from footfall.projects.project import Project

DIMENSION_MODULES: dict[str, str] = {
    **dict.fromkeys(("page", "title", "entry_page", "exit_page", "hostname"), "pageviews"),
    **dict.fromkeys(("channel", "source", "referrer", "referrer_host"), "referrers"),
    **dict.fromkeys(("utm_source", "utm_medium", "utm_campaign"), "utm"),
    **dict.fromkeys(("utm_content", "utm_term", "click_id"), "utm"),
    **dict.fromkeys(("country", "region", "city"), "geo"),
    **dict.fromkeys(("browser", "browser_version", "os", "os_version"), "devices"),
    **dict.fromkeys(("device", "screen", "language"), "devices"),
    "event": "events",
}
"""The module that a dimension belongs to. What stands not here is for nobody who is limited to
modules: a filter tells as much as a column."""

METRIC_MODULES: dict[str, str] = {
    **dict.fromkeys(("pageviews", "views_per_session", "time_on_page"), "pageviews"),
    **dict.fromkeys(("entries", "exits"), "pageviews"),
    **dict.fromkeys(("sessions", "bounce_rate", "session_duration"), "sessions"),
    **dict.fromkeys(("events", "revenue"), "events"),
}
"""The module that a metric belongs to. Visitors stand everywhere: each list counts them."""

REPORT_MODULES = frozenset(
    {
        *("goals", "funnels", "retention", "cohorts", "paths", "webvitals", "error_tracking"),
        *("heatmaps", "search", "scroll_depth"),
    }
)
"""Modules with a page of their own."""

PAGE_MODULES = REPORT_MODULES.union(
    DIMENSION_MODULES.values(), METRIC_MODULES.values(), ("realtime",)
)
"""Modules that the pages show something of."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody before the pages of one project."""

    name: str
    """What the page calls them."""
    home: str
    """Path of the project's overview as they reach it; all their links begin with it."""
    is_operator: bool = False
    is_guest: bool = False
    """True when a shared link brought them: nothing beside this project is theirs to see."""
    modules: frozenset[str] | None = None
    """The only modules they see; None: everything."""
    sees_people: bool = False
    """Leads are theirs to see; never a guest's."""
    frame_ancestors: tuple[str, ...] = ()
    """Origins whose pages may frame what they see."""

    def shows(self, module: str) -> bool:
        """Tell whether a module is theirs to see."""
        return self.modules is None or module in self.modules

    def shows_dimension(self, dimension: str) -> bool:
        """Tell whether they may see, or filter by, a dimension."""
        if self.modules is None:
            return True
        module = "events" if dimension.startswith("prop:") else DIMENSION_MODULES.get(dimension)
        return module is not None and self.shows(module)

    def shows_metric(self, metric: str) -> bool:
        """Tell whether they may see a metric."""
        if self.modules is None or metric == "visitors":
            return True
        module = METRIC_MODULES.get(metric)
        return module is not None and self.shows(module)

    def pick_metrics(self, metrics: Iterable[str]) -> tuple[str, ...]:
        """Return those of the metrics that they may see, or visitors."""
        return tuple(m for m in metrics if self.shows_metric(m)) or ("visitors",)

    def list_panels(self) -> tuple[Panel, ...]:
        """Return the panels with the tabs that they may see."""
        panels = (
            replace(p, tabs=tuple(t for t in p.tabs if self.shows_dimension(t.dimension)))
            for p in PANELS
        )
        return tuple(p for p in panels if p.tabs)

    def require_panel(self, key: str) -> Panel:
        """Return a panel that they may see. Raises NotFoundError."""
        if self.modules is None:
            return find_panel(key)
        for panel in self.list_panels():
            if panel.key == key:
                return panel
        raise NotFoundError("Report", key)

    def check_view(self, view: View) -> None:
        """Refuse a view that would tell what they may not see. Raises ForbiddenError."""
        hidden = [f.dimension for f in view.filters if not self.shows_dimension(f.dimension)]
        if not self.shows_metric(view.metric):
            hidden.append(view.metric)
        if view.goal and not self.shows("goals"):
            hidden.append("goal")
        if hidden:
            raise ForbiddenError(f"'{hidden[0]}' is not shown here.")


@dataclass(frozen=True, slots=True)
class Sight:
    """A viewer before a project."""

    viewer: Viewer
    project: Project
    projects: tuple[Project, ...] = ()
    """All that are theirs to see; () for a guest, who sees this one."""
