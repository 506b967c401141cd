"""The words of our own query API. Unknown fields are refused; the OpenAPI document derives from
these types."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Operator = Literal["is", "is_not", "contains", "not_contains", "matches", "not_matches"]


class GoalBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Keeps the visits in which a page was seen or a custom event was sent within the range, or
    that were long enough; or names a saved goal by its `id`, and nothing else."""

    page: Annotated[str | None, Meta(description="Path, `*` allowed.")] = None
    event: Annotated[str | None, Meta(description="Name of a custom event, `*` allowed.")] = None
    props: Annotated[dict[str, str], Meta(description="Properties and their text form.")] = {}
    duration_s: Annotated[int | None, Meta(description="Seconds of the visit, at least.")] = None
    pageviews: Annotated[int | None, Meta(description="Pageviews of the visit, at least.")] = None
    id: Annotated[str | None, Meta(description="Id of a saved goal of the project.")] = None


class FilterBody(
    msgspec.Struct,
    forbid_unknown_fields=True,
    frozen=True,
    rename={"and_": "and", "or_": "or", "not_": "not"},
):
    """One condition: either `dimension`, `operator` and `values`, or exactly one of `and`, `or`,
    `not` and `goal`."""

    and_: Annotated["list[FilterBody] | UnsetType", Meta(description="All of them hold.")] = UNSET
    or_: Annotated["list[FilterBody] | UnsetType", Meta(description="One or more holds.")] = UNSET
    not_: Annotated["FilterBody | UnsetType", Meta(description="It does not hold.")] = UNSET
    goal: Annotated[
        GoalBody | UnsetType,
        Meta(
            description="Keeps the visits in which a `page` was seen or an `event` was sent, those "
            "of at least `duration_s` or `pageviews`, or those that reached a saved goal (`id`)."
        ),
    ] = UNSET
    dimension: Annotated[
        str | UnsetType, Meta(description="Name of a dimension, or `prop:<key>`.")
    ] = UNSET
    operator: Annotated[
        Operator | UnsetType,
        Meta(description="`matches` takes `*` for any run of characters. Case matters."),
    ] = UNSET
    values: Annotated[
        list[str] | UnsetType, Meta(description="Any of them; none of them for the negations.")
    ] = UNSET


class RangeBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Two dates, both included, or two instants, the end not included; ISO 8601."""

    start: str
    end: str


class OrderBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Sort by a metric or dimension of the query, or by `bucket`."""

    by: str
    direction: Literal["asc", "desc"] = "desc"


class QueryBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A question: metrics by dimensions over a range."""

    project: Annotated[str, Meta(description="Id or slug of the project.")]
    metrics: Annotated[list[str], Meta(description="Names of metrics, at least one.")]
    range: Annotated[
        str | RangeBody,
        Meta(description="`today`, `yesterday`, `7d`, any `<n>d`, `month`, `year`, or two dates."),
    ]
    dimensions: Annotated[list[str], Meta(description="Names of dimensions, or `prop:<key>`.")] = []
    filters: FilterBody | None = None
    interval: Annotated[
        Literal["minute", "hour", "day", "week", "month"] | None,
        Meta(description="Set: one row for each bucket, empty ones included."),
    ] = None
    timezone: Annotated[
        str | None, Meta(description="IANA name; the project's time zone when absent.")
    ] = None
    compare: Annotated[
        Literal["previous", "year"] | RangeBody | None,
        Meta(description="Set: every figure comes with that of an earlier range."),
    ] = None
    order: list[OrderBody] = []
    limit: Annotated[int, Meta(description="1 to 10000 rows, or series with an interval.")] = 100
    offset: int = 0
    bots: Annotated[
        Literal["exclude", "include", "only"], Meta(description="What to do with bots.")
    ] = "exclude"


Figures = dict[str, int | float | None]
"""Null: there is nothing to divide by."""


class SpanBody(msgspec.Struct, frozen=True):
    """A range as it was understood: instants in UTC, the end not included."""

    start: str
    end: str


class RowBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the answer."""

    dimensions: dict[str, str]
    metrics: Figures
    bucket: Annotated[
        str | None, Meta(description="First day of the bucket, or its first instant.")
    ] = None
    bucket_start: str | None = None
    partial: Annotated[
        bool, Meta(description="The bucket reaches outside the range or beyond now.")
    ] = False
    compare: Figures | None = None
    shares: Annotated[
        Figures | None, Meta(description="Share of the total over all rows, 0 to 1.")
    ] = None


class AnswerBody(msgspec.Struct, frozen=True):
    """The answer: rows of the page asked for, totals over all rows."""

    project: str
    range: SpanBody
    timezone: str
    rows: list[RowBody]
    totals: Figures
    total_rows: int
    compare_range: SpanBody | None = None
    compare_totals: Figures | None = None
    notes: list[str] = []


class DimensionBody(msgspec.Struct, frozen=True):
    """A dimension of the catalogue."""

    name: str
    title: str
    description: str
    level: Literal["event", "shared", "session"]


class MetricBody(msgspec.Struct, frozen=True):
    """A metric of the catalogue."""

    name: str
    title: str
    description: str
    unit: Literal["count", "fraction", "seconds", "money", "number"]


class CatalogueBody(msgspec.Struct, frozen=True):
    """Everything that can be asked for."""

    metrics: list[MetricBody]
    dimensions: list[DimensionBody]
    operators: list[str]
    intervals: list[str]
    ranges: list[str]


class FaultBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong; `field` names the part of the question."""

    code: str
    message: str
    field: str | None = None


class ErrorBody(msgspec.Struct, frozen=True):
    """The answer when there is none."""

    error: FaultBody
