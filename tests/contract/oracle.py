"""What `sessions` must hold, worked out in plain Python from the events. It shares nothing with
the engines but the declaration of columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from footfall.model.event import Event
from footfall.model.session import FIRST_EVENT_COLUMNS, SESSION_COLUMNS
from footfall.model.time_range import from_us


def find_sessions(events: Iterable[Event]) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return each session's row by (project, session), columns in the declared order."""
    groups: dict[tuple[int, int], list[Event]] = {}
    for event in events:
        if event.session:
            groups.setdefault((event.project, event.session), []).append(event)
    return {key: _row(group) for key, group in groups.items()}


def _row(events: Sequence[Event]) -> tuple[Any, ...]:
    ordered = sorted(events, key=lambda e: (e.ts, e.event_id))
    first, views = ordered[0], [e for e in ordered if e.kind == "pageview"]
    values: dict[str, Any] = {
        "project": first.project,
        "session": first.session,
        "visitor": first.visitor,
        "start": from_us(first.ts),
        "end": from_us(ordered[-1].ts),
        "pageviews": len(views),
        "custom_events": sum(e.kind == "event" for e in events),
        "interactions": sum(e.kind != "pageview" and e.interactive == 1 for e in events),
        "engagement_ms": sum(e.engagement_ms for e in events),
        "revenue_micros": sum(e.revenue_micros for e in events),
        "bot_score": max(e.bot_score for e in events),
        "entry_page": views[0].path if views else "",
        "exit_page": views[-1].path if views else "",
    }
    values |= {name: getattr(first, name) for name in FIRST_EVENT_COLUMNS}
    return tuple(values[c.name] for c in SESSION_COLUMNS)
