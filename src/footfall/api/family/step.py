"""The body of a funnel's step."""

from typing import Annotated

import msgspec
from msgspec import Meta

from footfall.reports.funnel import FunnelStep
from footfall.reports.query import GoalFilter


class StepBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A page seen or a custom event sent; with both, the event on that page."""

    page: Annotated[str | None, Meta(description="Path, `*` allowed.")] = None
    event: Annotated[str | None, Meta(description="Name of a custom event, `*` allowed.")] = None
    props: Annotated[dict[str, str], Meta(description="Properties and their text form.")] = {}
    label: Annotated[str, Meta(description="What to call it; the page or event when absent.")] = ""


def parse_step(body: StepBody) -> FunnelStep:
    """Return the step that a body describes; the question refuses one that asks for nothing."""
    deed = GoalFilter(body.page, body.event, tuple(sorted(body.props.items())))
    return FunnelStep(body.label or body.event or body.page or "", deed)


def render_step(step: FunnelStep) -> StepBody:
    """Return the body of a step."""
    return StepBody(step.deed.page, step.deed.event, dict(step.deed.props), step.label)
