"""Answers to questions: every metric straight from its definition, without a thought of speed."""

import math
from collections.abc import Callable
from typing import Any

from tests.oracle.calendar import label_bucket, list_labels
from tests.oracle.question import (
    ENTRY_AND_EXIT,
    Judge,
    Question,
    asks_of_event,
    is_of_event,
    is_omitted_when_empty,
    read_dimension,
)
from tests.oracle.session import Event, Visit, make_visits

Line = tuple[tuple[str, ...], str]
"""Dimension values and the label of the bucket ('' without an interval)."""

Figures = dict[str, int | float | None]

Counted = tuple[tuple[str, ...], str, Any]
"""Dimension values, bucket, and the event, visit or step that is counted there."""


def answer(question: Question, events: list[Event]) -> tuple[dict[Line, Figures], Figures]:
    """Return the lines in which something was counted, and the totals over all of them."""
    counted = Counted(question, events)
    lines: dict[Line, Figures] = {}
    for line in counted.list_lines():
        lines[line] = {m: _METRICS[m](counted.of(line)) for m in question.metrics}
    return lines, {m: _METRICS[m](counted.of(None)) for m in question.metrics}


class Counted:
    """Everything that may be counted, with the lines it is counted in."""

    def __init__(self, question: Question, events: list[Event]) -> None:
        self.question = question
        self.visits = make_visits(events)
        self.judge = Judge(question, events, self.visits)
        self.has_event_level = asks_of_event(question.condition) or any(
            is_of_event(d) for d in question.dimensions
        )
        self.events = self._place_events(
            [e for e in self.judge.in_range if self._keeps_bots(e["bot_score"])]
        )
        self.steps = self._place_steps()
        self.sessions = self._place_sessions()
        self.presence = self._place_presence()

    def of(self, line: Line | None) -> dict[str, list[Any]]:
        """Return what is counted in a line, or in any line, each thing once."""
        return {
            "events": _pick(self.events, line),
            "steps": _pick(self.steps, line),
            "sessions": _pick(self.sessions, line),
            "visitors": list({v["visitor"]: v for v in _pick(self.presence, line)}.values()),
            "page": [self._page_of(line)],
        }

    def list_lines(self) -> list[Line]:
        """Return the lines in which at least one metric counts something."""
        found = {}
        for metric in self.question.metrics:
            for source, counts in _COUNTS[metric]:
                for key, bucket, thing in getattr(self, source):
                    if counts({"page": [self._page_of((key, bucket))]}, thing):
                        found[key, bucket] = None
        return list(found)

    def _page_of(self, line: Line | None) -> str | None:
        if line is None or "page" not in self.question.dimensions:
            return None
        return line[0][self.question.dimensions.index("page")]

    def list_touching(self) -> list[Visit]:
        """Return the visits that touch the range and are kept, whatever the dimensions."""
        return [v for v in self.visits.values() if self.touches(v) and self.keys_of_visit(v)]

    def touches(self, visit: Visit) -> bool:
        """Tell whether a visit lies partly in the range and is kept as far as bots go."""
        question = self.question
        is_there = visit["start"] < question.end and visit["end"] >= question.start
        return is_there and self._keeps_bots(visit["bot_score"])

    def _keeps_bots(self, score: int) -> bool:
        bots = self.question.bots
        return bots == "include" or (score >= 50) == (bots == "only")

    def _bucket(self, us: int) -> str:
        interval = self.question.interval
        return "" if interval is None else label_bucket(us, interval, self.question.zone)

    def _key(self, event: Event | None, visit: Visit | None) -> tuple[str, ...] | None:
        """Return the dimension values, or None where there is no place for it."""
        values = []
        for name in self.question.dimensions:
            asked = visit
            if visit is None and name in ENTRY_AND_EXIT:
                asked = self.visits.get(event["session"])
            value = read_dimension(name, self.question, event, asked)
            if not value and is_omitted_when_empty(name):
                return None
            values.append(value)
        return tuple(values)

    def _place_events(self, events: list[Event]) -> list[Counted]:
        placed = []
        for event in events:
            key = self._key(event, None)
            if key is not None and self.judge.holds(self.question.condition, event, None):
                placed.append((key, self._bucket(event["ts"]), event))
        return placed

    def _place_steps(self) -> list[Counted]:
        last: dict[int, Event] = {}
        steps = []
        pageviews = [
            e
            for e in self.judge.in_range
            if e["kind"] == "pageview" and e["session"] and self._keeps_bots(e["bot_score"])
        ]
        for event in sorted(pageviews, key=lambda e: (e["ts"], e["event_id"])):
            before = last.get(event["session"])
            if before is not None:
                steps.append({**before, "wait_us": event["ts"] - before["ts"]})
            last[event["session"]] = event
        return self._place_events(steps)

    def _place_sessions(self) -> list[Counted]:
        placed = []
        for visit in self.visits.values():
            if not self.question.start <= visit["start"] < self.question.end:
                continue
            if not self._keeps_bots(visit["bot_score"]):
                continue
            keys = dict.fromkeys(self.keys_of_visit(visit))
            placed += [(key, self._bucket(visit["start"]), visit) for key in keys]
        return placed

    def keys_of_visit(self, visit: Visit) -> list[tuple[str, ...]]:
        """Return the dimension values under which a visit counts; none when it is not kept."""
        condition = self.question.condition
        if not self.has_event_level:
            key = self._key(None, visit)
            return [key] if key is not None and self.judge.holds(condition, None, visit) else []
        own = [e for e in self.judge.in_range if e["session"] == visit["session"]]
        keys = [self._key(e, visit) for e in own if self.judge.holds(condition, e, visit)]
        return [key for key in keys if key is not None]

    def _place_presence(self) -> list[Counted]:
        if self.has_event_level:
            return self.events
        question = self.question
        placed = []
        for visit in self.visits.values():
            touches = visit["start"] < question.end and visit["end"] >= question.start
            if not touches or not self._keeps_bots(visit["bot_score"]):
                continue
            key = self._key(None, visit)
            if key is None or not self.judge.holds(question.condition, None, visit):
                continue
            first = max(visit["start"], question.start)
            last = min(visit["end"], question.end - 1)
            labels = [""]
            if question.interval:
                labels = list_labels(first, last + 1, question.interval, question.zone)
            placed += [(key, label, visit) for label in labels]
        return placed


def _pick(counted: list[Counted], line: Line | None) -> list[Any]:
    if line is not None:
        return [thing for key, bucket, thing in counted if (key, bucket) == line]
    # In the totals a visit that stands in several lines counts once.
    return list({id(thing): thing for _, _, thing in counted}.values())


# What each metric counts

Choice = Callable[[dict[str, Any], Any], bool]


def _any(_: dict[str, Any], __: Any) -> bool:
    return True


def _of_kind(*kinds: str) -> Choice:
    return lambda _, e: e["kind"] in kinds


def _with(field: str) -> Choice:
    return lambda _, e: bool(e[field])


def _is_bounce(_: dict[str, Any], v: Visit) -> bool:
    return v["pageviews"] < 2 and v["interactions"] == 0


def _is_single(_: dict[str, Any], v: Visit) -> bool:
    return v["pageviews"] < 2


def _is_engaged(_: dict[str, Any], v: Visit) -> bool:
    return v["end"] - v["start"] >= 10_000_000 or v["pageviews"] >= 2 or v["interactions"] >= 1


def _at(field: str) -> Choice:
    def holds(there: dict[str, Any], visit: Visit) -> bool:
        page = there["page"][0]
        return visit[field] != "" if page is None else visit[field] == page

    return holds


_MEASURED = _of_kind("web_vital", "scroll_depth")
_PAGEVIEW = _of_kind("pageview")


def _is_touched(_: dict[str, Any], e: dict[str, Any]) -> bool:
    return bool(e["kind"] == "pageview" and e["value"] > 0)


_COUNTS: dict[str, list[tuple[str, Choice]]] = {
    "visitors": [("presence", _any)],
    "sessions": [("sessions", _any)],
    "views_per_session": [("sessions", _any)],
    "bounces": [("sessions", _is_bounce)],
    "bounce_rate": [("sessions", _any)],
    "bounces_pageviews": [("sessions", _is_single)],
    "bounce_rate_pageviews": [("sessions", _any)],
    "session_duration_sum": [("sessions", _any)],
    "session_duration": [("sessions", _any)],
    "engaged_sessions": [("sessions", _is_engaged)],
    "engagement_rate": [("sessions", _any)],
    "entries": [("sessions", _at("entry_page"))],
    "exits": [("sessions", _at("exit_page"))],
    "pageviews": [("events", _PAGEVIEW)],
    "events": [("events", _of_kind("event"))],
    "unique_pageviews": [("events", _PAGEVIEW)],
    "errors": [("events", _of_kind("error"))],
    "signals": [("events", _any)],
    "measurements": [("events", _MEASURED)],
    "revenue": [("events", _with("revenue_micros"))],
    "revenue_per_visitor": [("events", _with("revenue_micros")), ("presence", _any)],
    "time_on_page": [("events", _with("engagement_ms")), ("events", _PAGEVIEW)],
    "time_to_interaction": [("events", _is_touched)],
    "value_p50": [("events", _MEASURED)],
    "value_p75": [("events", _MEASURED)],
    "value_p99": [("events", _MEASURED)],
    "time_to_next": [("steps", _any)],
}


def _count(metric: str) -> Callable[[dict[str, list[Any]]], int]:
    ((source, counts),) = _COUNTS[metric]
    return lambda there: sum(counts(there, thing) for thing in there[source])


def _divide(above: float, below: float) -> float | None:
    return above / below if below else None


def _rate(above: str) -> Callable[[dict[str, list[Any]]], float | None]:
    return lambda there: _divide(_count(above)(there), len(there["sessions"]))


def _quantile(level: float) -> Callable[[dict[str, list[Any]]], float | None]:
    def find(there: dict[str, list[Any]]) -> float | None:
        values = sorted(e["value"] for e in there["events"] if _MEASURED({}, e))
        if not values:
            return None
        position = (len(values) - 1) * level
        low = int(position)
        high = min(low + 1, len(values) - 1)
        return float(values[low] + (values[high] - values[low]) * (position - low))

    return find


def _sum(things: list[Any], field: str) -> int:
    return sum(thing[field] for thing in things)


_METRICS: dict[str, Callable[[dict[str, list[Any]]], int | float | None]] = {
    "visitors": lambda t: len(t["visitors"]),
    "sessions": lambda t: len(t["sessions"]),
    "views_per_session": lambda t: _divide(_sum(t["sessions"], "pageviews"), len(t["sessions"])),
    "bounces": _count("bounces"),
    "bounce_rate": _rate("bounces"),
    "bounces_pageviews": lambda t: sum(_is_single(t, v) for v in t["sessions"]),
    "session_duration_sum": lambda t: sum(v["end"] - v["start"] for v in t["sessions"]) / 1_000_000,
    "bounce_rate_pageviews": lambda t: _divide(
        sum(_is_single(t, v) for v in t["sessions"]), len(t["sessions"])
    ),
    "session_duration": lambda t: _divide(
        sum(v["end"] - v["start"] for v in t["sessions"]), len(t["sessions"]) * 1_000_000
    ),
    "engaged_sessions": _count("engaged_sessions"),
    "engagement_rate": _rate("engaged_sessions"),
    "entries": _count("entries"),
    "exits": _count("exits"),
    "pageviews": _count("pageviews"),
    "events": _count("events"),
    "unique_pageviews": lambda t: len({e["visitor"] for e in t["events"] if _PAGEVIEW(t, e)}),
    "errors": _count("errors"),
    "signals": _count("signals"),
    "measurements": _count("measurements"),
    "revenue": lambda t: _sum(t["events"], "revenue_micros") / 1_000_000,
    "revenue_per_visitor": lambda t: _divide(
        _sum(t["events"], "revenue_micros"), len(t["visitors"]) * 1_000_000
    ),
    "time_on_page": lambda t: _divide(
        _sum(t["events"], "engagement_ms"), sum(_PAGEVIEW(t, e) for e in t["events"]) * 1_000
    ),
    "time_to_interaction": lambda t: _divide(
        sum(math.floor(e["value"]) for e in t["events"] if _is_touched(t, e)),
        sum(_is_touched(t, e) for e in t["events"]) * 1_000,
    ),
    "value_p50": _quantile(0.5),
    "value_p75": _quantile(0.75),
    "value_p99": _quantile(0.99),
    "time_to_next": lambda t: _divide(_sum(t["steps"], "wait_us"), len(t["steps"]) * 1_000_000),
}

METRICS = tuple(_METRICS)
