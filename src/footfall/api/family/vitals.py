"""Web Vitals in the words of our API."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from footfall.api.family.family import Family
from footfall.api.family.scope import (
    ListBody,
    ReportBody,
    ScopeBody,
    parse_scope,
    parse_slice,
    render_scope,
)
from footfall.api.render import render_instant
from footfall.projects.project import Project
from footfall.reports.query import Interval
from footfall.reports.slice import Listing
from footfall.reports.vitals import (
    VitalFigures,
    VitalsByQuestion,
    VitalsLine,
    VitalsPoint,
    VitalsQuestion,
    VitalsSeriesQuestion,
)

VitalName = Literal["LCP", "FCP", "CLS", "INP", "TTFB"]
IntervalName = Literal["minute", "hour", "day", "week", "month"]


class VitalsBody(ScopeBody, frozen=True):
    """How fast pages felt."""


class VitalBody(msgspec.Struct, frozen=True):
    """One vital: milliseconds, CLS without unit; the verdict is over the 75th percentile. The last
    three say how many of the samples are good, need improvement, are poor."""

    p50: float
    p75: float
    p99: float
    samples: int
    rating: Literal["good", "needs-improvement", "poor"]
    good: int
    needs_improvement: int
    poor: int


class VitalsAnswer(ReportBody, frozen=True, kw_only=True):
    """The vitals that were measured, by name."""

    vitals: dict[str, VitalBody]


class VitalsByBody(ListBody, frozen=True, kw_only=True):
    """How fast pages felt, by page, country, device …"""

    dimension: Annotated[str, Meta(description="Name of a dimension, or `prop:<key>`.")] = "page"


class VitalsLineBody(msgspec.Struct, frozen=True):
    """One value of the dimension; null: this vital was not measured there."""

    value: str
    p75: dict[str, float | None]
    samples: int


class VitalsByAnswer(ReportBody, frozen=True, kw_only=True):
    """The lines asked for, the most measured first."""

    dimension: str
    rows: list[VitalsLineBody]
    total_rows: int


class VitalsSeriesBody(ScopeBody, frozen=True, kw_only=True):
    """One vital over time."""

    vital: VitalName
    interval: IntervalName = "day"


class VitalsPointBody(msgspec.Struct, frozen=True):
    """One bucket; null: nothing was measured in it."""

    bucket: str
    bucket_start: str
    p50: float | None
    p75: float | None
    p99: float | None
    samples: int


class VitalsSeriesAnswer(ReportBody, frozen=True, kw_only=True):
    """One row for each bucket, in the order of time."""

    vital: str
    rows: list[VitalsPointBody]


def _parse(body: VitalsBody, project: Project, now_us: int) -> VitalsQuestion:
    return VitalsQuestion(parse_scope(body, project, now_us))


def _render(
    figures: tuple[VitalFigures, ...], question: VitalsQuestion, project: Project
) -> VitalsAnswer:
    vitals: dict[str, VitalBody] = {
        f.vital: VitalBody(
            *(f.p50, f.p75, f.p99, f.samples, f.rating), f.good, f.needs_improvement, f.poor
        )
        for f in figures
    }
    return VitalsAnswer(**render_scope(question.scope, project), vitals=vitals)


def _parse_by(body: VitalsByBody, project: Project, now_us: int) -> VitalsByQuestion:
    return VitalsByQuestion(parse_scope(body, project, now_us), body.dimension, parse_slice(body))


def _render_by(
    listing: Listing[VitalsLine], question: VitalsByQuestion, project: Project
) -> VitalsByAnswer:
    return VitalsByAnswer(
        **render_scope(question.scope, project),
        dimension=question.dimension,
        rows=[
            VitalsLineBody(r.value, {str(vital): p75 for vital, p75 in r.p75.items()}, r.samples)
            for r in listing.rows
        ],
        total_rows=listing.total,
    )


def _parse_series(body: VitalsSeriesBody, project: Project, now_us: int) -> VitalsSeriesQuestion:
    scope = parse_scope(body, project, now_us)
    return VitalsSeriesQuestion(scope, body.vital, Interval(body.interval))


def _render_series(
    points: tuple[VitalsPoint, ...], question: VitalsSeriesQuestion, project: Project
) -> VitalsSeriesAnswer:
    rows = [
        VitalsPointBody(p.label, render_instant(p.start_us), p.p50, p.p75, p.p99, p.samples)
        for p in points
    ]
    return VitalsSeriesAnswer(
        **render_scope(question.scope, project), vital=question.vital, rows=rows
    )


VITALS = Family(
    name="vitals",
    title="Web Vitals",
    description="Quantiles of every vital, the verdict over its 75th percentile, and how many "
    "measurements were good, in need of improvement and poor.",
    body=VitalsBody,
    answer=VitalsAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "7d"},
)

VITALS_BY = Family(
    name="vitals-by",
    title="Web Vitals by dimension",
    description="The 75th percentile of every vital by page, device, country, browser or any "
    "other dimension.",
    body=VitalsByBody,
    answer=VitalsByAnswer,
    parse=_parse_by,
    render=_render_by,
    example={"project": "default", "range": "7d", "dimension": "device", "limit": 10},
)

VITALS_SERIES = Family(
    name="vitals-series",
    title="Web Vitals over time",
    description="Quantiles of one vital in every bucket of the range.",
    body=VitalsSeriesBody,
    answer=VitalsSeriesAnswer,
    parse=_parse_series,
    render=_render_series,
    example={"project": "default", "range": "7d", "vital": "LCP", "interval": "day"},
)
