"""JavaScript errors in the words of our API."""

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
from footfall.reports.error import (
    ErrorInstance,
    ErrorList,
    ErrorPoint,
    ErrorQuestion,
    ErrorSeriesQuestion,
    ErrorsQuestion,
)
from footfall.reports.query import Interval
from footfall.reports.slice import Listing


class ErrorsBody(ListBody, frozen=True, kw_only=True):
    """Errors that scripts on the pages ran into."""


class ErrorGroupBody(msgspec.Struct, frozen=True):
    """All errors with one message. `share` is of all errors, 0 to 1."""

    message: str
    count: int
    share: float
    sessions: int
    visitors: int
    first_seen: str
    last_seen: str


class ErrorTotalsBody(msgspec.Struct, frozen=True):
    """Figures over all messages; the rate is affected visits by visits, 0 to 1, null without
    visits."""

    errors: int
    messages: int
    affected_sessions: int
    sessions: int
    error_rate: float | None


class ErrorsAnswer(ReportBody, frozen=True, kw_only=True):
    """The groups asked for, the most frequent first."""

    rows: list[ErrorGroupBody]
    total_rows: int
    totals: ErrorTotalsBody


class ErrorDetailBody(ListBody, frozen=True, kw_only=True):
    """The single errors with one message."""

    message: Annotated[str, Meta(description="The message, to the letter.")]


class ErrorInstanceBody(msgspec.Struct, frozen=True):
    """One error; null: the browser did not say."""

    time: str
    page: str
    browser: str
    os: str
    file: str
    line: int | None
    column: int | None
    stack: str


class ErrorDetailAnswer(ReportBody, frozen=True, kw_only=True):
    """The errors asked for, the newest first."""

    message: str
    rows: list[ErrorInstanceBody]
    total_rows: int


class ErrorSeriesBody(ScopeBody, frozen=True, kw_only=True):
    """Errors over time."""

    interval: Literal["minute", "hour", "day", "week", "month"] = "day"
    message: Annotated[str, Meta(description="Only errors with this message.")] = ""


class ErrorPointBody(msgspec.Struct, frozen=True):
    """One bucket."""

    bucket: str
    bucket_start: str
    count: int


class ErrorSeriesAnswer(ReportBody, frozen=True, kw_only=True):
    """One row for each bucket, in the order of time."""

    rows: list[ErrorPointBody]


def _parse(body: ErrorsBody, project: Project, now_us: int) -> ErrorsQuestion:
    return ErrorsQuestion(parse_scope(body, project, now_us), parse_slice(body))


def _render(found: ErrorList, question: ErrorsQuestion, project: Project) -> ErrorsAnswer:
    totals = found.totals
    rows = [
        ErrorGroupBody(
            group.message,
            group.count,
            group.count / totals.errors,
            group.sessions,
            group.visitors,
            render_instant(group.first_seen_us),
            render_instant(group.last_seen_us),
        )
        for group in found.groups.rows
    ]
    return ErrorsAnswer(
        **render_scope(question.scope, project),
        rows=rows,
        total_rows=found.groups.total,
        totals=ErrorTotalsBody(
            totals.errors,
            totals.messages,
            totals.affected_sessions,
            totals.sessions,
            totals.error_rate,
        ),
    )


def _parse_detail(body: ErrorDetailBody, project: Project, now_us: int) -> ErrorQuestion:
    return ErrorQuestion(parse_scope(body, project, now_us), body.message, parse_slice(body))


def _render_detail(
    found: Listing[ErrorInstance], question: ErrorQuestion, project: Project
) -> ErrorDetailAnswer:
    rows = [
        ErrorInstanceBody(
            *(render_instant(e.ts_us), e.path, e.browser, e.os),
            *(e.filename, e.line, e.column, e.stack),
        )
        for e in found.rows
    ]
    return ErrorDetailAnswer(
        **render_scope(question.scope, project),
        message=question.message,
        rows=rows,
        total_rows=found.total,
    )


def _parse_series(body: ErrorSeriesBody, project: Project, now_us: int) -> ErrorSeriesQuestion:
    scope = parse_scope(body, project, now_us)
    return ErrorSeriesQuestion(scope, Interval(body.interval), body.message)


def _render_series(
    points: tuple[ErrorPoint, ...], question: ErrorSeriesQuestion, project: Project
) -> ErrorSeriesAnswer:
    rows = [ErrorPointBody(p.label, render_instant(p.start_us), p.count) for p in points]
    return ErrorSeriesAnswer(**render_scope(question.scope, project), rows=rows)


ERRORS = Family(
    name="errors",
    title="JavaScript errors",
    description="Errors by their message, with the visits they touched.",
    body=ErrorsBody,
    answer=ErrorsAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "7d", "limit": 10},
)

ERROR_DETAIL = Family(
    name="error-detail",
    title="One JavaScript error",
    description="Every occurrence of one message: time, page, place in the script, browser.",
    body=ErrorDetailBody,
    answer=ErrorDetailAnswer,
    parse=_parse_detail,
    render=_render_detail,
    example={"project": "default", "range": "7d", "message": "TypeError: x is not a function"},
)

ERROR_SERIES = Family(
    name="error-series",
    title="JavaScript errors over time",
    description="Errors in every bucket of the range, all of them or those with one message.",
    body=ErrorSeriesBody,
    answer=ErrorSeriesAnswer,
    parse=_parse_series,
    render=_render_series,
    example={"project": "default", "range": "7d", "interval": "day"},
)
