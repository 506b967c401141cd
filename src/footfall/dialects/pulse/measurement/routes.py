"""Routes of Pulse's reports of measurements: web vitals, errors, heatmaps; and those that its
document leaves out although it collects the events: searches, scroll depth, outgoing links."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from footfall.dialects.pulse.access import ERRORS, QUERY, reads
from footfall.dialects.pulse.core import Offset, Period, Project, ReportsPort, Rows
from footfall.dialects.pulse.measurement.render import (
    render_clicked_page,
    render_error_days,
    render_error_group,
    render_error_instance,
    render_error_stats,
    render_heatmap,
    render_outlink,
    render_scrolled_page,
    render_search,
    render_vital_days,
    render_vitals,
    render_vitals_page,
)
from footfall.dialects.pulse.measurement.shape import (
    ClickedPageList,
    ErrorDetail,
    ErrorGroupList,
    ErrorSeries,
    ErrorStats,
    Heatmap,
    OutlinkList,
    ScrolledPageList,
    SearchList,
    Vitals,
    VitalSeries,
    VitalsPageList,
)
from footfall.dialects.pulse.parse import MESSAGE_LIMIT
from footfall.errors import MissingFieldError
from footfall.http.paging import Page, parse_page
from footfall.reports.error import (
    ErrorQuestion,
    ErrorSeriesQuestion,
    ErrorsQuestion,
    ErrorTotalsQuestion,
)
from footfall.reports.heatmap import HeatmapPagesQuestion, HeatmapQuestion
from footfall.reports.link import LinksQuestion
from footfall.reports.query import DimensionFilter, Interval
from footfall.reports.scope import Scope
from footfall.reports.scroll import ScrollQuestion
from footfall.reports.site_search import SearchQuestion
from footfall.reports.slice import Slice
from footfall.reports.vitals import (
    VitalsByQuestion,
    VitalsQuestion,
    VitalsSeriesQuestion,
    parse_vital,
)

INSTANCES = 20
"""Errors of one message when the caller does not say [original]."""

PLACES = Slice(10_000)
"""Pixels of one heatmap, the most clicked first; the total counts all clicks. The document knows
no limit, and more places than that are no picture."""

VITALS = reads("webvitals")
ERROR_TRACKING = reads("error_tracking")
HEATMAPS = reads("heatmaps")

Path = Annotated[str | None, QueryParameter(description="Required. Path of the page.")]


@get("/api/v1/webvitals", opt=VITALS, responses=ERRORS, summary="Web Vitals")
async def get_vitals(project: Project, reports: ReportsPort, period: Period) -> Vitals:
    """Percentiles of every vital that was measured, and the verdict over the 75th."""
    return Vitals(render_vitals(await reports.ask(VitalsQuestion(Scope(project, period)))))


@get("/api/v1/webvitals/pages", opt=VITALS, responses=ERRORS, summary="Web Vitals by page")
async def list_vitals_pages(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> VitalsPageList:
    """The 75th percentile of every vital by page."""
    question = VitalsByQuestion(Scope(project, period), part=_slice(rows))
    found = await reports.ask(question)
    return VitalsPageList([render_vitals_page(line) for line in found.rows])


@get("/api/v1/webvitals/timeseries", opt=VITALS, responses=ERRORS, summary="Daily Web Vital")
async def get_vital_series(
    project: Project,
    reports: ReportsPort,
    period: Period,
    metric: Annotated[
        str | None, QueryParameter(description="Required. One of LCP, FCP, CLS, INP, TTFB.")
    ] = None,
) -> VitalSeries:
    """The 75th percentile of one vital on every day on which it was measured."""
    vital = parse_vital(_require(metric, "metric"), field="metric")
    points = await reports.ask(VitalsSeriesQuestion(Scope(project, period), vital, Interval.DAY))
    return VitalSeries(vital, render_vital_days(vital, points))


@get("/api/v1/errors", opt=ERROR_TRACKING, responses=ERRORS, summary="Errors")
async def list_errors(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> ErrorGroupList:
    """Error messages by how often they occurred."""
    found = await reports.ask(ErrorsQuestion(Scope(project, period), _slice(rows)))
    return ErrorGroupList([render_error_group(group) for group in found.groups.rows])


@get("/api/v1/errors/detail", opt=ERROR_TRACKING, responses=ERRORS, summary="One error")
async def get_error(  # a parameter of the request each
    project: Project,
    reports: ReportsPort,
    period: Period,
    message: Annotated[
        str | None, QueryParameter(description="Required. The message, to the letter.")
    ] = None,
    limit: Annotated[
        int | None, QueryParameter(description="Rows. Default 20, at most 1000.")
    ] = None,
    offset: Offset = None,
) -> ErrorDetail:
    """The occurrences of one message, the newest first."""
    message = _require(message, "message")
    part = _slice(parse_page(limit, offset, default=INSTANCES))
    # Messages are stored up to this length.
    question = ErrorQuestion(Scope(project, period), message[:MESSAGE_LIMIT], part)
    found = await reports.ask(question)
    return ErrorDetail(message, [render_error_instance(one) for one in found.rows])


@get("/api/v1/errors/timeseries", opt=ERROR_TRACKING, responses=ERRORS, summary="Daily errors")
async def get_error_series(
    project: Project,
    reports: ReportsPort,
    period: Period,
    message: Annotated[
        str | None, QueryParameter(description="Only errors with this message.")
    ] = None,
) -> ErrorSeries:
    """Errors of each day."""
    scope, only = Scope(project, period), (message or "")[:MESSAGE_LIMIT]
    points = await reports.ask(ErrorSeriesQuestion(scope, Interval.DAY, only))
    return ErrorSeries(render_error_days(points))


@get("/api/v1/errors/stats", opt=ERROR_TRACKING, responses=ERRORS, summary="Error totals")
async def get_error_stats(project: Project, reports: ReportsPort, period: Period) -> ErrorStats:
    """How many errors and messages, and how many sessions they touched."""
    return render_error_stats(await reports.ask(ErrorTotalsQuestion(Scope(project, period))))


@get("/api/v1/heatmaps", opt=HEATMAPS, responses=ERRORS, summary="Heatmap of a page")
async def get_heatmap(
    project: Project,
    reports: ReportsPort,
    period: Period,
    path: Path = None,
    device: Annotated[
        str | None, QueryParameter(description="Only Desktop, Mobile or Tablet. Footfall's own.")
    ] = None,
) -> Heatmap:
    """Where people clicked on a page, in pixels from its top left corner."""
    path = _require(path, "path").partition("?")[0]
    only = DimensionFilter("device", "is", (device,)) if device else None
    found = await reports.ask(HeatmapQuestion(Scope(project, period, only), path, PLACES))
    return render_heatmap(path, found)


@get("/api/v1/heatmaps/stats", opt=HEATMAPS, responses=ERRORS, summary="Pages by clicks")
async def list_clicked_pages(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> ClickedPageList:
    """Pages by their clicks."""
    found = await reports.ask(HeatmapPagesQuestion(Scope(project, period), _slice(rows)))
    return ClickedPageList([render_clicked_page(page) for page in found.rows])


@get("/api/v1/search", opt=reads("search"), responses=ERRORS, summary="Searches")
async def list_searches(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> SearchList:
    """Terms that were searched for on the site. Footfall's own."""
    found = await reports.ask(SearchQuestion(Scope(project, period), _slice(rows)))
    return SearchList([render_search(term) for term in found.terms.rows], found.terms.total)


@get("/api/v1/scroll", opt=reads("scroll_depth"), responses=ERRORS, summary="Scroll depth")
async def list_scrolled_pages(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> ScrolledPageList:
    """How far pages were scrolled. Footfall's own."""
    found = await reports.ask(ScrollQuestion(Scope(project, period), _slice(rows)))
    pages = [render_scrolled_page(page) for page in found.pages.rows]
    return ScrolledPageList(pages, found.pages.total)


@get("/api/v1/outlinks", opt=QUERY, responses=ERRORS, summary="Outgoing links, downloads")
async def list_outlinks(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> OutlinkList:
    """Links that lead away and files that were downloaded. Footfall's own."""
    found = await reports.ask(LinksQuestion(Scope(project, period), part=_slice(rows)))
    return OutlinkList([render_outlink(one) for one in found.links.rows], found.links.total)


def _slice(page: Page) -> Slice:
    return Slice(page.limit, page.offset)


def _require(text: str | None, field: str) -> str:
    if not text:
        raise MissingFieldError(field)
    return text


MEASUREMENT_ROUTES = (
    get_vitals,
    list_vitals_pages,
    get_vital_series,
    list_errors,
    get_error,
    get_error_series,
    get_error_stats,
    get_heatmap,
    list_clicked_pages,
    list_searches,
    list_scrolled_pages,
    list_outlinks,
)
