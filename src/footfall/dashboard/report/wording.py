"""Goals and steps of funnels in plain words, and as the fields of a form. The same fields serve
both; only goals may ask for a whole visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footfall.dashboard.figure import render_duration
from footfall.errors import InvalidInputError
from footfall.reports.query import GoalFilter


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does, as the fields of a form say it."""

    kind: str = "page"
    """'page', 'event', 'duration' or 'views'."""
    value: str = ""
    """A path, a name, seconds or pages."""
    prop: str = ""
    prop_value: str = ""


KINDS: Mapping[str, str] = {
    "page": "sees the page",
    "event": "sends the event",
    "duration": "stays for at least (seconds)",
    "views": "sees at least (pages)",
}
"""What a goal can ask for; steps of funnels only the first two."""


def render_goal(goal: GoalFilter) -> str:
    """Say in words what reaches a goal."""
    parts = []
    if goal.event is not None:
        parts.append(f"sends “{goal.event}”")
    if goal.page is not None:
        parts.append(f"{'on' if parts else 'sees'} {goal.page}")
    if goal.props:
        parts.append("with " + " and ".join(f"{name} = {value}" for name, value in goal.props))
    if goal.min_duration_s is not None:
        parts.append(f"stays {render_duration(goal.min_duration_s)} or longer")
    if goal.min_pageviews is not None:
        parts.append(f"sees {goal.min_pageviews} pages or more")
    return " ".join(parts)


def render_deed(goal: GoalFilter) -> Deed | None:
    """Return a goal as the fields of a form; None for one that they cannot say."""
    said = [
        ("page", goal.page),
        ("event", goal.event),
        ("duration", goal.min_duration_s),
        ("views", goal.min_pageviews),
    ]
    given = [(kind, str(value)) for kind, value in said if value is not None]
    if len(given) != 1 or len(goal.props) > 1:
        return None
    prop, prop_value = goal.props[0] if goal.props else ("", "")
    return Deed(*given[0], prop, prop_value)


def parse_deed(deed: Deed, *, field: str, kinds: Sequence[str] = tuple(KINDS)) -> GoalFilter:
    """Read the fields of a form. Raises InvalidInputError."""
    value = deed.value.strip()
    if deed.kind not in kinds:
        raise InvalidInputError(
            f"'{deed.kind[:40]}' is not known; use {', '.join(kinds)}", field=field
        )
    if not value:
        raise InvalidInputError(f"say which: “{KINDS[deed.kind]} …”", field=field)
    if deed.kind in {"duration", "views"}:
        if not value.isascii() or not value.isdigit() or int(value) < 1:
            raise InvalidInputError(
                f"'{value[:40]}' is no whole number; write for example 30", field=field
            )
        number = int(value)
        if deed.kind == "duration":
            return GoalFilter(min_duration_s=number)
        return GoalFilter(min_pageviews=number)
    prop = deed.prop.strip()
    props = ((prop, deed.prop_value.strip()),) if prop else ()
    if deed.kind == "event":
        return GoalFilter(event=value, props=props)
    return GoalFilter(page=value, props=props)
