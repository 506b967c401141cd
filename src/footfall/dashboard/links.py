"""The links and chips around a view: presets, comparisons, intervals, filters."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote

from footfall.dashboard.panel import DIMENSION_TITLES, name_of, title_of
from footfall.dashboard.period import COMPARISONS, PRESETS, choose_interval, find_intervals
from footfall.dashboard.screen import Screen
from footfall.dashboard.state import OPERATORS, OPPOSITE, View, render_query


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several links, of which one is chosen."""

    key: str
    title: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that can be turned around or removed."""

    title: str
    operator: str
    value: str
    turned: str
    turn_url: str
    remove_url: str


def recording_link(home: str, session_id: str) -> str:
    """Return where the recording of a visit is played; `home` is the viewer's of the project."""
    return f"{home}/recordings/{quote(session_id, safe='')}"


def make_links(screen: Screen) -> dict[str, Any]:
    """Return everything the toolbar and the chips link to, by template name."""
    view = screen.view
    bare = replace(view, filters=(), goal="")
    dateless = replace(view, preset="", first="", last="", zone="")
    return {
        "chips": _make_chips(screen),
        "goalless_url": screen.url(replace(view, goal="")),
        "clear_url": screen.url(bare),
        "all_time_view": replace(view, preset="all", first="", last="", interval=None),
        "preset_links": [
            Choice(key, title, screen.url(_with_preset(view, key)), key == view.preset)
            for key, title in PRESETS.items()
        ],
        "comparison_links": [
            Choice(key, title, screen.url(replace(view, comparison=key)), key == view.comparison)
            for key, title in COMPARISONS.items()
        ],
        "interval_links": _make_intervals(screen),
        "state_pairs": _pairs(view),
        "dateless_pairs": [p for p in _pairs(dateless) if p[0] not in {"from", "to"}],
        "dimension_titles": {
            name: title
            for name, title in DIMENSION_TITLES.items()
            if screen.viewer.shows_dimension(name)
        },
        "operators": OPERATORS,
        "project_query": render_query(replace(view, filters=(), zone="", goal="", own={})),
    }


def _pairs(view: View) -> list[tuple[str, str]]:
    return parse_qsl(render_query(view).removeprefix("?"), keep_blank_values=True)


def _with_preset(view: View, preset: str) -> View:
    return replace(view, preset=preset, first="", last="", interval=None)


def _make_intervals(screen: Screen) -> list[Choice]:
    first, last = screen.period.first, screen.period.last
    usual = choose_interval(first, last)
    return [
        Choice(
            i.value,
            i.value.capitalize(),
            screen.url(replace(screen.view, interval=None if i is usual else i)),
            i is screen.interval,
        )
        for i in find_intervals(first, last)
    ]


def _make_chips(screen: Screen) -> list[Chip]:
    chips = []
    for f in screen.view.filters:
        value = " or ".join(name_of(f.dimension, v) for v in f.values)
        title = title_of(f.dimension)
        chips.append(
            Chip(
                title=title,
                operator=OPERATORS[f.operator],
                value=value,
                turned=f"{title} {OPERATORS[OPPOSITE[f.operator]]} {value}",
                turn_url=screen.url(screen.view.with_opposite(f)),
                remove_url=screen.url(screen.view.without_filter(f)),
            )
        )
    return chips
