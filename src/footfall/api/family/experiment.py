"""The analysis of an experiment in the words of our API. Every figure comes with its numerator
and its denominator."""

from dataclasses import replace
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from footfall.api.family.family import Family, Parse
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.api.wire import RangeBody
from footfall.experiments.analysis import (
    LEAST_UPLIFT,
    Adjusted,
    Analysis,
    ArmFigures,
    Comparison,
    Estimate,
)
from footfall.experiments.laboratory import Laboratory
from footfall.experiments.report import ExperimentQuestion, find_whole_range
from footfall.experiments.statistic.sample import Interval
from footfall.experiments.success import Sent
from footfall.model.time_range import from_us
from footfall.projects.project import Project

WHOLE = "all"
"""The range that holds all of the experiment."""


class ExperimentBody(ScopeBody, frozen=True, kw_only=True):
    """An experiment to analyse; filters choose exposures, conversions count wherever they are."""

    experiment: Annotated[str, Meta(description="Id of the experiment, prefix or not.")]
    range: Annotated[
        str | RangeBody,
        Meta(description="`all` is the whole experiment; else as in every report."),
    ] = WHOLE
    metrics: Annotated[
        tuple[str, ...],
        Meta(description="More events whose senders convert, by kind or name; corrected for."),
    ] = ()
    unit: Annotated[Literal["visitor", "session"], Meta(description="Who is counted.")] = "visitor"
    uplift: Annotated[float, Meta(description="The relative effect worth seeing: 0.1 is 10 %.")] = (
        LEAST_UPLIFT
    )


class IntervalBody(msgspec.Struct, frozen=True):
    """From `low` to `high`."""

    low: float
    high: float


class EstimateBody(msgspec.Struct, frozen=True):
    """A value with the interval of one planned look (`interval`) and the one that holds however
    often one looks (`sequence`), both of 95 %."""

    value: float
    interval: IntervalBody
    sequence: IntervalBody


class AdjustedBody(msgspec.Struct, frozen=True):
    """The difference of rates without what earlier behaviour explains (CUPED)."""

    difference: EstimateBody
    p_sequential: float
    variance_reduction: float


class ComparisonBody(msgspec.Struct, frozen=True):
    """A variant against the control."""

    uplift: EstimateBody | None
    difference: EstimateBody | None
    z: float | None
    p_value: float | None
    significance: str
    p_sequential: float | None
    p_corrected: float | None
    adjusted: AdjustedBody | None
    revenue_uplift: EstimateBody | None
    revenue_p_sequential: float | None
    verdict: Literal["broken", "too_early", "undecided", "better", "worse"]


class VariantFiguresBody(msgspec.Struct, frozen=True):
    """One variant: `conversions` of `units` are its rate."""

    id: str
    name: str
    control: bool
    units: int
    conversions: int
    rate: float | None
    rate_interval: IntervalBody
    revenue: float
    revenue_per_unit: float | None
    comparison: ComparisonBody | None


class MetricFiguresBody(msgspec.Struct, frozen=True):
    """All variants by one metric."""

    name: str
    variants: list[VariantFiguresBody]


class RatioBody(msgspec.Struct, frozen=True):
    """Whether units fall to variants as the weights say; with `alarm` nothing can be believed."""

    observed: list[int]
    expected: list[float]
    p_value: float | None
    alarm: bool


class SizeBody(msgspec.Struct, frozen=True):
    """What is still needed to see an uplift, from the control's rate on."""

    uplift: float
    base_conversions: int
    base_units: int
    needed_per_variant: int | None
    missing: int | None
    days_left: float | None


class ExperimentAnswer(ReportBody, frozen=True, kw_only=True):
    """Everything there is to say about an experiment; its own metric stands first."""

    experiment: str
    name: str
    status: str
    started_at: str | None
    ended_at: str | None
    unit: str
    metrics: list[MetricFiguresBody]
    sample_ratio: RatioBody
    contaminated: int
    sample_size: SizeBody


def make_experiment_parse(laboratory: Laboratory) -> Parse:
    """Return the parser of bodies, which looks the experiment up; it blocks."""

    def parse(body: ExperimentBody, project: Project, now_us: int) -> ExperimentQuestion:
        experiment = laboratory.experiments.find(project.number, body.experiment)
        is_whole = body.range == WHOLE
        scope = parse_scope(
            msgspec.structs.replace(body, range="today") if is_whole else body, project, now_us
        )
        if is_whole:
            whole = find_whole_range(experiment, now_us)
            scope = replace(scope, range=whole)
        return ExperimentQuestion(
            scope=scope,
            experiment=experiment,
            successes=(
                laboratory.find_own_success(experiment),
                *((name, Sent(name)) for name in dict.fromkeys(body.metrics)),
            ),
            unit=body.unit,
            uplift=body.uplift,
        )

    return parse


def _render(analysis: Analysis, question: ExperimentQuestion, project: Project) -> ExperimentAnswer:
    experiment, plan = analysis.experiment, analysis.plan
    return ExperimentAnswer(
        **render_scope(question.scope, project),
        experiment=experiment.id,
        name=experiment.name,
        status=experiment.status,
        started_at=_render_instant(experiment.started_at_us),
        ended_at=_render_instant(experiment.ended_at_us),
        unit=question.unit,
        metrics=[
            MetricFiguresBody(m.name, [_render_arm(arm) for arm in m.arms])
            for m in analysis.metrics
        ],
        sample_ratio=RatioBody(
            list(analysis.ratio.observed),
            list(analysis.ratio.expected),
            analysis.ratio.p,
            analysis.ratio.is_alarm,
        ),
        contaminated=analysis.contaminated,
        sample_size=SizeBody(
            plan.uplift,
            plan.base.successes,
            plan.base.count,
            plan.needed,
            plan.missing,
            plan.days_left,
        ),
    )


def _render_arm(arm: ArmFigures) -> VariantFiguresBody:
    return VariantFiguresBody(
        id=arm.variant.id,
        name=arm.variant.name,
        control=arm.variant.is_control,
        units=arm.rate.count,
        conversions=arm.rate.successes,
        rate=arm.rate.value,
        rate_interval=_render_interval(arm.interval),
        revenue=arm.revenue,
        revenue_per_unit=arm.revenue_per_unit,
        comparison=_render_comparison(arm.comparison) if arm.comparison else None,
    )


def _render_comparison(comparison: Comparison) -> ComparisonBody:
    return ComparisonBody(
        uplift=_render_estimate(comparison.uplift),
        difference=_render_estimate(comparison.difference),
        z=comparison.z_test.z,
        p_value=comparison.z_test.p,
        significance=comparison.z_test.significance.value,
        p_sequential=comparison.p_sequential,
        p_corrected=comparison.p_corrected,
        adjusted=_render_adjusted(comparison.adjusted) if comparison.adjusted else None,
        revenue_uplift=_render_estimate(comparison.revenue_uplift),
        revenue_p_sequential=comparison.revenue_p_sequential,
        verdict=comparison.verdict.value,
    )


def _render_adjusted(adjusted: Adjusted) -> AdjustedBody:
    return AdjustedBody(
        _show_estimate(adjusted.difference), adjusted.p_sequential, adjusted.reduction
    )


def _render_estimate(estimate: Estimate | None) -> EstimateBody | None:
    return None if estimate is None else _show_estimate(estimate)


def _show_estimate(estimate: Estimate) -> EstimateBody:
    return EstimateBody(
        estimate.value, _render_interval(estimate.interval), _render_interval(estimate.sequence)
    )


def _render_interval(interval: Interval) -> IntervalBody:
    return IntervalBody(interval.low, interval.high)


def _render_instant(us: int | None) -> str | None:
    return None if us is None else from_us(us).isoformat().replace("+00:00", "Z")


EXPERIMENT = Family(
    name="experiment",
    title="Experiments",
    description="Rates, uplift and revenue of every variant, with statistics that hold at every "
    "look, the check of sample ratios, and the sample size still needed.",
    body=ExperimentBody,
    answer=ExperimentAnswer,
    parse=None,
    render=_render,
    example={"project": "default", "experiment": "checkout-button", "uplift": 0.1},
)
