"""What Pulse's clients send to be stored, in Pulse's words. Every payload comes flat or inside an
envelope: `{"type", …fields…}` or `{"type", "payload": {…fields…}, …}`; both are one type here, so
that one pass decodes either. Unknown fields are ignored, as trackers of any age must work."""

from typing import Any, ClassVar

import msgspec

Number = float | None
Text = str | None


class Envelope(msgspec.Struct, gc=False, kw_only=True):
    """What stands around the fields of every payload. (Types inherit it in one line, because
    structs cannot have two parents; inside `payload` it is read past.)"""

    visitor_id: Text = None
    """The sender's own id of the visitor; without one it derives from address and browser."""
    timestamp: Number = None
    """When it happened, milliseconds since the epoch by the sender's clock."""
    id: str | int | None = None
    """The sender's id of this very event: a repetition with the same id counts once."""
    event_id: str | int | None = None
    """Another name of `id`."""
    consent_granted: bool | None = None
    """False: the visitor has not consented; the event is accepted and dropped."""


class Page(Envelope, gc=False, kw_only=True):
    """The page it happened on. Pulse documents these for pageviews; all types may carry them."""

    path: Text = None
    """Path with query string, as the address bar shows it."""
    title: Text = None
    referrer: Text = None
    screen: Text = None
    language: Text = None
    utm_source: Text = None
    utm_medium: Text = None
    utm_campaign: Text = None
    utm_content: Text = None
    utm_term: Text = None


class Location(Page, gc=False, kw_only=True):
    """A page whose full address may be given; only outlinks use `url` for something else."""

    url: Text = None


class PageviewFields(Location, gc=False, kw_only=True):
    """A page was seen."""

    required: ClassVar = ("path",)


class EventFields(Location, gc=False, kw_only=True):
    """Something the site's owner has given a name happened."""

    required: ClassVar = ("name",)
    name: Text = None
    data: dict[str, Any] | None = None
    revenue_amount: Number = None
    revenue_currency: Text = None
    interactive: bool | None = None
    """False: nobody did anything, so it ends no bounce. Not in Pulse's document."""


class IdentifyFields(Location, gc=False, kw_only=True):
    """Traits of the visitor."""

    required: ClassVar = ()
    traits: dict[str, Any] | None = None
    user_id: str | int | None = None


class WebVitalFields(Location, gc=False, kw_only=True):
    """One measurement of a Core Web Vital."""

    required: ClassVar = ("name", "value")
    name: Text = None
    value: Number = None
    rating: Text = None


class ScrollDepthFields(Location, gc=False, kw_only=True):
    """How far a page was scrolled, in percent."""

    required: ClassVar = ("path", "max_depth")
    max_depth: Number = None


class SearchFields(Location, gc=False, kw_only=True):
    """A search within the site."""

    required: ClassVar = ("query",)
    query: Text = None
    results_count: Number = None


class OutlinkFields(Page, gc=False, kw_only=True):
    """A click on a link that leads away or downloads a file."""

    required: ClassVar = ("url",)
    url: Text = None
    """Where the link leads."""
    link_type: Text = None


class ErrorFields(Location, gc=False, kw_only=True):
    """A script on the page failed."""

    required: ClassVar = ("message",)
    message: Text = None
    stack: Text = None
    filename: Text = None
    lineno: Number = None
    colno: Number = None


class ClickFields(Location, gc=False, kw_only=True):
    """A click, in pixels or as fractions of the page."""

    required: ClassVar = ("path", "x", "y")
    x: Number = None
    y: Number = None
    element_selector: Text = None
    viewport_width: Number = None
    viewport_height: Number = None
    page_height: Number = None
    """Height of the whole page; places a click that is told as a fraction. Not in Pulse's
    document."""


class SurveyResponseFields(Location, gc=False, kw_only=True):
    """Answers to a survey."""

    required: ClassVar = ("survey_id", "answers")
    survey_id: Text = None
    answers: list[dict[str, Any]] | None = None
    completed: bool | None = None


class EngagementFields(Location, gc=False, kw_only=True):
    """For how long the page was visible since the last such signal. Footfall's own addition."""

    required: ClassVar = ("engagement_ms",)
    engagement_ms: Number = None


class Pageview(PageviewFields, tag="pageview", gc=False, kw_only=True):
    """`pageview`"""

    payload: PageviewFields | None = None


class Event(EventFields, tag="event", gc=False, kw_only=True):
    """`event`"""

    payload: EventFields | None = None


class Identify(IdentifyFields, tag="identify", gc=False, kw_only=True):
    """`identify`"""

    payload: IdentifyFields | None = None


class WebVital(WebVitalFields, tag="web_vital", gc=False, kw_only=True):
    """`web_vital`"""

    payload: WebVitalFields | None = None


class ScrollDepth(ScrollDepthFields, tag="scroll_depth", gc=False, kw_only=True):
    """`scroll_depth`"""

    payload: ScrollDepthFields | None = None


class SearchQuery(SearchFields, tag="search_query", gc=False, kw_only=True):
    """`search_query`"""

    payload: SearchFields | None = None


class Outlink(OutlinkFields, tag="outlink", gc=False, kw_only=True):
    """`outlink`"""

    payload: OutlinkFields | None = None


class JsError(ErrorFields, tag="js_error", gc=False, kw_only=True):
    """`js_error`"""

    payload: ErrorFields | None = None


class ClickEvent(ClickFields, tag="click_event", gc=False, kw_only=True):
    """`click_event`"""

    payload: ClickFields | None = None


class SurveyResponse(SurveyResponseFields, tag="survey_response", gc=False, kw_only=True):
    """`survey_response`"""

    payload: SurveyResponseFields | None = None


class Engagement(EngagementFields, tag="engagement", gc=False, kw_only=True):
    """`engagement`"""

    payload: EngagementFields | None = None


Payload = (
    Pageview
    | Event
    | Identify
    | WebVital
    | ScrollDepth
    | SearchQuery
    | Outlink
    | JsError
    | ClickEvent
    | SurveyResponse
    | Engagement
)

PAYLOAD_TYPES: tuple[str, ...] = (
    "pageview",
    "event",
    "identify",
    "web_vital",
    "scroll_depth",
    "search_query",
    "outlink",
    "js_error",
    "click_event",
    "survey_response",
    "engagement",
)

BATCH_LIMIT = 100
"""Payloads of one batch [original]."""


class Batch(msgspec.Struct, gc=False):
    """The body of `/api/batch`."""

    events: list[Payload]
