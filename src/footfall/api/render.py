"""From a result to the body of an answer."""

from collections.abc import Sequence

from footfall.api.wire import (
    AnswerBody,
    CatalogueBody,
    DimensionBody,
    ErrorBody,
    FaultBody,
    Figures,
    MetricBody,
    RowBody,
    SpanBody,
)
from footfall.errors import FootfallError, InvalidInputError
from footfall.model.time_range import TimeRange, from_us
from footfall.projects.project import Project
from footfall.reports.catalogue import DIMENSIONS, METRICS
from footfall.reports.filter import OPERATORS
from footfall.reports.query import Interval, Result, Row, Value
from footfall.reports.range import PRESETS


def render_result(result: Result, project: Project) -> AnswerBody:
    """Render a result in the words of our API."""
    query = result.query
    return AnswerBody(
        project=project.id,
        range=render_span(query.range),
        timezone=query.time_zone,
        rows=[_render_row(row, query.dimensions, query.metrics) for row in result.rows],
        totals=_render_figures(query.metrics, result.totals),
        total_rows=result.total_rows,
        compare_range=None if query.compare is None else render_span(query.compare),
        compare_totals=_render_some(query.metrics, result.compare_totals),
        notes=list(result.notes),
    )


def _render_row(row: Row, dimensions: Sequence[str], metrics: Sequence[str]) -> RowBody:
    return RowBody(
        dimensions=dict(zip(dimensions, row.dimensions, strict=True)),
        metrics=_render_figures(metrics, row.metrics),
        bucket=row.bucket,
        bucket_start=None if row.bucket_us is None else render_instant(row.bucket_us),
        partial=row.is_partial,
        compare=_render_some(metrics, row.compare),
        shares=_render_some(metrics, row.shares),
    )


def _render_figures(metrics: Sequence[str], values: Sequence[Value]) -> Figures:
    return dict(zip(metrics, values, strict=True))


def _render_some(metrics: Sequence[str], values: Sequence[Value] | None) -> Figures | None:
    return None if values is None else _render_figures(metrics, values)


def render_span(span: TimeRange) -> SpanBody:
    """Render a range: instants in UTC, the end not included."""
    return SpanBody(render_instant(span.start_us), render_instant(span.end_us))


def render_instant(us: int) -> str:
    """Render an instant in UTC, ISO 8601."""
    return from_us(us).isoformat().replace("+00:00", "Z")


def render_catalogue() -> CatalogueBody:
    """Render everything that can be asked for."""
    return CatalogueBody(
        metrics=[MetricBody(m.name, m.title, m.description, m.unit) for m in METRICS],
        dimensions=[
            DimensionBody(d.name, d.title, d.description, d.level.value) for d in DIMENSIONS
        ],
        operators=list(OPERATORS),
        intervals=[interval.value for interval in Interval],
        ranges=list(PRESETS),
    )


def render_error(error: FootfallError) -> ErrorBody:
    """Render an error. Faults of a store say nothing of our insides."""
    field = error.field if isinstance(error, InvalidInputError) else None
    message = error.message if error.code not in _INSIDE else "Footfall cannot answer right now."
    return ErrorBody(FaultBody(error.code, message, _FIELDS.get(field or "", field)))


_INSIDE = frozenset({"internal", "store_failed", "config"})

_FIELDS = {"filter": "filters"}
