"""Funnels in the words of our API."""

from typing import Annotated

import msgspec
from msgspec import Meta

from footfall.api.family.family import Family
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.api.family.step import StepBody, parse_step, render_step
from footfall.api.saved import SavedDefinitions
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.projects.project import Project
from footfall.reports.funnel import FunnelFigures, FunnelQuestion, FunnelStep, StepFigures


class FunnelBody(ScopeBody, frozen=True, kw_only=True):
    """How visitors went through steps in their order: `steps`, or a saved `funnel`."""

    steps: Annotated[tuple[StepBody, ...], Meta(description="2 to 10 steps.")] = ()
    funnel: Annotated[str | None, Meta(description="Id of a saved funnel of the project.")] = None
    window_minutes: Annotated[
        int | None, Meta(description="From the first step to the last it may take so long.")
    ] = None
    within_visit: Annotated[bool, Meta(description="All steps lie in one visit.")] = False
    dimension: Annotated[
        str | None, Meta(description="Set: the figures also by this dimension of the first step.")
    ] = None
    limit: Annotated[int, Meta(description="1 to 100 values of the dimension.")] = 10


class FunnelStepBody(msgspec.Struct, frozen=True):
    """What became of one step. Rates are 0 to 1; null: there is nothing to divide by."""

    label: str
    visitors: int
    drop_off: int
    from_previous: float | None
    from_first: float | None
    median_s: Annotated[
        float | None, Meta(description="Seconds since the step before, median over its visitors.")
    ]


class FunnelGroupBody(msgspec.Struct, frozen=True):
    """The steps of visitors whose first step had one value of the dimension."""

    value: str
    steps: list[FunnelStepBody]


class FunnelAnswer(ReportBody, frozen=True, kw_only=True):
    """The funnel over everybody, and by the dimension."""

    steps: list[FunnelStepBody]
    overall: float | None
    groups: list[FunnelGroupBody]


def _parse(body: FunnelBody, project: Project, now_us: int) -> FunnelQuestion:
    if not body.steps:
        raise MissingFieldError("steps")
    return FunnelQuestion(
        scope=parse_scope(body, project, now_us),
        steps=tuple(parse_step(step) for step in body.steps),
        window_minutes=body.window_minutes,
        within_visit=body.within_visit,
        dimension=body.dimension,
        limit=body.limit,
    )


def _fill(body: FunnelBody, saved: SavedDefinitions, project: Project) -> FunnelBody:
    if body.funnel is None:
        return body
    if body.steps:
        raise InvalidInputError(
            f"both steps and the saved funnel '{body.funnel[:60]}' are given; give one of them",
            field="funnel",
        )
    steps = saved.funnels.find(project.number, body.funnel).content
    return msgspec.structs.replace(body, steps=tuple(render_step(step) for step in steps))


def _render(figures: FunnelFigures, question: FunnelQuestion, project: Project) -> FunnelAnswer:
    return FunnelAnswer(
        **render_scope(question.scope, project),
        steps=_render_steps(question.steps, figures.steps),
        overall=figures.overall,
        groups=[
            FunnelGroupBody(group.value, _render_steps(question.steps, group.steps))
            for group in figures.groups
        ],
    )


def _render_steps(
    steps: tuple[FunnelStep, ...], figures: tuple[StepFigures, ...]
) -> list[FunnelStepBody]:
    return [
        FunnelStepBody(s.label, f.visitors, f.drop_off, f.from_previous, f.from_first, f.median_s)
        for s, f in zip(steps, figures, strict=True)
    ]


FUNNEL = Family(
    name="funnel",
    title="Funnel",
    description="Visitors who went through steps in their order, where they left, and how long "
    "they took.",
    body=FunnelBody,
    answer=FunnelAnswer,
    parse=_parse,
    render=_render,
    example={
        "project": "default",
        "range": "30d",
        "steps": [{"page": "/pricing"}, {"page": "/signup*"}, {"event": "signup_complete"}],
        "window_minutes": 1440,
        "dimension": "source",
    },
    fill=_fill,
)
