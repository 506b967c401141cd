"""The full list behind a panel: search, order of size, paging; as a page, in a dialog, and as CSV.
The CSV holds what the list holds, figures as plain numbers."""

from dataclasses import dataclass

from litestar import Response, get

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.figure import FACES
from footfall.dashboard.overview import TableView, make_table
from footfall.dashboard.page import (
    AnyRequest,
    Page,
    find_headers,
    find_target,
    render_page,
    render_screen,
)
from footfall.dashboard.panel import Panel, Tab, name_of
from footfall.dashboard.place import load_countries, load_zones
from footfall.dashboard.screen import Screen
from footfall.dashboard.viewer import Sight
from footfall.errors import InvalidInputError
from footfall.http.csv import render_csv_line
from footfall.reports.query import Bots, DimensionFilter, Value

PAGE_ROWS = 50
CSV_ROWS = 10_000
"""Rows of a CSV from a page; larger exports have their own way."""


@dataclass(frozen=True, slots=True)
class ListView:
    """One page of a full list."""

    panel: Panel
    table: TableView
    search: str
    number: int
    pages: int
    first_row: int
    last_row: int


@get("/{panel_key:str}")
async def show_list(request: AnyRequest, door: TheDoor, sight: TheSight, panel_key: InPath) -> Page:
    """Show all rows of a panel's tab."""
    screen, panel, tab = await _open(door, request, sight, panel_key)
    asked = request.query_params
    search = asked.get("q", "").strip()
    number = _parse_page(asked.get("page", "1"))
    query = screen.table_query(
        tab.dimension,
        _pick_metrics(screen, tab),
        limit=PAGE_ROWS,
        offset=(number - 1) * PAGE_ROWS,
        also=make_search(tab, search),
    )
    result = await door.parts.reports.run(query)
    table = make_table(screen, tab, result, limit=PAGE_ROWS)
    pages = max(1, -(-result.total_rows // PAGE_ROWS))
    first = (number - 1) * PAGE_ROWS
    view = ListView(panel, table, search, number, pages, first + 1, first + len(table.rows))
    context = await make_context(door, sight, screen, panel.key)
    is_dialog = find_target(request).startswith("dialog")
    template = "part/list.html" if is_dialog or find_target(request) == "list" else "list.html"
    values = {**context, "list": view, "tab": tab, "is_dialog": is_dialog}
    return render_screen(template, screen, values)


@get("/csv/{panel_key:str}")
async def send_csv(
    request: AnyRequest, door: TheDoor, sight: TheSight, panel_key: InPath
) -> Response[bytes]:
    """Send all rows of a panel's tab as CSV."""
    screen, panel, tab = await _open(door, request, sight, panel_key)
    metrics = _pick_metrics(screen, tab)
    search = make_search(tab, request.query_params.get("q", "").strip())
    query = screen.table_query(tab.dimension, metrics, limit=CSV_ROWS, also=search)
    result = await door.parts.reports.run(query)
    heads = [tab.noun, *([f"{tab.noun} name"] if tab.dimension == "country" else [])]
    lines = [render_csv_line([*heads, *(FACES[m].title for m in metrics)])]
    for row in result.rows:
        value = row.dimensions[0]
        named = [name_of("country", value)] if tab.dimension == "country" else []
        lines.append(render_csv_line([value, *named, *(_plain(v) for v in row.metrics)]))
    name = f"{screen.project.slug}-{panel.key}-{tab.key}-{screen.period.first}-{screen.period.last}"
    disposition = f'attachment; filename="{name}.csv"'
    return Response(
        "".join(lines).encode("utf-8"),
        media_type="text/csv",
        headers={**find_headers(screen), "Content-Disposition": disposition},
    )


@get("/zones")
async def list_zones(sight: TheSight) -> Page:
    """Return the time zones as options for the date form."""
    return render_page("part/zones.html", {"zones": load_zones()})


async def _open(
    door: Door, request: AnyRequest, sight: Sight, panel_key: str
) -> tuple[Screen, Panel, Tab]:
    panel = sight.viewer.require_panel(panel_key)
    is_bots = request.query_params.get("bots") == "only" and not sight.viewer.is_guest
    bots: Bots = "only" if is_bots else "exclude"
    screen = await open_screen(door, request, sight, bots=bots)
    asked = request.query_params.get("tab", "") or screen.view.tab_of(panel.key)
    return screen, panel, panel.tab(asked)


def _pick_metrics(screen: Screen, tab: Tab) -> tuple[str, ...]:
    more = tuple(m for m in tab.full_metrics if m not in tab.metrics)
    return screen.viewer.pick_metrics(tab.metrics + more)


def make_search(tab: Tab, search: str) -> tuple[DimensionFilter, ...]:
    """Return the filter that a search means; countries are searched by name."""
    if not search:
        return ()
    if tab.dimension == "country":
        codes = [c for c, n in load_countries().items() if search.lower() in n.lower()]
        return (DimensionFilter("country", "is", tuple(codes) or (search,)),)
    return (DimensionFilter(tab.dimension, "contains", (search,)),)


def _parse_page(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100_000:
        raise InvalidInputError(f"'{text}' is no page; count from 1", field="page")
    return int(text)


def _plain(value: Value) -> Value:
    return value if value is None or isinstance(value, int) else round(value, 4)
