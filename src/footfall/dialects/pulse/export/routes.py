"""The route of Pulse's CSV exports. A sheet is read part by part while it is sent, so that a long
one takes no more memory than a short one."""

from collections.abc import AsyncIterator
from dataclasses import replace

from litestar import get
from litestar.params import FromPath
from litestar.response import Stream

from footfall.dialects.pulse.access import ERRORS, reads
from footfall.dialects.pulse.core import DAYS_LIMIT, Period, Project, ReportsPort
from footfall.dialects.pulse.export.sheet import Sheet, find_sheet
from footfall.http.csv import render_csv_line
from footfall.http.stream import begin_stream
from footfall.model.time_range import TimeRange, from_us
from footfall.reports.port import Reports
from footfall.reports.query import Query

ROWS_AT_ONCE = 5_000
"""Some 2 MB of answer; a part takes a tenth of a second."""


@get("/api/v1/exports/{sheet:str}", opt=reads("exports"), responses=ERRORS, summary="CSV export")
async def export_sheet(
    sheet: FromPath[str], project: Project, reports: ReportsPort, period: Period
) -> Stream:
    """One of stats, pages, referrers, events, devices, geo, campaigns as a CSV file."""
    chosen = find_sheet(sheet)
    chunks = await begin_stream(_render_sheet(chosen, project, period, reports))
    disposition = f'attachment; filename="{_render_file_name(chosen, period)}"'
    return Stream(chunks, media_type="text/csv", headers={"Content-Disposition": disposition})


async def _render_sheet(
    sheet: Sheet, project: int, period: TimeRange, reports: Reports
) -> AsyncIterator[bytes]:
    query = Query(
        project,
        sheet.metrics,
        period,
        sheet.dimensions,
        sheet.filter,
        sheet.interval,
        limit=DAYS_LIMIT if sheet.interval else ROWS_AT_ONCE,
    )
    lines = [render_csv_line(sheet.columns)]
    while True:
        result = await reports.run(query)
        lines += [render_csv_line(sheet.render(row)) for row in result.rows]
        yield "".join(lines).encode()
        query = replace(query, offset=query.offset + ROWS_AT_ONCE)
        if sheet.interval or query.offset >= result.total_rows:
            return
        lines = []


def _render_file_name(sheet: Sheet, period: TimeRange) -> str:
    """The first and the last day, as the documents show."""
    start = from_us(period.start_us)
    end = from_us(max(period.end_us - 1, period.start_us))
    return f"{sheet.name}_{start:%Y-%m-%d}_{end:%Y-%m-%d}.csv"


EXPORT_ROUTES = (export_sheet,)
