"""Sessions: from requests by the 30-minute rule, and from events what is known of each."""

from collections.abc import Iterable
from typing import Any

Event = dict[str, Any]
Visit = dict[str, Any]

TIMEOUT_US = 30 * 60 * 1_000_000

FIRST_EVENT_FIELDS = (
    "site",
    "door",
    "referrer",
    "source",
    "channel",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "click_id",
    "country",
    "region",
    "city",
    "browser",
    "browser_version",
    "os",
    "os_version",
    "device",
    "screen",
    "language",
)


def assign_sessions(requests: Iterable[Event]) -> list[Event]:
    """Give each request, in order of arrival, its session: the one of its visitor whose span,
    widened by 30 minutes on both sides, contains it (of several the nearest that began earlier),
    else a new one. An engagement signal out of reach counts from when the look began. Engagement,
    vitals and scroll depth never begin a session and are left out without one."""
    spans: dict[Any, list[list[int]]] = {}
    kept = []
    next_session = 1
    for request in requests:
        known = spans.setdefault(request["visitor"], [])
        ts = request["ts"]
        at = ts
        near = _near(known, at)
        if not near and request["engagement_ms"]:
            at = ts - request["engagement_ms"] * 1000
            near = _near(known, at)
        if near:
            earlier = [s for s in near if s[1] <= at]
            span = max(earlier, key=lambda s: s[1]) if earlier else min(near, key=lambda s: s[1])
            span[1], span[2] = min(span[1], at), max(span[2], ts)
        elif request["kind"] in {"engagement", "web_vital", "scroll_depth"}:
            continue
        else:
            span = [next_session, ts, ts]
            next_session += 1
            known.append(span)
        kept.append({**request, "session": span[0]})
    return kept


def _near(spans: list[list[int]], at: int) -> list[list[int]]:
    return [s for s in spans if s[1] - TIMEOUT_US <= at <= s[2] + TIMEOUT_US]


def make_visits(events: Iterable[Event]) -> dict[int, Visit]:
    """Return what is known of each session, by its id."""
    by_session: dict[int, list[Event]] = {}
    for event in events:
        if event["session"]:
            by_session.setdefault(event["session"], []).append(event)
    return {session: _make_visit(own) for session, own in by_session.items()}


def _make_visit(events: list[Event]) -> Visit:
    events = sorted(events, key=lambda e: (e["ts"], e["event_id"]))
    first = events[0]
    pages = [e["path"] for e in events if e["kind"] == "pageview"]
    return {
        **{name: first[name] for name in FIRST_EVENT_FIELDS},
        "project": first["project"],
        "session": first["session"],
        "visitor": first["visitor"],
        "start": first["ts"],
        "end": events[-1]["ts"],
        "pageviews": len(pages),
        "custom_events": sum(e["kind"] == "event" for e in events),
        "interactions": sum(e["interactive"] and e["kind"] != "pageview" for e in events),
        "engagement_ms": sum(e["engagement_ms"] for e in events),
        "revenue_micros": sum(e["revenue_micros"] for e in events),
        "bot_score": max(e["bot_score"] for e in events),
        "entry_page": pages[0] if pages else "",
        "exit_page": pages[-1] if pages else "",
    }
