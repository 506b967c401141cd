"""From Pulse's steps to the core's."""

from collections.abc import Sequence

import msgspec

from footfall.dialects.pulse.funnel.shape import Step, StepInput
from footfall.dialects.pulse.pattern import parse_page_pattern
from footfall.dialects.pulse.property import parse_property_match
from footfall.errors import InvalidInputError
from footfall.reports.funnel import FunnelStep
from footfall.reports.query import GoalFilter

_TYPES = {"pageview": "pageview", "url": "pageview", "page": "pageview", "event": "event"}
"""The documented types, and what Pulse's own code calls them."""


def parse_steps(inputs: Sequence[StepInput]) -> tuple[tuple[FunnelStep, ...], str]:
    """Return the steps, and their wording for `render_steps`.

    Raises InvalidInputError naming the step.
    """
    words = [_parse_words(i, step) for i, step in enumerate(inputs)]
    steps = tuple(_parse_step(i, word) for i, word in enumerate(words))
    return steps, msgspec.json.encode(words).decode()


def _parse_words(index: int, step: StepInput) -> Step:
    kind = _TYPES.get(step.type)
    if kind is None:
        raise InvalidInputError(
            f"type of step {index + 1} is '{step.type[:40]}'; accepted are pageview and event",
            field=f"steps[{index}].type",
        )
    value = step.value.strip()
    label = (step.label or "").strip() or value
    return Step(kind, value, label, step.event_data_match or None)


def _parse_step(index: int, word: Step) -> FunnelStep:
    field = f"steps[{index}]"
    if word.type == "pageview":
        return FunnelStep(
            word.label, GoalFilter(page=parse_page_pattern(word.value, f"{field}.value"))
        )
    if not word.value:
        raise InvalidInputError(
            f"value of step {index + 1} is empty; accepted is the name of an event",
            field=f"{field}.value",
        )
    props = parse_property_match(word.event_data_match or {}, f"{field}.event_data_match")
    return FunnelStep(word.label, GoalFilter(event=word.value, props=props))
