"""What Pulse's reports of measurements answer: vitals, errors, heatmaps, and beyond its document
searches, scroll depth and outgoing links."""

from typing import Literal

import msgspec

Number = float
"""Whole numbers go out without a decimal point, as the document shows them."""


class Vital(msgspec.Struct):
    """One vital: milliseconds, CLS without unit."""

    p50: Number
    p75: Number
    p99: Number
    rating: Literal["good", "needs-improvement", "poor"]


class Vitals(msgspec.Struct):
    """The vitals that were measured, by name."""

    vitals: dict[str, Vital]


class VitalsPage(msgspec.Struct):
    """75th percentiles of one page; null: not measured there."""

    path: str
    LCP_p75: Number | None
    FCP_p75: Number | None
    CLS_p75: Number | None
    INP_p75: Number | None
    TTFB_p75: Number | None
    samples: int


class VitalsPageList(msgspec.Struct):
    """Pages, the most measured first."""

    data: list[VitalsPage]


class VitalDay(msgspec.Struct):
    """One day."""

    date: str
    p75: Number


class VitalSeries(msgspec.Struct):
    """The days on which a vital was measured."""

    metric: str
    data: list[VitalDay]


class ErrorGroup(msgspec.Struct):
    """All errors with one message."""

    message: str
    count: int
    unique_sessions: int
    last_seen: str
    first_seen: str


class ErrorGroupList(msgspec.Struct):
    """Messages by count."""

    data: list[ErrorGroup]


class ErrorInstance(msgspec.Struct):
    """One error; null: the browser did not say."""

    timestamp: str
    path: str
    filename: str | None
    lineno: int | None
    colno: int | None
    stack: str | None
    browser: str
    os: str


class ErrorDetail(msgspec.Struct):
    """The errors with one message, the newest first."""

    message: str
    instances: list[ErrorInstance]


class ErrorDay(msgspec.Struct):
    """One day."""

    date: str
    count: int


class ErrorSeries(msgspec.Struct):
    """One row per day, days without errors included."""

    data: list[ErrorDay]


class ErrorStats(msgspec.Struct):
    """Figures over all errors."""

    total_errors: int
    unique_errors: int
    """Distinct messages."""
    affected_sessions: int
    error_rate: float
    """Affected sessions in percent of all sessions."""


class Click(msgspec.Struct):
    """One pixel of the page and the element that was clicked there."""

    x: int
    y: int
    selector: str
    count: int


class Heatmap(msgspec.Struct):
    """The clicks on one page."""

    path: str
    clicks: list[Click]
    total_clicks: int
    viewport_width: int | None
    """The most frequent one; null: no click told it."""


class ClickedPage(msgspec.Struct):
    """One page."""

    path: str
    total_clicks: int


class ClickedPageList(msgspec.Struct):
    """Pages by clicks."""

    data: list[ClickedPage]


class Search(msgspec.Struct):
    """One term as it was typed."""

    query: str
    count: int
    visitors: int
    avg_results: float | None
    """Null: no search told how many results it had."""
    no_results_rate: float | None
    """Percent of the searches that told it."""


class SearchList(msgspec.Struct):
    """Terms by searches."""

    data: list[Search]
    total: int
    """How many terms there are."""


class ScrolledPage(msgspec.Struct):
    """One page: sessions that told a depth, mean and median of the deepest point of each, and
    the sessions that came at least that far."""

    path: str
    sessions: int
    avg_depth: float
    median_depth: float
    reached_25: int
    reached_50: int
    reached_75: int
    reached_100: int


class ScrolledPageList(msgspec.Struct):
    """Pages by sessions that told a depth."""

    data: list[ScrolledPage]
    total: int
    """How many pages there are."""


class OutlinkPage(msgspec.Struct):
    """A page that a link was clicked on."""

    path: str
    clicks: int


class Outlink(msgspec.Struct):
    """One link."""

    url: str
    link_type: Literal["external", "download"]
    clicks: int
    visitors: int
    pages: list[OutlinkPage]
    """The five with the most clicks."""


class OutlinkList(msgspec.Struct):
    """Links by clicks."""

    data: list[Outlink]
    total: int
    """How many links there are."""
