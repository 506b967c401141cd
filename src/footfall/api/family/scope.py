"""What every family of reports is asked with: project, range, time zone, filters, bots."""

from typing import Annotated, Literal, TypedDict

import msgspec
from msgspec import Meta

from footfall.api.parse import parse_filters, parse_span
from footfall.api.render import render_span
from footfall.api.wire import FilterBody, RangeBody, SpanBody
from footfall.projects.project import Project
from footfall.reports.scope import Scope
from footfall.reports.slice import Slice


class ScopeBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The events that a report looks at."""

    project: Annotated[str, Meta(description="Id or slug of the project.")]
    range: Annotated[
        str | RangeBody,
        Meta(description="`today`, `yesterday`, `7d`, any `<n>d`, `month`, `year`, or two dates."),
    ]
    filters: FilterBody | None = None
    timezone: Annotated[
        str | None, Meta(description="IANA name; the project's time zone when absent.")
    ] = None
    bots: Annotated[
        Literal["exclude", "include", "only"], Meta(description="What to do with bots.")
    ] = "exclude"


class ListBody(ScopeBody, frozen=True, kw_only=True):
    """A part of a list over the scope."""

    limit: Annotated[int, Meta(description="1 to 10000 rows.")] = 100
    offset: Annotated[int, Meta(description="Rows to skip.")] = 0


class ReportBody(msgspec.Struct, frozen=True, kw_only=True):
    """What every answer begins with: the question as it was understood."""

    project: str
    range: SpanBody
    timezone: str


def parse_scope(body: ScopeBody, project: Project, now_us: int) -> Scope:
    """Turn the common part of a body into a scope.

    Raises InvalidInputError that names the field.
    """
    zone_name = project.time_zone if body.timezone is None else body.timezone
    return Scope(
        project=project.number,
        range=parse_span(body.range, zone_name, now_us),
        filter=parse_filters(body.filters),
        time_zone=zone_name,
        bots=body.bots,
    )


def parse_slice(body: ListBody) -> Slice:
    """Return the part of the list that is asked for; `Slice.check` refuses what is too much."""
    return Slice(body.limit, body.offset)


class ScopeFields(TypedDict):
    """The fields of a ReportBody."""

    project: str
    range: SpanBody
    timezone: str


def render_scope(scope: Scope, project: Project) -> ScopeFields:
    """Return what every answer begins with."""
    return {
        "project": project.id,
        "range": render_span(scope.range),
        "timezone": scope.time_zone,
    }
