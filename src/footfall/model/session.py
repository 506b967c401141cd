"""The session: what is known of one visit, derived from its events and kept current by the
warehouse. A session belongs to the instant it began; reports of visits read this table."""

from typing import Annotated

import msgspec

from footfall.model.column import Col, Column, ColumnType, columns_of

_U8 = ColumnType.UINT8
_U32 = ColumnType.UINT32
_I64 = ColumnType.INT64
_TS = ColumnType.TIMESTAMP_US
_TEXT = ColumnType.TEXT
_CAT = ColumnType.CATEGORY

SESSION_TIMEOUT_US = 30 * 60 * 1_000_000
"""A session ends after 30 minutes without a signal (field definitions)."""


class Session(msgspec.Struct, frozen=True, gc=False):
    """One visit. Columns that are not counted or summed carry the value of the session's first
    event, in the order of `ts`, then `event_id`."""

    project: Annotated[int, Col(_U32, "Number of the project.")]
    session: Annotated[int, Col(_I64, "The session's id.")]
    visitor: Annotated[int, Col(_I64, "The visitor.")]
    start: Annotated[int, Col(_TS, "Time of the first event.")]
    end: Annotated[int, Col(_TS, "Time of the last event, engagement signals included.")]
    pageviews: Annotated[int, Col(_U32, "Events of kind 'pageview'.")]
    custom_events: Annotated[int, Col(_U32, "Events of kind 'event'.")]
    interactions: Annotated[int, Col(_U32, "Events with interactive = 1 that are no pageview.")]
    engagement_ms: Annotated[int, Col(_I64, "Sum of engagement_ms.")]
    revenue_micros: Annotated[int, Col(_I64, "Sum of revenue_micros.")]
    bot_score: Annotated[int, Col(_U8, "Highest bot_score of its events.")]
    site: Annotated[str, Col(_CAT, "Site of the first event.")]
    door: Annotated[str, Col(_CAT, "Door of the first event.")]
    entry_page: Annotated[str, Col(_TEXT, "Path of the first pageview; '' for none.")]
    exit_page: Annotated[str, Col(_TEXT, "Path of the last pageview; '' for none.")]
    referrer: Annotated[str, Col(_TEXT, "Referrer of the first event.")]
    source: Annotated[str, Col(_CAT, "Source.")]
    channel: Annotated[str, Col(_CAT, "Channel.")]
    utm_source: Annotated[str, Col(_CAT, "utm_source.")]
    utm_medium: Annotated[str, Col(_CAT, "utm_medium.")]
    utm_campaign: Annotated[str, Col(_CAT, "utm_campaign.")]
    utm_content: Annotated[str, Col(_CAT, "utm_content.")]
    utm_term: Annotated[str, Col(_CAT, "utm_term.")]
    click_id: Annotated[str, Col(_CAT, "Click id.")]
    country: Annotated[str, Col(_CAT, "Country.")]
    region: Annotated[str, Col(_CAT, "Region.")]
    city: Annotated[str, Col(_CAT, "City.")]
    browser: Annotated[str, Col(_CAT, "Browser.")]
    browser_version: Annotated[str, Col(_CAT, "Browser version.")]
    os: Annotated[str, Col(_CAT, "Operating system.")]
    os_version: Annotated[str, Col(_CAT, "Operating system version.")]
    device: Annotated[str, Col(_CAT, "Device.")]
    screen: Annotated[str, Col(_CAT, "Screen.")]
    language: Annotated[str, Col(_CAT, "Language.")]


SESSION_COLUMNS: tuple[Column, ...] = columns_of(Session)

COUNTED_COLUMNS = frozenset(
    {"pageviews", "custom_events", "interactions", "engagement_ms", "revenue_micros", "bot_score"}
)
"""Columns that are counts, sums or a maximum over the session's events."""

FIRST_EVENT_COLUMNS: tuple[str, ...] = tuple(
    c.name
    for c in SESSION_COLUMNS
    if c.name not in COUNTED_COLUMNS
    and c.name not in {"project", "session", "visitor", "start", "end", "entry_page", "exit_page"}
)
"""Columns that carry the value of the session's first event."""
