"""The left navigation: groups that fold, and only what exists. A report whose module is off stands
there for the operator, who can switch it on; nobody else sees it."""

from collections.abc import Collection
from dataclasses import dataclass

from footfall.dashboard.report import catalogue
from footfall.dashboard.report.catalogue import Report
from footfall.dashboard.screen import ROOT
from footfall.dashboard.state import View, render_query
from footfall.dashboard.viewer import Viewer
from footfall.projects.module import CORE_MODULES


@dataclass(frozen=True, slots=True)
class NavLink:
    """One entry."""

    key: str
    title: str
    url: str
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Entries under one heading."""

    title: str
    links: tuple[NavLink, ...]

    def has(self, key: str) -> bool:
        """Tell whether an entry stands in this group."""
        return any(link.key == key for link in self.links)


def make_navigation(
    viewer: Viewer, view: View | None = None, readable: Collection[str] | None = None
) -> list[NavGroup]:
    """Return the groups. Links within a project keep the view that is open. `readable` are the
    modules that are on; None: nobody knows, as outside a project."""
    home, query = viewer.home, render_query(view.elsewhere()) if view else ""
    modules = None if readable is None else {*readable, *CORE_MODULES}

    def add(*reports: Report) -> list[NavLink]:
        links = []
        for report in reports:
            is_off = modules is not None and report.module not in modules
            if viewer.shows(report.module) and (viewer.is_operator or not is_off):
                links.append(
                    NavLink(report.key, report.title, f"{home}/{report.key}{query}", is_off)
                )
        return links

    analyse = [NavLink("overview", "Overview", home + query)]
    if viewer.shows("realtime"):
        analyse.append(NavLink("realtime", "Realtime", f"{home}/realtime"))
    analyse += [NavLink(p.key, p.title, f"{home}/{p.key}{query}") for p in viewer.list_panels()]
    analyse += add(catalogue.CAMPAIGNS, catalogue.JOURNEYS, catalogue.RETENTION)
    convert = add(catalogue.GOALS, catalogue.FUNNELS)
    engage = add(catalogue.HEATMAP, catalogue.SCROLL, catalogue.SEARCH, catalogue.LINKS)
    quality = add(catalogue.VITALS, catalogue.ERRORS)
    run: list[NavLink] = []
    if not viewer.is_guest:
        convert.append(NavLink("experiments", "Experiments", f"{home}/experiments"))
        if viewer.is_operator:
            convert.append(NavLink("forms", "Forms", f"{home}/forms"))
        if viewer.sees_people:
            convert.append(NavLink("leads", "Leads", f"{home}/leads"))
        engage.append(NavLink("surveys", "Surveys", f"{home}/surveys"))
        if viewer.is_operator:
            engage.append(NavLink("recordings", "Recordings", f"{home}/recordings{query}"))
        run.append(NavLink("bots", "Bots", f"{home}/bots{query}"))
        if viewer.is_operator:
            run.append(NavLink("alerts", "Alerts", f"{home}/alerts"))
            run.append(NavLink("modules", "Modules", f"{home}/modules"))
            run.append(NavLink("settings", "Settings", f"{home}/settings"))
        run.append(NavLink("server", "What the server sees", f"{ROOT}/server"))
    groups = (
        ("Analyse", analyse),
        ("Convert", convert),
        ("Engage", engage),
        ("Quality", quality),
        ("Run", run),
    )
    return [NavGroup(title, tuple(links)) for title, links in groups if links]
