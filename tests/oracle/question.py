"""Questions in plain values, and what they ask of events and visits."""

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.oracle.calendar import make_moment
from tests.oracle.session import FIRST_EVENT_FIELDS, Event, Visit

Condition = tuple[Any, ...]
"""('dimension', name, operator, values), ('goal', page, event, props), ('and', …), ('or', …) or
('not', condition)."""

EVENT_FIELDS = {
    "page": "path",
    "title": "title",
    "name": "name",
    "kind": "kind",
    "currency": "currency",
    "bot_reasons": "bot_reasons",
}
ENTRY_AND_EXIT = ("entry_page", "exit_page")
CLOCK = ("hour_of_day", "weekday")
OMITTED_WHEN_EMPTY = {"page", "title", "name", "currency", "bot_reasons", "event", *ENTRY_AND_EXIT}


@dataclass(frozen=True)
class Question:
    """What is asked; instants in microseconds, the end is not part of the range."""

    metrics: tuple[str, ...]
    start: int
    end: int
    dimensions: tuple[str, ...] = ()
    condition: Condition | None = None
    interval: str | None = None
    zone: str = "UTC"
    bots: str = "exclude"


def is_of_event(name: str) -> bool:
    """Tell whether only events have the dimension."""
    return name in EVENT_FIELDS or name == "event" or name.startswith("prop:")


def is_omitted_when_empty(name: str) -> bool:
    """Tell whether what has no value of the dimension stands in no line."""
    return name in OMITTED_WHEN_EMPTY or name.startswith("prop:")


def read_dimension(name: str, question: Question, event: Event | None, visit: Visit | None) -> str:
    """Return the value of a dimension: of the visit where it has one and a visit is given, else
    of the event."""
    if name == "event":
        return str(event["name"]) if event["kind"] == "event" else ""
    if name.startswith("prop:"):
        return _write_property(event["props"], name[5:])
    if name in EVENT_FIELDS:
        return str(event[EVENT_FIELDS[name]])
    if name in ENTRY_AND_EXIT:
        return str(visit[name]) if visit else ""
    if name in CLOCK:
        us = event["ts"] if visit is None else max(visit["start"], question.start)
        moment = make_moment(us, question.zone)
        return f"{moment.hour:02}" if name == "hour_of_day" else str(moment.isoweekday())
    if name == "referrer_host":
        return str((visit or event)["referrer"]).partition("/")[0]
    field = "site" if name == "hostname" else name
    assert field in FIRST_EVENT_FIELDS
    return str((visit or event)[field])


def _write_property(props: dict[str, Any], key: str) -> str:
    value = props.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def asks_of_event(condition: Condition | None) -> bool:
    """Tell whether some part asks something of a single event."""
    if condition is None:
        return False
    if condition[0] == "dimension":
        return is_of_event(condition[1])
    if condition[0] == "goal":
        return False
    return any(asks_of_event(part) for part in condition[1:])


class Judge:
    """Decides conditions over one list of events."""

    def __init__(self, question: Question, events: list[Event], visits: dict[int, Visit]) -> None:
        self.question = question
        self.visits = visits
        self.in_range = [e for e in events if question.start <= e["ts"] < question.end]

    def holds(self, condition: Condition | None, event: Event | None, visit: Visit | None) -> bool:
        """Decide a condition on an event, on a visit, or on both; with both, whatever a visit
        has is asked of the visit."""
        if condition is None:
            return True
        word, *rest = condition
        if word == "and":
            return all(self.holds(part, event, visit) for part in rest)
        if word == "or":
            return any(self.holds(part, event, visit) for part in rest)
        if word == "not":
            return not self.holds(rest[0], event, visit)
        if word == "goal":
            session = visit["session"] if visit else event["session"]
            *rest, min_duration_s, min_pageviews = (*rest, None, None)[:5]
            if min_duration_s or min_pageviews:
                return is_long(self.visits.get(session), min_duration_s, min_pageviews)
            return session != 0 and any(
                e["session"] == session and is_goal(e, *rest) for e in self.in_range
            )
        name, operator, values = rest
        asked = visit
        if asked is None and name in ENTRY_AND_EXIT:
            asked = self.visits.get(event["session"])
        value = read_dimension(name, self.question, event, asked)
        found = any(_compares(value, operator.removeprefix("not_"), v) for v in values)
        if operator == "is_not":
            return value not in values
        return not found if operator.startswith("not_") else found


def is_goal(
    event: Event, page: str | None, name: str | None, props: tuple[tuple[str, str], ...]
) -> bool:
    """Tell whether an event is a page seen or an event sent."""
    if name is not None and not (event["kind"] == "event" and matches(event["name"], name)):
        return False
    if page is not None and not matches(event["path"], page):
        return False
    if name is None and event["kind"] != "pageview":
        return False
    return all(_write_property(event["props"], key) == value for key, value in props)


def is_long(visit: Visit | None, min_duration_s: int | None, min_pageviews: int | None) -> bool:
    """Tell whether a visit is as long as wanted."""
    if visit is None:
        return False
    if visit["end"] - visit["start"] < (min_duration_s or 0) * 1_000_000:
        return False
    return visit["pageviews"] >= (min_pageviews or 0)


def _compares(value: str, operator: str, wanted: str) -> bool:
    if operator == "is":
        return value == wanted
    return wanted in value if operator == "contains" else matches(value, wanted)


def matches(value: str, pattern: str) -> bool:
    """Tell whether a whole text matches; `*` is any run of characters."""
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(expression, value, re.DOTALL) is not None
