"""From Pulse's goals to the core's. Each type is configured by the documented name of its field,
or by one of the names that Pulse's own code uses."""

from collections.abc import Mapping
from typing import Any

import msgspec

from footfall.dialects.pulse.goal.shape import Wording
from footfall.dialects.pulse.pattern import parse_page_pattern
from footfall.dialects.pulse.property import parse_property_match
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.reports.query import GoalFilter

NAMES = {
    "pageview": ("path", "url_pattern", "url"),
    "event": ("event_name", "name"),
    "duration": ("threshold_seconds", "min_seconds", "threshold"),
    "pages_per_session": ("threshold_pages", "min_pages", "threshold"),
}
"""The types of goals with the names of the field that configures each, the documented one first."""

WORDING_LIMIT = 8_192
"""Characters of a goal's configuration: four of the longest paths."""


def parse_goal(goal_type: str, config: Mapping[str, Any]) -> tuple[GoalFilter, str]:
    """Return a goal, and its wording for `render_goal`.

    Raises InvalidInputError for an unknown type, MissingFieldError and InvalidInputError for the
    configuration.
    """
    if goal_type not in NAMES:
        raise InvalidInputError(
            f"goal_type is '{goal_type[:40]}'; accepted are {', '.join(NAMES)}", field="goal_type"
        )
    wording = msgspec.json.encode(Wording(goal_type, dict(config))).decode()
    if len(wording) > WORDING_LIMIT:
        raise InvalidInputError(
            f"config takes {len(wording)} characters; accepted are {WORDING_LIMIT}", field="config"
        )
    return _PARSERS[goal_type](config), wording


def _parse_pageview(config: Mapping[str, Any]) -> GoalFilter:
    name, value = _find("pageview", config)
    return GoalFilter(page=parse_page_pattern(_check_text(name, value), f"config.{name}"))


def _parse_event(config: Mapping[str, Any]) -> GoalFilter:
    name, value = _find("event", config)
    match = config.get("event_data_match") or {}
    if not isinstance(match, Mapping):
        raise InvalidInputError(
            f"config.event_data_match is {str(match)[:40]!r}; accepted is an object",
            field="config.event_data_match",
        )
    props = parse_property_match(match, "config.event_data_match")
    return GoalFilter(event=_check_text(name, value), props=props)


def _parse_duration(config: Mapping[str, Any]) -> GoalFilter:
    return GoalFilter(min_duration_s=_check_number(*_find("duration", config)))


def _parse_pages(config: Mapping[str, Any]) -> GoalFilter:
    return GoalFilter(min_pageviews=_check_number(*_find("pages_per_session", config)))


_PARSERS = {
    "pageview": _parse_pageview,
    "event": _parse_event,
    "duration": _parse_duration,
    "pages_per_session": _parse_pages,
}


def _find(goal_type: str, config: Mapping[str, Any]) -> tuple[str, Any]:
    names = NAMES[goal_type]
    for name in names:
        if config.get(name) is not None:
            return name, config[name]
    raise MissingFieldError(f"config.{names[0]}")


def _check_text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidInputError(
            f"config.{name} is {str(value)[:40]!r}; accepted is text", field=f"config.{name}"
        )
    return value.strip()


def _check_number(name: str, value: Any) -> int:
    is_whole = (
        isinstance(value, int | float) and not isinstance(value, bool) and value == int(value)
    )
    if not is_whole or value < 1:
        raise InvalidInputError(
            f"config.{name} is {str(value)[:40]!r}; accepted is a whole number from 1 on",
            field=f"config.{name}",
        )
    return int(value)
