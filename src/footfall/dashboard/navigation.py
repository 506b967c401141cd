"""The left navigation: three groups, and only what exists."""

from dataclasses import dataclass

from footfall.dashboard.panel import PANELS
from footfall.dashboard.port import DashboardUser
from footfall.dashboard.screen import ROOT, Screen
from footfall.dashboard.state import render_query


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


def make_navigation(screen: Screen | None, user: DashboardUser, home: str) -> list[NavGroup]:
    """Return the groups. Links within a project keep the view that is open."""
    query = render_query(screen.view) if screen else ""
    analyse = [
        NavLink("overview", "Overview", home + query),
        NavLink("realtime", "Realtime", f"{home}/realtime"),
        *(NavLink(p.key, p.title, f"{home}/{p.key}{query}") for p in PANELS),
    ]
    act = [NavLink("experiments", "Experiments", f"{home}/experiments")]
    run = [NavLink("bots", "Bots", f"{home}/bots{query}")]
    if user.is_operator:
        run.append(NavLink("settings", "Settings", f"{home}/settings"))
    run.append(NavLink("server", "What the server sees", f"{ROOT}/server"))
    return [
        NavGroup("Analyse", tuple(analyse)),
        NavGroup("Act", tuple(act)),
        NavGroup("Run", tuple(run)),
    ]
