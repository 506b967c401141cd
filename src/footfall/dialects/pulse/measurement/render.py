"""From reports of measurements to Pulse's answers. Nothing here can fail."""

from collections.abc import Iterable

from footfall.dialects.pulse.measurement.shape import (
    Click,
    ClickedPage,
    ErrorDay,
    ErrorGroup,
    ErrorInstance,
    ErrorStats,
    Heatmap,
    Number,
    Outlink,
    OutlinkPage,
    ScrolledPage,
    Search,
    Vital,
    VitalDay,
    VitalsPage,
)
from footfall.dialects.pulse.render import render_time
from footfall.reports import error, heatmap, link, scroll, site_search, vitals


def render_vitals(figures: Iterable[vitals.VitalFigures]) -> dict[str, Vital]:
    """Return the vitals by name."""
    return {
        f.vital: Vital(
            _number(f.vital, f.p50), _number(f.vital, f.p75), _number(f.vital, f.p99), f.rating
        )
        for f in figures
    }


def render_vitals_page(line: vitals.VitalsLine) -> VitalsPage:
    """Return the 75th percentiles of one page."""
    return VitalsPage(
        path=line.value,
        LCP_p75=_p75(line, "LCP"),
        FCP_p75=_p75(line, "FCP"),
        CLS_p75=_p75(line, "CLS"),
        INP_p75=_p75(line, "INP"),
        TTFB_p75=_p75(line, "TTFB"),
        samples=line.samples,
    )


def render_vital_days(vital: vitals.Vital, points: Iterable[vitals.VitalsPoint]) -> list[VitalDay]:
    """Return the days that have a measurement."""
    return [VitalDay(p.label, _number(vital, p.p75)) for p in points if p.p75 is not None]


def render_error_group(group: error.ErrorGroup) -> ErrorGroup:
    """Return one message."""
    return ErrorGroup(
        group.message,
        group.count,
        group.sessions,
        render_time(group.last_seen_us),
        render_time(group.first_seen_us),
    )


def render_error_instance(instance: error.ErrorInstance) -> ErrorInstance:
    """Return one error."""
    return ErrorInstance(
        timestamp=render_time(instance.ts_us),
        path=instance.path,
        filename=instance.filename or None,
        lineno=instance.line,
        colno=instance.column,
        stack=instance.stack or None,
        browser=instance.browser,
        os=instance.os,
    )


def render_error_days(points: Iterable[error.ErrorPoint]) -> list[ErrorDay]:
    """Return every day."""
    return [ErrorDay(p.label, p.count) for p in points]


def render_error_stats(totals: error.ErrorTotals) -> ErrorStats:
    """Return the totals; the rate in percent with one decimal."""
    rate = round(100 * (totals.error_rate or 0.0), 1)
    return ErrorStats(totals.errors, totals.messages, totals.affected_sessions, rate)


def render_heatmap(path: str, found: heatmap.Heatmap) -> Heatmap:
    """Return the clicks on one page."""
    clicks = [Click(p.x, p.y, p.selector, p.count) for p in found.points.rows]
    return Heatmap(path, clicks, found.total_clicks, found.viewport_width)


def render_clicked_page(page: heatmap.ClickedPage) -> ClickedPage:
    """Return one page."""
    return ClickedPage(page.path, page.clicks)


def render_search(term: site_search.SearchTerm) -> Search:
    """Return one term; the rate in percent with one decimal."""
    figures = term.figures
    mean, share = figures.mean_results, figures.share_without_results
    return Search(
        term.term,
        figures.searches,
        figures.visitors,
        None if mean is None else round(mean, 1),
        None if share is None else round(100 * share, 1),
    )


def render_scrolled_page(page: scroll.ScrolledPage) -> ScrolledPage:
    """Return one page; depths in percent with one decimal."""
    figures = page.figures
    return ScrolledPage(
        page.path,
        figures.visits,
        round(figures.mean_depth or 0.0, 1),
        round(figures.median_depth or 0.0, 1),
        *figures.reached,
    )


def render_outlink(found: link.Link) -> Outlink:
    """Return one link."""
    return Outlink(
        found.url,
        "download" if found.kind == "download" else "external",
        found.clicks,
        found.visitors,
        [OutlinkPage(page.path, page.clicks) for page in found.pages],
    )


def _p75(line: vitals.VitalsLine, vital: vitals.Vital) -> Number | None:
    value = line.p75[vital]
    return None if value is None else _number(vital, value)


def _number(vital: vitals.Vital, value: float) -> Number:
    """Milliseconds with one decimal, CLS with four, whole numbers without a point."""
    rounded = round(value, 4 if vital == "CLS" else 1)
    return int(rounded) if rounded.is_integer() else rounded
