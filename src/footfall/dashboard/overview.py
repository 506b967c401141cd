"""What stands on the overview: figures, chart and panels, each asked for on its own, so that a
slow or failing one leaves the others standing."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from footfall.dashboard.chart import Chart, make_chart
from footfall.dashboard.figure import FACES, Change, Face, render_change, render_share, render_value
from footfall.dashboard.panel import EVENT_TAB, Tab, name_of, title_of
from footfall.dashboard.port import PropertyReader
from footfall.dashboard.screen import Screen
from footfall.dashboard.state import View
from footfall.errors import FootfallError
from footfall.reports.port import Reports
from footfall.reports.query import DimensionFilter, Result, Row, Value

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

BUDGET_S = 0.8
"""What is not answered by then comes later, in place of its skeleton."""
PANEL_ROWS = 8
ALWAYS = (
    "visitors",
    "sessions",
    "pageviews",
    "views_per_session",
    "bounce_rate",
    "session_duration",
)
WHEN_ANY = ("events", "revenue")
"""Metrics that not every site has: shown once they are not nothing."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """One metric button."""

    face: Face
    text: str
    change: Change | None
    is_chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a table."""

    value: str
    name: str
    cells: tuple[str, ...]
    share: str
    width: int
    """Length of the bar, 0 to 100; the longest row has 100."""
    is_nothing: bool
    include_url: str
    exclude_url: str


@dataclass(frozen=True, slots=True)
class TableView:
    """The rows of one dimension."""

    tab: Tab
    heads: tuple[str, ...]
    rows: tuple[RowView, ...]
    total_rows: int
    is_all_unknown: bool
    """True when there was something, but nobody knows its value."""
    has_share: bool
    share_help: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the page: there, still being computed, or failed."""

    content: object = None
    error: str = ""
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class HeadView:
    """Figures and chart."""

    figures: tuple[FigureView, ...]
    chart: Chart
    is_empty: bool
    """True when nothing at all happened in the period."""


async def load_head(reports: Reports, screen: Screen) -> HeadView:
    """Load figures and chart together; they are one card."""
    metrics = screen.viewer.pick_metrics((*ALWAYS, *WHEN_ANY))
    totals, series = await asyncio.gather(
        reports.run(screen.totals_query(metrics)),
        reports.run(screen.series_query(screen.view.metric)),
    )
    figures = tuple(_make_figures(screen, metrics, totals))
    chart = make_chart(FACES[screen.view.metric], series, screen.calendar.now_us)
    signs = [m for m in ("visitors", "pageviews", "events") if m in metrics]
    is_empty = not any(totals.totals[metrics.index(m)] for m in signs)
    return HeadView(figures, chart, is_empty)


def _make_figures(screen: Screen, metrics: Sequence[str], totals: Result) -> list[FigureView]:
    before: Sequence[Value] = totals.compare_totals or [None] * len(metrics)
    figures = []
    for metric, value, earlier in zip(metrics, totals.totals, before, strict=True):
        is_chosen = metric == screen.view.metric
        if metric in WHEN_ANY and not (value or earlier or is_chosen):
            continue
        face = FACES[metric]
        figures.append(
            FigureView(
                face=face,
                text=render_value(face.unit, value),
                change=_find_change(screen, face, value, earlier),
                is_chosen=is_chosen,
                url=screen.url(replace(screen.view, metric=metric)),
            )
        )
    return figures


def _find_change(screen: Screen, face: Face, value: Value, earlier: Value) -> Change | None:
    change = render_change(face, value, earlier)
    # More bots are neither good nor bad news.
    return replace(change, tone="flat") if change and screen.bots == "only" else change


async def load_table(
    reports: Reports, screen: Screen, tab: Tab, *, limit: int = PANEL_ROWS
) -> TableView:
    """Load the first rows of one tab."""
    metrics = screen.viewer.pick_metrics(tab.metrics)
    query = screen.table_query(tab.dimension, metrics, limit=limit)
    return make_table(screen, tab, await reports.run(query), limit=limit)


def make_table(screen: Screen, tab: Tab, result: Result, *, limit: int) -> TableView:
    """Turn the rows of a report into a table whose rows are filters."""
    faces = [FACES[m] for m in result.query.metrics]
    rows = list(result.rows)
    named = [r.metrics[0] or 0 for r in rows if r.dimensions[0] != ""]
    is_all_unknown = bool(rows) and not named
    if is_all_unknown:
        rows = []
    longest = max(named, default=0) or 1
    first = faces[0].title.lower()
    return TableView(
        tab=tab,
        heads=tuple(f.title for f in faces),
        rows=tuple(_make_row(screen, tab, r, faces, longest) for r in rows[:limit]),
        total_rows=result.total_rows,
        is_all_unknown=is_all_unknown,
        has_share=any(r.shares and r.shares[0] is not None for r in rows),
        share_help=f"Of all {first} in the period, not only of the rows shown",
    )


def _make_row(screen: Screen, tab: Tab, row: Row, faces: Sequence[Face], longest: float) -> RowView:
    value = row.dimensions[0]
    is_nothing = value == ""
    share = row.shares[0] if row.shares else None
    width = 0 if is_nothing else min(100, round((row.metrics[0] or 0) / longest * 100))
    include = DimensionFilter(tab.dimension, "is", (value,))
    exclude = _widen(screen.view, DimensionFilter(tab.dimension, "is_not", (value,)))
    return RowView(
        value=value,
        name=name_of(tab.dimension, value),
        cells=tuple(render_value(f.unit, v) for f, v in zip(faces, row.metrics, strict=True)),
        share=render_share(share),
        width=width,
        is_nothing=is_nothing,
        include_url=screen.url(screen.view.with_filter(include)),
        exclude_url=screen.url(screen.view.with_filter(exclude)),
    )


def _widen(view: View, added: DimensionFilter) -> DimensionFilter:
    """Excluding a second value keeps the first one out too."""
    for f in view.filters:
        if (f.dimension, f.operator) == (added.dimension, added.operator):
            values = (*f.values, *(v for v in added.values if v not in f.values))
            return DimensionFilter(f.dimension, f.operator, values)
    return added


def find_event_filter(view: View) -> str:
    """Return the one event the view is filtered by, or ''."""
    for f in view.filters:
        if f.dimension == "event" and f.operator == "is" and len(f.values) == 1:
            return f.values[0]
    return ""


async def load_properties(
    reports: Reports, properties: PropertyReader | None, screen: Screen
) -> tuple[TableView, ...]:
    """Load what the event of the filter carried, one table for each property (three at most)."""
    event = find_event_filter(screen.view)
    if properties is None or not event:
        return ()
    keys = (await properties.list_property_keys(screen.project.number, event))[:3]
    tables = [load_table(reports, screen, make_property_tab(key), limit=5) for key in keys]
    return tuple(await asyncio.gather(*tables))


def make_property_tab(key: str) -> Tab:
    """Return the tab that shows one property of events."""
    dimension = f"prop:{key}"
    return Tab(
        dimension,
        key,
        dimension,
        title_of(dimension),
        "Not given",
        EVENT_TAB.metrics,
        EVENT_TAB.full_metrics,
    )


async def load_parts(
    wanted: dict[str, Awaitable[object]], *, budget_s: float | None = None
) -> dict[str, Part]:
    """Await the pieces of a page side by side, for `budget_s` (`BUDGET_S`) seconds at most."""
    tasks = {key: asyncio.ensure_future(w) for key, w in wanted.items()}
    await asyncio.wait(tasks.values(), timeout=BUDGET_S if budget_s is None else budget_s)
    return {key: _read_part(task) for key, task in tasks.items()}


async def load_part(wanted: Awaitable[object]) -> Part:
    """Await one piece, however long it takes."""
    task = asyncio.ensure_future(wanted)
    await asyncio.wait([task])
    return _read_part(task)


def _read_part(task: "asyncio.Future[object]") -> Part:
    if not task.done():
        task.cancel()
        return Part(is_pending=True)
    error = task.exception()
    if error is None:
        return Part(task.result())
    if isinstance(error, FootfallError):
        return Part(error=error.message)
    _log.error("a part of the dashboard failed", exc_info=error)
    return Part(error="Something went wrong on our side; the server's log says what.")
