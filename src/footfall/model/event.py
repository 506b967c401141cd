"""The event: one frozen value is one row of the warehouse and one line of the spool.
The engines' tables, the Ibis table and the spool's encoding all derive from this declaration.
No column can hold an address of a network or a person."""

from typing import Annotated

import msgspec

from footfall.model.column import Col, Column, ColumnType, columns_of

_U8 = ColumnType.UINT8
_U32 = ColumnType.UINT32
_I64 = ColumnType.INT64
_F64 = ColumnType.FLOAT64
_TS = ColumnType.TIMESTAMP_US
_TEXT = ColumnType.TEXT
_CAT = ColumnType.CATEGORY
_JSON = ColumnType.JSON

REVENUE_SCALE = 1_000_000
"""Revenue is kept in millionths of its currency's unit, an integer, so that sums are exact."""

EMPTY_PROPS = msgspec.Raw(b"")

NO_VALUE = 0.0
"""The value of events that carry none. One object: a field that holds its very default is left out
of the spool's line."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Something that happened on a site. Field order is column order."""

    project: Annotated[int, Col(_U32, "Number of the project.")]
    ts: Annotated[int, Col(_TS, "When it happened.")]
    received_at: Annotated[int, Col(_TS, "When Footfall received it.")]
    event_id: Annotated[
        int, Col(_I64, "Unique id; negative when it derives from an id the sender gave.")
    ]
    visitor: Annotated[int, Col(_I64, "Keyed hash that stands for the visitor.")]
    session: Annotated[int, Col(_I64, "The session it belongs to; 0 for none.")]
    kind: Annotated[str, Col(_CAT, "What sort of event: pageview, event, web_vital …")]
    door: Annotated[str, Col(_CAT, "The way in: pulse, pulsegate, grademypage, echelon, import …")]
    interactive: Annotated[
        int, Col(_U8, "1 when it shows that a person acts: a pageview or a custom event.")
    ] = 0
    name: Annotated[str, Col(_CAT, "Name of a custom event, a vital, an error message …")] = ""
    site: Annotated[str, Col(_CAT, "Host name, Echelon site id or PulseGate site key.")] = ""
    path: Annotated[str, Col(_TEXT, "Path of the page, without the query string.")] = ""
    query: Annotated[str, Col(_TEXT, "Query string without campaign tags and click ids.")] = ""
    title: Annotated[str, Col(_TEXT, "Title of the page.")] = ""
    referrer: Annotated[str, Col(_TEXT, "Referring host and path; '' for none.")] = ""
    source: Annotated[str, Col(_CAT, "Where from: 'Google', a host; '' direct.")] = ""
    channel: Annotated[str, Col(_CAT, "Channel group of the visit: 'Organic Search' …")] = ""
    utm_source: Annotated[str, Col(_CAT, "utm_source of the visit.")] = ""
    utm_medium: Annotated[str, Col(_CAT, "utm_medium of the visit.")] = ""
    utm_campaign: Annotated[str, Col(_CAT, "utm_campaign of the visit.")] = ""
    utm_content: Annotated[str, Col(_CAT, "utm_content of the visit.")] = ""
    utm_term: Annotated[str, Col(_CAT, "utm_term of the visit.")] = ""
    click_id: Annotated[str, Col(_CAT, "Which click id came along: 'gclid', 'fbclid' …")] = ""
    country: Annotated[str, Col(_CAT, "ISO 3166-1 alpha-2 code; '' unknown.")] = ""
    region: Annotated[str, Col(_CAT, "Region, where a city database is installed.")] = ""
    city: Annotated[str, Col(_CAT, "City, where a city database is installed.")] = ""
    browser: Annotated[str, Col(_CAT, "Browser family: 'Chrome'.")] = ""
    browser_version: Annotated[str, Col(_CAT, "Major version of the browser: '122'.")] = ""
    os: Annotated[str, Col(_CAT, "Operating system: 'Windows'.")] = ""
    os_version: Annotated[str, Col(_CAT, "Version of the operating system: '11'.")] = ""
    device: Annotated[str, Col(_CAT, "'Desktop', 'Mobile', 'Tablet', 'TV', 'Console' or ''.")] = ""
    screen: Annotated[str, Col(_CAT, "Screen as 'WxH' in CSS pixels.")] = ""
    language: Annotated[str, Col(_CAT, "Language tag: 'en-US'.")] = ""
    entry_page: Annotated[str, Col(_TEXT, "First page known of its session then.")] = ""
    value: Annotated[float, Col(_F64, "Number the event carries: vital, scroll percent …")] = (
        NO_VALUE
    )
    engagement_ms: Annotated[
        int, Col(_U32, "Milliseconds the page was visible since the last signal.")
    ] = 0
    revenue_micros: Annotated[int, Col(_I64, "Revenue in millionths of the currency's unit.")] = 0
    currency: Annotated[str, Col(_CAT, "ISO 4217 code of the revenue.")] = ""
    bot_score: Annotated[int, Col(_U8, "0 to 100; reports leave out 50 and more.")] = 0
    bot_reasons: Annotated[str, Col(_CAT, "Why: reason codes joined by commas.")] = ""
    props: Annotated[msgspec.Raw, Col(_JSON, "The sender's own properties, a JSON object.")] = (
        EMPTY_PROPS
    )


EVENT_COLUMNS: tuple[Column, ...] = columns_of(Event)

BOT_THRESHOLD = 50
"""A score from here on marks the event as a bot's (design §2, decision 6)."""
