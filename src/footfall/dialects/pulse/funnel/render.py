"""From the core's funnels to Pulse's. Nothing here can fail."""

import msgspec

from footfall.dialects.pulse.funnel.shape import (
    FunnelBody,
    FunnelItem,
    FunnelResult,
    Step,
    StepResult,
)
from footfall.dialects.pulse.render import render_percent, render_time
from footfall.reports.definition import Saved
from footfall.reports.funnel import FunnelFigures, FunnelStep, StepFigures

SavedFunnel = Saved[tuple[FunnelStep, ...]]

_words = msgspec.json.Decoder(list[Step])


def render_funnel(saved: SavedFunnel) -> FunnelBody:
    """Return a funnel with its steps."""
    return FunnelBody(saved.id, saved.name, render_steps(saved), render_time(saved.created_at_us))


def render_item(saved: SavedFunnel) -> FunnelItem:
    """Return a funnel for a list."""
    return FunnelItem(saved.id, saved.name, len(saved.content), render_time(saved.created_at_us))


def render_steps(saved: SavedFunnel) -> list[Step]:
    """Return the steps in the words they came in, or in ours when another door saved them."""
    if saved.wording:
        return _words.decode(saved.wording)
    return [_render_step(step) for step in saved.content]


def _render_step(step: FunnelStep) -> Step:
    deed = step.deed
    kind = "pageview" if deed.event is None else "event"
    return Step(kind, deed.event or deed.page or "", step.label, dict(deed.props) or None)


def render_result(saved: SavedFunnel, figures: FunnelFigures) -> FunnelResult:
    """Return the performance of a funnel."""
    steps = [
        _render_figures(index, step.label, found)
        for index, (step, found) in enumerate(zip(saved.content, figures.steps, strict=True))
    ]
    return FunnelResult(saved.id, saved.name, steps, render_percent(figures.overall))


def _render_figures(index: int, label: str, figures: StepFigures) -> StepResult:
    rate = render_percent(1 if index == 0 else figures.from_previous)
    return StepResult(label, figures.visitors, figures.drop_off, rate)
