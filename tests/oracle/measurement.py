"""Answers to questions about measurements, straight from their definitions."""

import math
from collections import Counter
from typing import Any

from tests.oracle.calendar import label_bucket
from tests.oracle.question import Judge, Question, asks_of_event, read_dimension
from tests.oracle.session import Event, Visit, make_visits

VITALS = ("LCP", "FCP", "CLS", "INP", "TTFB")
GOOD = {"LCP": 2500, "FCP": 1800, "CLS": 0.1, "INP": 200, "TTFB": 800}
POOR = {"LCP": 4000, "FCP": 3000, "CLS": 0.25, "INP": 500, "TTFB": 1800}


class Measured:
    """The events and visits that a question looks at."""

    def __init__(self, question: Question, events: list[Event]) -> None:
        self.question = question
        self.visits = make_visits(events)
        self.judge = Judge(question, events, self.visits)
        self.events = [
            e
            for e in self.judge.in_range
            if self._keeps(e["bot_score"]) and self.judge.holds(question.condition, e, None)
        ]

    def of(self, *kinds: str) -> list[Event]:
        """Return the events of some kinds."""
        return [e for e in self.events if e["kind"] in kinds]

    def touching(self) -> list[Visit]:
        """Return the visits that touch the range."""
        return [v for v in self.visits.values() if self._is_kept(v)]

    def _keeps(self, score: int) -> bool:
        bots = self.question.bots
        return bots == "include" or (score >= 50) == (bots == "only")

    def _is_kept(self, visit: Visit) -> bool:
        question = self.question
        if not (visit["start"] < question.end and visit["end"] >= question.start):
            return False
        if not self._keeps(visit["bot_score"]):
            return False
        if not asks_of_event(question.condition):
            return self.judge.holds(question.condition, None, visit)
        return any(
            self.judge.holds(question.condition, e, visit)
            for e in self.judge.in_range
            if e["session"] == visit["session"]
        )


def quantile(values: list[float], level: float) -> float | None:
    """Return a quantile by linear interpolation."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * level
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def find_vitals(measured: Measured) -> dict[str, tuple[Any, ...]]:
    """Return p50, p75, p99, samples, good and poor of each vital that was measured."""
    found: dict[str, tuple[Any, ...]] = {}
    for vital in VITALS:
        values = [e["value"] for e in measured.of("web_vital") if e["name"] == vital]
        if values:
            quantiles = tuple(quantile(values, level) for level in (0.5, 0.75, 0.99))
            good = sum(v <= GOOD[vital] for v in values)
            poor = sum(v > POOR[vital] for v in values)
            found[vital] = (*quantiles, len(values), good, poor)
    return found


def find_vitals_by(measured: Measured, dimension: str) -> list[tuple[Any, ...]]:
    """Return (value, p75 of each vital, samples), the most measured first."""
    values: dict[str, list[Event]] = {}
    for event in measured.of("web_vital"):
        value = read_dimension(dimension, measured.question, event, None)
        if event["name"] in VITALS and (value or dimension != "page"):
            values.setdefault(value, []).append(event)
    lines = [
        (
            value,
            tuple(quantile([e["value"] for e in own if e["name"] == v], 0.75) for v in VITALS),
            len(own),
        )
        for value, own in values.items()
    ]
    return sorted(lines, key=lambda line: (-line[2], line[0]))


def find_vital_series(measured: Measured, vital: str) -> dict[str, float | None]:
    """Return the 75th percentile of the days on which a vital was measured."""
    question = measured.question
    days: dict[str, list[float]] = {}
    for event in measured.of("web_vital"):
        if event["name"] == vital:
            label = label_bucket(event["ts"], "day", question.zone)
            days.setdefault(label, []).append(event["value"])
    return {label: quantile(values, 0.75) for label, values in days.items()}


def _text(event: Event, key: str) -> str:
    value = event["props"].get(key)
    return value if isinstance(value, str) and value else str(event["name"])


def find_errors(measured: Measured) -> list[tuple[Any, ...]]:
    """Return (message, count, sessions, visitors, first, last), the most frequent first."""
    groups: dict[str, list[Event]] = {}
    for event in measured.of("error"):
        groups.setdefault(_text(event, "message"), []).append(event)
    lines = [
        (
            message,
            len(own),
            len({e["session"] for e in own if e["session"]}),
            len({e["visitor"] for e in own}),
            min(e["ts"] for e in own),
            max(e["ts"] for e in own),
        )
        for message, own in groups.items()
    ]
    return sorted(lines, key=lambda line: (-line[1], line[0]))


def find_error_totals(measured: Measured) -> tuple[int, int, int, int]:
    """Return errors, messages, affected visits, visits."""
    errors = measured.of("error")
    where = {e["session"] for e in errors if e["session"]}
    visits = measured.touching()
    affected = [v for v in visits if v["session"] in where]
    messages = {_text(e, "message") for e in errors}
    return len(errors), len(messages), len(affected), len(visits)


def find_instances(measured: Measured, message: str) -> list[tuple[int, str]]:
    """Return time and page of the errors with a message, the newest first."""
    own = [e for e in measured.of("error") if _text(e, "message") == message]
    own.sort(key=lambda e: (-e["ts"], -e["event_id"]))
    return [(e["ts"], e["path"]) for e in own]


def _number(event: Event, key: str) -> float | None:
    value = event["props"].get(key)
    return None if isinstance(value, str | bool) or value is None else float(value)


def _pixel(number: float) -> int:
    return math.floor(min(max(number, 0), 1_000_000) + 0.5)


def find_heatmap(measured: Measured, path: str) -> dict[str, Any]:
    """Return places, width, clicks, placed clicks and elements of one page."""
    clicks = [e for e in measured.of("click") if e["path"] == path]
    widths = Counter(
        _pixel(w) for e in clicks if (w := _number(e, "viewport_width")) is not None and w >= 0.5
    )
    width = max(widths, key=lambda w: (widths[w], w)) if widths else None
    places = Counter(_find_place(e, width) for e in clicks)
    del places[None]
    return {
        "points": sorted(
            ((*place, count) for place, count in places.items()),
            key=lambda p: (-p[3], p[1], p[0], p[2]),
        ),
        "width": width,
        "total": len(clicks),
        "placed": sum(places.values()),
        "elements": _find_elements(clicks),
    }


def _find_place(event: Event, usual_width: int | None) -> tuple[int, int, str] | None:
    x, y = _number(event, "x"), _number(event, "y")
    if x is None or y is None:
        return None
    if x <= 1 and y <= 1:
        width = _length(event, "viewport_width") or usual_width
        height = _length(event, "page_height") or _length(event, "viewport_height")
        if width is None or height is None:
            return None
        x, y = x * width, y * height
    return _pixel(x), _pixel(y), event["name"]


def _length(event: Event, key: str) -> float | None:
    number = _number(event, key)
    return number if number is not None and number > 0 else None


def _find_elements(clicks: list[Event]) -> list[tuple[str, int, int, int]]:
    lines = []
    for selector in {e["name"] for e in clicks}:
        own = sorted(
            (e for e in clicks if e["name"] == selector), key=lambda e: (e["ts"], e["event_id"])
        )
        rage = 0
        for number, event in enumerate(own):
            before = [e for e in own[:number] if e["session"] == event["session"]]
            is_third = event["session"] and len(before) >= 2
            rage += bool(is_third and event["ts"] - before[-2]["ts"] <= 1_000_000)
        lines.append((selector, len(own), len({e["visitor"] for e in own}), rage))
    return sorted(lines, key=lambda line: (-line[1], line[0]))


def find_searches(measured: Measured) -> tuple[list[tuple[Any, ...]], tuple[int, ...]]:
    """Return (term, figures), the most frequent first, and the figures over all."""
    searches = measured.of("search")
    terms: dict[str, list[Event]] = {}
    for event in searches:
        terms.setdefault(_text(event, "query"), []).append(event)
    lines = [(term, _count_searches(own)) for term, own in terms.items()]
    lines.sort(key=lambda line: (-line[1][0], line[0]))
    return lines, _count_searches(searches)


def _count_searches(events: list[Event]) -> tuple[int, ...]:
    given = [n for e in events if (n := _number(e, "results_count")) is not None]
    results = [math.floor(max(n, 0)) for n in given]
    visitors = len({e["visitor"] for e in events})
    return len(events), visitors, len(results), results.count(0), sum(results)


def find_scroll(measured: Measured) -> tuple[list[tuple[Any, ...]], tuple[Any, ...]]:
    """Return (page, figures), the most measured first, and the figures over all."""
    deepest: dict[tuple[str, int, int], float] = {}
    for event in measured.of("scroll_depth"):
        if event["path"]:
            lone = 0 if event["session"] else event["event_id"]
            key = (event["path"], event["session"], lone)
            deepest[key] = max(deepest.get(key, 0.0), event["value"])
    pages: dict[str, list[int]] = {}
    for (path, _, _), depth in deepest.items():
        pages.setdefault(path, []).append(math.floor(min(depth, 100) + 0.5))
    lines = [(path, _describe(depths)) for path, depths in pages.items()]
    lines.sort(key=lambda line: (-line[1][0], line[0]))
    return lines, _describe([depth for depths in pages.values() for depth in depths])


def _describe(depths: list[int]) -> tuple[Any, ...]:
    reached = tuple(sum(d >= mark for d in depths) for mark in (25, 50, 75, 100))
    return len(depths), sum(depths), quantile([float(d) for d in depths], 0.5), reached


def find_links(measured: Measured) -> tuple[list[tuple[Any, ...]], tuple[int, int]]:
    """Return (kind, url, clicks, visitors, how many pages, first five pages), the most clicked
    first, and clicks and visitors over all."""
    clicks = measured.of("outlink", "download")
    links: dict[tuple[str, str], list[Event]] = {}
    for event in clicks:
        links.setdefault((event["kind"], _text(event, "url")), []).append(event)
    lines = []
    for (kind, url), own in links.items():
        pages = sorted(Counter(e["path"] for e in own).items(), key=lambda p: (-p[1], p[0]))
        visitors = len({e["visitor"] for e in own})
        lines.append((kind, url, len(own), visitors, len(pages), tuple(pages[:5])))
    lines.sort(key=lambda line: (-line[2], line[1], line[0]))
    return lines, (len(clicks), len({e["visitor"] for e in clicks}))
