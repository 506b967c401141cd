"""What a view shows, as its URL says it, and back. The URL alone reproduces the view: period,
comparison, metric, interval, zone, filters, a saved goal and open tabs stand in it, defaults left
out, and beside them what a report of its own was asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import get_args
from urllib.parse import urlencode

from footfall.dashboard.figure import FACES
from footfall.dashboard.panel import DIMENSION_TITLES, PANELS, find_panel
from footfall.dashboard.period import COMPARISONS, DEFAULT_PRESET, PRESETS
from footfall.errors import InvalidInputError
from footfall.reports.query import And, DimensionFilter, Filter, Interval, Operator

OPERATORS: dict[str, str] = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "not_contains": "does not contain",
    "matches": "matches",
    "not_matches": "does not match",
}
"""Operators as the query knows them, and in words."""

OPPOSITE: dict[Operator, Operator] = {
    "is": "is_not",
    "is_not": "is",
    "contains": "not_contains",
    "not_contains": "contains",
    "matches": "not_matches",
    "not_matches": "matches",
}

FILTER_LIMIT = 20
"""More chips than anyone reads; a longer URL is a mistake."""

VALUE_LIMIT = 2048
"""The longest path we store."""

OWN_NAMES = (
    *("aim", "by", "cohort", "counts", "kind", "message", "path", "steps", "vital"),
    *("entry", "land", "longer", "score", "visitor"),
)
"""What single reports are asked for beside the view; another report does not take it along."""


@dataclass(frozen=True, slots=True)
class View:
    """The state of a page. Immutable: each link is this view with one thing changed."""

    preset: str = DEFAULT_PRESET
    """'' when two days were chosen by hand."""
    first: str = ""
    last: str = ""
    zone: str = ""
    """'' for the project's own zone."""
    comparison: str = "previous"
    metric: str = "visitors"
    interval: Interval | None = None
    filters: tuple[DimensionFilter, ...] = ()
    goal: str = ""
    """Id of a saved goal: only visits that reached it are looked at."""
    own: Mapping[str, str] = field(default_factory=dict)
    """By a name of OWN_NAMES; what is not given is ''."""
    is_embedded: bool = False
    """True inside a frame of another page: without navigation."""
    tabs: Mapping[str, str] = field(default_factory=dict)
    """Open tab by panel, where it is not the first."""

    def tab_of(self, panel: str) -> str:
        """Return the open tab of a panel, '' for its first."""
        return self.tabs.get(panel, "")

    def with_filter(self, added: DimensionFilter) -> "View":
        """Return the view filtered further; an equal filter is replaced, never doubled."""
        kept = [f for f in self.filters if (f.dimension, f.operator) != _kind(added)]
        return replace(self, filters=(*kept, added))

    def without_filter(self, removed: DimensionFilter) -> "View":
        """Return the view without this filter."""
        return replace(self, filters=tuple(f for f in self.filters if f != removed))

    def with_opposite(self, turned: DimensionFilter) -> "View":
        """Return the view with a filter turned from include to exclude or back."""
        opposite = replace(turned, operator=OPPOSITE[turned.operator])
        kept = [f for f in self.filters if _kind(f) != _kind(opposite)]
        return replace(self, filters=tuple(opposite if f == turned else f for f in kept))

    def with_tab(self, panel: str, tab: str) -> "View":
        """Return the view with another tab open."""
        others = {k: v for k, v in self.tabs.items() if k != panel}
        if tab != find_panel(panel).tabs[0].key:
            others[panel] = tab
        return replace(self, tabs=others)

    def own_of(self, name: str) -> str:
        """Return what the open report was asked for under a name of its own, '' for nothing."""
        return self.own.get(name, "")

    def with_own(self, **values: str) -> "View":
        """Return the view with the open report asked for something else."""
        return replace(self, own={k: v for k, v in {**self.own, **values}.items() if v})

    def elsewhere(self) -> "View":
        """Return what of the view another report takes along."""
        return replace(self, own={})

    def to_filter(self, *, also: Iterable[Filter] = ()) -> Filter | None:
        """Return the filter for a query: all of them hold."""
        all_of: tuple[Filter, ...] = (*self.filters, *also)
        if not all_of:
            return None
        return all_of[0] if len(all_of) == 1 else And(all_of)

    def has_filter_on(self, dimension: str) -> bool:
        """Tell whether a filter speaks of this dimension."""
        return any(f.dimension == dimension for f in self.filters)


def _kind(of: DimensionFilter) -> tuple[str, Operator]:
    return of.dimension, of.operator


def render_query(view: View, /, **extra: object) -> str:
    """Write a view as a query string, with '?', or '' when all is default."""
    pairs: list[tuple[str, str]] = []
    default = View()
    if view.preset:
        if view.preset != default.preset:
            pairs.append(("period", view.preset))
    else:
        pairs += [("from", view.first), ("to", view.last)]
    pairs += [("tz", view.zone)] if view.zone else []
    if view.comparison != default.comparison:
        pairs.append(("compare", view.comparison))
    if view.metric != default.metric:
        pairs.append(("metric", view.metric))
    if view.interval:
        pairs.append(("interval", view.interval.value))
    pairs += [(f"{f.operator}.{f.dimension}", v) for f in view.filters for v in f.values]
    pairs += [("goal", view.goal)] if view.goal else []
    pairs += sorted(view.tabs.items())
    pairs += sorted(view.own.items())
    pairs += [("embed", "1")] if view.is_embedded else []
    pairs += [(k, str(v)) for k, v in extra.items() if v]
    return "?" + urlencode(pairs, safe="/:") if pairs else ""


def parse_view(pairs: Iterable[tuple[str, str]]) -> View:
    """Read a view from the pairs of a query string; names it does not know are others' business.

    Raises InvalidInputError that names the parameter and quotes its value.
    """
    pairs = list(pairs)
    last_of = dict(pairs)
    first, last = last_of.get("from", ""), last_of.get("to", "")
    if bool(first) != bool(last):
        raise InvalidInputError("a period by hand needs both 'from' and 'to'", field="from")
    preset = "" if first else last_of.get("period") or DEFAULT_PRESET
    if preset:
        _check("period", preset, PRESETS)
    comparison = last_of.get("compare") or "previous"
    _check("compare", comparison, COMPARISONS)
    metric = last_of.get("metric") or "visitors"
    _check("metric", metric, FACES)
    interval = last_of.get("interval") or ""
    if interval:
        _check("interval", interval, [i.value for i in Interval])
    own = {name: last_of[name] for name in OWN_NAMES if last_of.get(name)}
    for name, value in own.items():
        if len(value) > VALUE_LIMIT:
            raise InvalidInputError(
                f"{name} has {len(value)} characters; {VALUE_LIMIT} are accepted", field=name
            )
    return View(
        preset=preset,
        first=first,
        last=last,
        zone=last_of.get("tz", ""),
        comparison=comparison,
        metric=metric,
        interval=Interval(interval) if interval else None,
        filters=parse_filters(pairs),
        goal=last_of.get("goal", "")[:VALUE_LIMIT],
        own=own,
        is_embedded=last_of.get("embed") == "1",
        tabs=_parse_tabs(last_of),
    )


def parse_filters(pairs: Iterable[tuple[str, str]]) -> tuple[DimensionFilter, ...]:
    """Read filters written as `is.country=DE`; the same name twice means either value."""
    found: dict[tuple[Operator, str], list[str]] = {}
    for name, value in pairs:
        word, dot, dimension = name.partition(".")
        operator = next((o for o in get_args(Operator) if o == word), None)
        if not dot or operator is None:
            continue
        if dimension not in DIMENSION_TITLES and not dimension.startswith("prop:"):
            raise InvalidInputError(
                f"'{dimension}' cannot be filtered by; use one of "
                f"{', '.join(DIMENSION_TITLES)} or prop:<name>",
                field=name,
            )
        if len(value) > VALUE_LIMIT:
            raise InvalidInputError(
                f"a filter of {len(value)} characters is too long; {VALUE_LIMIT} are accepted",
                field=name,
            )
        values = found.setdefault((operator, dimension), [])
        if value not in values:
            values.append(value)
    if len(found) > FILTER_LIMIT:
        raise InvalidInputError(
            f"{len(found)} filters are too many; {FILTER_LIMIT} are accepted", field="filter"
        )
    return tuple(DimensionFilter(d, o, tuple(values)) for (o, d), values in found.items())


def _parse_tabs(values: Mapping[str, str]) -> dict[str, str]:
    tabs = {}
    for panel in PANELS:
        key = values.get(panel.key, "")
        if key:
            _check(panel.key, key, [t.key for t in panel.tabs])
            if key != panel.tabs[0].key:
                tabs[panel.key] = key
    return tabs


def _check(name: str, value: str, accepted: Iterable[str]) -> None:
    accepted = list(accepted)
    if value not in accepted:
        raise InvalidInputError(
            f"{name}: '{value}' is not known; use one of {', '.join(accepted)}", field=name
        )
