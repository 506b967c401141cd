"""Funnels, goals, retention, paths and journeys, straight from their definitions: every chain is
tried, every day is looked up on the calendar."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median
from typing import Any

from tests.oracle.answer import Counted
from tests.oracle.calendar import label_bucket, list_labels, make_moment
from tests.oracle.question import (
    ENTRY_AND_EXIT,
    Question,
    is_goal,
    is_long,
    matches,
    read_dimension,
)
from tests.oracle.session import Event, Visit

Deed = tuple[Any, ...]
"""(page, event, props), or (None, None, (), min_duration_s, min_pageviews)."""


def _order(event: Event) -> tuple[int, int]:
    return event["ts"], event["event_id"]


def _visit_events(counted: Counted) -> list[Event]:
    kept = {visit["session"] for visit in counted.list_touching()}
    return sorted((e for e in counted.judge.in_range if e["session"] in kept), key=_order)


# Funnels


@dataclass(frozen=True)
class Funnel:
    """What is asked of a funnel."""

    steps: tuple[Deed, ...]
    window_us: int | None = None
    within_visit: bool = False
    dimension: str | None = None


Way = list[Event]
"""The events that served the steps, as far as somebody got."""


def answer_funnel(
    question: Question, funnel: Funnel, events: list[Event]
) -> dict[str | None, list[tuple[int, float | None]]]:
    """Return visitors and median seconds of each step: of everybody (None), and by the value of
    the dimension at the first step."""
    counted = Counted(question, events)
    runs: dict[Any, list[Event]] = {}
    for event in _visit_events(counted):
        run = (event["visitor"], event["session"] if funnel.within_visit else 0)
        runs.setdefault(run, []).append(event)
    ways = [way for own in runs.values() if (way := _find_way(own, funnel))]
    groups: dict[str | None, list[Way]] = {None: ways}
    if funnel.dimension is not None:
        for way in ways:
            groups.setdefault(_describe(counted, way[0], funnel.dimension), []).append(way)
    count = len(funnel.steps)
    return {value: [_measure(i, own) for i in range(count)] for value, own in groups.items()}


def _find_way(events: list[Event], funnel: Funnel) -> Way:
    """Without a window begin with the first event that serves. With one try every beginning; the
    furthest way wins, then the one that got there first, then the one that began last."""
    first = funnel.steps[0]
    begins = [i for i, e in enumerate(events) if is_goal(e, *first)]
    if funnel.window_us is None:
        begins = begins[:1]
    ways = [_walk(events[i:], funnel) for i in begins]
    return min(ways, key=lambda w: (-len(w), w[-1]["ts"], -w[0]["ts"]), default=[])


def _walk(events: list[Event], funnel: Funnel) -> Way:
    way = [events[0]]
    for event in events[1:]:
        is_late = funnel.window_us is not None and event["ts"] - way[0]["ts"] > funnel.window_us
        if is_late or len(way) == len(funnel.steps):
            break
        if is_goal(event, *funnel.steps[len(way)]):
            way.append(event)
    return way


def _measure(index: int, ways: list[Way]) -> tuple[int, float | None]:
    here = [way for way in ways if len(way) > index]
    waits = [way[index]["ts"] - way[index - 1]["ts"] for way in here] if index else []
    visitors = len({way[0]["visitor"] for way in here})
    return visitors, median(waits) / 1_000_000 if waits else None


def _describe(counted: Counted, event: Event, dimension: str) -> str:
    visit = counted.visits.get(event["session"]) if dimension in ENTRY_AND_EXIT else None
    return read_dimension(dimension, counted.question, event, visit)


# Goals


def answer_goal(
    question: Question, goal: Deed, events: list[Event]
) -> dict[str, tuple[int, int, int, dict[str, int]]]:
    """Return conversions, converted visitors, visitors and revenue by currency: of everything
    (''), by bucket (its label), or by the value of the question's one dimension ('=value')."""
    plain = Counted(replace(question, dimensions=()), events)
    placed: dict[str, list[tuple[Visit, list[Event], str]]] = {"": []}
    deeds = _visit_events(plain) if len(goal) == 3 else []
    by_value = Counted(question, events)
    for visit in plain.list_touching():
        own = [e for e in deeds if e["session"] == visit["session"] and is_goal(e, *goal)]
        at = _find_conversion(plain, visit, own, goal)
        placed[""].append((visit, own, "" if at is None else "converted"))
        if question.dimensions:
            for (value,) in dict.fromkeys(by_value.keys_of_visit(visit)):
                line = placed.setdefault(f"={value}", [])
                line.append((visit, own, "" if at is None else "converted"))
        if question.interval:
            _place_in_buckets(question, placed, visit, own, at)
    return {label: _sum_up(line) for label, line in placed.items()}


def _find_conversion(counted: Counted, visit: Visit, own: list[Event], goal: Deed) -> int | None:
    if len(goal) == 3:
        return own[0]["ts"] if own else None
    begins = counted.question.start <= visit["start"] < counted.question.end
    return visit["start"] if begins and is_long(visit, *goal[3:]) else None


def _place_in_buckets(
    question: Question, placed: dict[str, Any], visit: Visit, own: list[Event], at: int | None
) -> None:
    def label_of(us: int) -> str:
        return label_bucket(us, question.interval or "", question.zone)

    first, last = max(visit["start"], question.start), min(visit["end"], question.end - 1)
    for label in list_labels(first, last + 1, question.interval or "", question.zone):
        inside = [e for e in own if label_of(e["ts"]) == label]
        state = "converted" if at is not None and label_of(at) == label else ""
        placed.setdefault(label, []).append((visit, inside, state))


def _sum_up(line: list[tuple[Visit, list[Event], str]]) -> tuple[int, int, int, dict[str, int]]:
    converted = [visit for visit, _, state in line if state]
    revenue: Counter[str] = Counter()
    paid = [e for _, own, _ in line for e in own if e["revenue_micros"]]
    for event in paid:
        revenue[event["currency"]] += event["revenue_micros"]
    return (
        len(converted),
        len({visit["visitor"] for visit in converted}),
        len({visit["visitor"] for visit, _, _ in line}),
        {code: revenue[code] for code in {e["currency"] for e in paid}},
    )


# Retention


def answer_retention(
    question: Question, period: str, days: tuple[int, ...], events: list[Event], now: int
) -> dict[str, tuple[int, dict[int, int | None]]]:
    """Return visitors and, by day, who came back, for each cohort by its label."""
    always = Counted(replace(question, start=0, end=now + 1, condition=None), events)
    kept = Counted(replace(question, start=0, end=now + 1), events)
    starts: dict[int, list[int]] = {}
    for visit in always.list_touching():
        starts.setdefault(visit["visitor"], []).append(visit["start"])
    firsts = {(v["visitor"], v["start"]) for v in kept.list_touching()}
    cohorts: dict[str, list[list[int]]] = {}
    for visitor, own in starts.items():
        first = min(own)
        if question.start <= first < question.end and (visitor, first) in firsts:
            label = label_bucket(first, period, question.zone)
            cohorts.setdefault(label, []).append(sorted(own))

    def day_of(us: int) -> int:
        return make_moment(us, question.zone).date().toordinal()

    answer = {}
    for label, members in cohorts.items():
        last = max(day_of(own[0]) for own in members)
        returned = {}
        for day in days:
            came = sum(any(day_of(us) - day_of(own[0]) == day for us in own) for own in members)
            returned[day] = came if last + day <= day_of(now) else None
        answer[label] = (len(members), returned)
    return answer


# Paths and journeys


def _list_ways(question: Question, events: list[Event]) -> list[tuple[int, list[str]]]:
    """Return for each visit its visitor and its pages, loaded again or not."""
    views = [
        e for e in _visit_events(Counted(question, events)) if e["kind"] == "pageview" and e["path"]
    ]
    by_visit: dict[int, list[Event]] = {}
    for view in views:
        by_visit.setdefault(view["session"], []).append(view)
    return [
        (own[0]["visitor"], [path for path, _ in groupby(e["path"] for e in own)])
        for own in by_visit.values()
    ]


def answer_paths(
    question: Question, page: str, direction: str, events: list[Event]
) -> dict[str, tuple[int, int]]:
    """Return times and visitors for each neighbour of a page; '' for none."""
    found: dict[str, list[int]] = {}
    for visitor, pages in _list_ways(question, events):
        way = pages if direction == "forward" else pages[::-1]
        for here, after in zip(way, [*way[1:], ""], strict=True):
            if matches(here, page):
                found.setdefault(after, []).append(visitor)
    return {after: (len(who), len(set(who))) for after, who in found.items()}


def answer_journeys(
    question: Question, steps: int, page: str | None, events: list[Event]
) -> dict[tuple[str, ...], tuple[int, int]]:
    """Return visits and visitors for each journey."""
    found: dict[tuple[str, ...], list[int]] = {}
    for visitor, pages in _list_ways(question, events):
        begins = [i for i, path in enumerate(pages) if page is None or matches(path, page)]
        if begins:
            journey = tuple(pages[begins[0] : begins[0] + steps])
            found.setdefault(journey, []).append(visitor)
    return {journey: (len(who), len(set(who))) for journey, who in found.items()}
