"""Size and shape: kinds we know, fields within their limits, numbers that are numbers.
What may be cut without changing its meaning is cut; the rest is dropped as too large."""

from functools import lru_cache

import msgspec

from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.page import PATH_LIMIT
from footfall.ingest.request import Sender, Signal
from footfall.model.event import EMPTY_PROPS

KINDS = frozenset(
    {
        "pageview",
        "event",
        "engagement",
        "identify",
        "web_vital",
        "scroll_depth",
        "search",
        "outlink",
        "download",
        "error",
        "click",
        "survey_response",
        "exposure",
        "session_start",
        "session_end",
        "activity",
    }
)
"""Our own words; doors translate theirs. `activity` is what a page noticed by the way, such as
movements of the mouse: one event stands for as many as its value says."""

_KEYED_KINDS = frozenset({"event", "web_vital", "exposure"})
"""Kinds whose name is a key that reports group by: two long names must not become one."""

NAME_LIMIT = 255
ID_LIMIT = 255
"""Longest id a sender may give; cut, two ids could become one."""

TITLE_LIMIT = 500
SITE_LIMIT = 255
LANGUAGE_LIMIT = 10
PROPS_LIMIT_BYTES = 8192
PROPS_LIMIT_KEYS = 64

_KEYS_POSSIBLE_FROM_BYTES = 320
"""65 different keys take more than this, so shorter properties need no counting."""

_ENGAGEMENT_LIMIT_MS = 24 * 3600 * 1000
"""No page is looked at for longer than a day between two signals."""

_WORD_LIMIT = 64
"""Characters of a language, screen or currency that are looked at."""

_INT64_LIMIT = 1 << 63
_UNKNOWN_PROJECT = DropReason.UNKNOWN_PROJECT
_MALFORMED = DropReason.MALFORMED
_TOO_LARGE = DropReason.TOO_LARGE


def drop_unknown_project(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Drop what belongs to no project; doors give 0 when none answers to the key."""
    return None if sender.project > 0 else _UNKNOWN_PROJECT


def put_shape(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Check kind, name and numbers; put name, title, language and screen."""
    kind = signal.kind
    if kind not in KINDS:
        return _MALFORMED
    if (
        len(signal.client_id) > ID_LIMIT
        or len(signal.visitor_id) > ID_LIMIT
        or len(signal.session_id) > ID_LIMIT
    ):
        return _TOO_LARGE
    name = signal.name
    if name:
        if len(name) > NAME_LIMIT:
            if kind in _KEYED_KINDS:
                return _TOO_LARGE
            name = name[:NAME_LIMIT]
        draft.name = name
    elif kind == "event":
        return _MALFORMED
    value = signal.value
    # One comparison refuses NaN and both infinities.
    if value and not -1e300 < value < 1e300:
        return _MALFORMED
    revenue = signal.revenue_micros
    if revenue:
        if not -_INT64_LIMIT <= revenue < _INT64_LIMIT:
            return _MALFORMED
        draft.currency = parse_currency(signal.currency[:_WORD_LIMIT])
    draft.title = signal.title[:TITLE_LIMIT]
    engagement_ms = signal.engagement_ms
    if engagement_ms > 0:
        draft.engagement_ms = min(engagement_ms, _ENGAGEMENT_LIMIT_MS)
    if signal.screen:
        draft.screen = parse_screen(signal.screen[:_WORD_LIMIT])
    draft.language = parse_language((signal.language or sender.accept_language)[:_WORD_LIMIT])
    return None


def put_props(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Put the properties on one line; drop more than 64 keys or 8 KiB."""
    props = signal.props
    if not props:
        return None
    if len(props) > PROPS_LIMIT_BYTES:
        return _TOO_LARGE
    if b"\n" in props or b"\r" in props:
        # The spool's lines end where a line ends.
        try:
            props = msgspec.json.format(props, indent=-1)
        except msgspec.DecodeError:
            return _MALFORMED
    if len(props) > _KEYS_POSSIBLE_FROM_BYTES:
        try:
            keys = msgspec.json.decode(props, type=dict[str, msgspec.Raw])
        except msgspec.DecodeError:
            return _MALFORMED
        if len(keys) > PROPS_LIMIT_KEYS:
            return _TOO_LARGE
    draft.props = EMPTY_PROPS if props == b"{}" else msgspec.Raw(props)
    return None


def drop_long_path(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Drop a page whose path exceeds 2,048 characters: cut, it would be another page."""
    return _TOO_LARGE if len(draft.page.path) > PATH_LIMIT else None


@lru_cache(maxsize=4096)
def parse_language(text: str) -> str:
    """Return a language tag, at most 10 characters: 'en-US' of 'en-us,en;q=0.5'; '' for none."""
    tag = text.partition(",")[0].partition(";")[0].strip().replace("_", "-")
    if len(tag) > LANGUAGE_LIMIT:
        tag = tag[: LANGUAGE_LIMIT + 1].rpartition("-")[0][:LANGUAGE_LIMIT]
    parts = tag.split("-")
    if not parts[0].isalpha() or not all(part.isalnum() for part in parts) or not tag.isascii():
        return ""
    return "-".join([parts[0].lower(), *(p.upper() if len(p) == 2 else p for p in parts[1:])])


@lru_cache(maxsize=4096)
def parse_screen(text: str) -> str:
    """Return a screen as 'WxH' of at most five digits each; '' for anything else."""
    width, mark, height = text.strip().lower().partition("x")
    for side in (width, height):
        if not (side.isascii() and side.isdigit() and len(side) <= 5):
            return ""
    return f"{int(width)}x{int(height)}" if mark else ""


@lru_cache(maxsize=256)
def parse_currency(text: str) -> str:
    """Return three capital letters; '' for anything else."""
    code = text.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""
