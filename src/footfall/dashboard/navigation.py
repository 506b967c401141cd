"""The left navigation: three groups, and only what exists."""

from dataclasses import dataclass

from footfall.dashboard.screen import ROOT
from footfall.dashboard.state import View, render_query
from footfall.dashboard.viewer import Viewer


@dataclass(frozen=True, slots=True)
class NavLink:
    """One entry."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Entries under one heading."""

    title: str
    links: tuple[NavLink, ...]


def make_navigation(viewer: Viewer, view: View | None = None) -> list[NavGroup]:
    """Return the groups. Links within a project keep the view that is open."""
    home, query = viewer.home, render_query(view) if view else ""
    analyse = [NavLink("overview", "Overview", home + query)]
    if viewer.shows("realtime"):
        analyse.append(NavLink("realtime", "Realtime", f"{home}/realtime"))
    analyse += [NavLink(p.key, p.title, f"{home}/{p.key}{query}") for p in viewer.list_panels()]
    if viewer.is_guest:
        return [NavGroup("Analyse", tuple(analyse))]
    act = [
        NavLink("experiments", "Experiments", f"{home}/experiments"),
        NavLink("surveys", "Surveys", f"{home}/surveys"),
    ]
    if viewer.is_operator:
        act.append(NavLink("forms", "Forms", f"{home}/forms"))
    run = [NavLink("bots", "Bots", f"{home}/bots{query}")]
    if viewer.is_operator:
        run.append(NavLink("alerts", "Alerts", f"{home}/alerts"))
        run.append(NavLink("settings", "Settings", f"{home}/settings"))
    run.append(NavLink("server", "What the server sees", f"{ROOT}/server"))
    return [
        NavGroup("Analyse", tuple(analyse)),
        NavGroup("Act", tuple(act)),
        NavGroup("Run", tuple(run)),
    ]
