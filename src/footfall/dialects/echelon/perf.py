"""Routes of measurements of builds."""

import asyncio
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter, SkipValidation

from footfall.dialects.echelon.access import READ, WRITE
from footfall.dialects.echelon.body import read_json
from footfall.dialects.echelon.render import render_number, render_time
from footfall.http.api_document import takes
from footfall.projects.performance import Measurement, Performance
from footfall.reports.check import load_zone
from footfall.reports.range import parse_start

ThePerformance = NamedDependency[SkipValidation[Performance]]
AnyRequest = Request[Any, Any, Any]
Since = Annotated[str | None, QueryParameter(description="From then on, ISO 8601.")]


class MeasurementBody(msgspec.Struct):
    """A measurement."""

    id: int
    recorded_at: str
    commit_hash: str | None
    branch: str | None
    category: str
    metric: str
    value: int | float
    unit: str
    metadata: Any


class NewMeasurement(msgspec.Struct):
    """A measurement to store."""

    category: str
    metric: str
    value: float
    unit: str
    commit_hash: str | None = None
    branch: str | None = None
    metadata: Any = None


class Inserted(msgspec.Struct):
    """How many were stored."""

    inserted: int


_NEW: Final = msgspec.json.Decoder(list[NewMeasurement])


@get("/api/perf", opt=READ, summary="List measurements")
async def list_measurements(
    performance: ThePerformance,
    category: FromQuery[str | None] = None,
    metric: FromQuery[str | None] = None,
    limit: FromQuery[int] = 100,
    since: Since = None,
) -> list[MeasurementBody]:
    """List measurements, newest first."""
    found = await asyncio.to_thread(
        performance.find,
        category=category or "",
        metric=metric or "",
        since_us=_parse_since(since),
        limit=limit,
    )
    return [_render(m) for m in found]


@post(
    "/api/perf",
    opt=takes(WRITE, list[NewMeasurement]),
    status_code=200,
    summary="Store measurements",
)
async def add_measurements(request: AnyRequest, performance: ThePerformance) -> Inserted:
    """Store up to a hundred measurements, all or none."""
    bodies = await read_json(request, _NEW)
    measurements = [Measurement(**msgspec.structs.asdict(body)) for body in bodies]
    return Inserted(await asyncio.to_thread(performance.add, measurements))


@get("/api/perf/trends", opt=READ, summary="Trends of measurements")
async def list_trends(
    performance: ThePerformance, limit: FromQuery[int] = 30, since: Since = None
) -> dict[str, list[MeasurementBody]]:
    """Return the latest of each metric, oldest first, by 'category/metric'."""
    trends = await asyncio.to_thread(
        performance.find_trends, since_us=_parse_since(since), limit=limit
    )
    return {f"{c}/{m}": [_render(one) for one in found] for (c, m), found in trends.items()}


def _parse_since(text: str | None) -> int | None:
    return parse_start(text, load_zone("UTC"), field="since") if text else None


def _render(measurement: Measurement) -> MeasurementBody:
    return MeasurementBody(
        measurement.number,
        render_time(measurement.recorded_at_us),
        measurement.commit_hash,
        measurement.branch,
        measurement.category,
        measurement.metric,
        render_number(float(measurement.value)),
        measurement.unit,
        measurement.metadata,
    )


PERF_ROUTES = (list_measurements, add_measurements, list_trends)
