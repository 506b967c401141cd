"""An experiment as people read it: a verdict in a sentence, figures with what they are made of,
and the places of its intervals in the drawing. It works out no statistics."""

from dataclasses import dataclass
from math import ceil, isfinite

from footfall.dashboard.figure import NOTHING, render_count, render_share, render_value
from footfall.experiments.analysis import Analysis, ArmFigures, Estimate, SizePlan
from footfall.experiments.experiment import Experiment, Status
from footfall.experiments.verdict import Verdict

STATUS_WORDS: dict[Status, str] = {
    "draft": "Draft",
    "running": "Running",
    "paused": "Paused",
    "completed": "Completed",
    "archived": "Archived",
}

ACTIONS: dict[Status, tuple[tuple[Status, str], ...]] = {
    "draft": (("running", "Start"),),
    "running": (("paused", "Pause"), ("completed", "Complete")),
    "paused": (("running", "Resume"), ("completed", "Complete")),
    "completed": (("archived", "Archive"),),
    "archived": (),
}
"""What the page offers to do next; the first is what most people want."""

WIDEST = 10.0
"""Uplifts beyond ten times the control are drawn at the edge."""

LEAST_HALF = 0.05
"""The drawing never shows less than five percent to each side: noise must look like noise."""

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Distances of marks under the drawing; the first that gives at most three to a side is taken."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the figures amount to: 'good', 'bad' or '' with the words."""

    tone: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A place under the drawing."""

    at: str
    """Percent of the width."""
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """An uplift drawn: the value, the interval of one look and the one that always holds, as
    percents of the width."""

    value: str
    low: str
    high: str
    sequence_low: str
    sequence_high: str
    tone: str


@dataclass(frozen=True, slots=True)
class ArmRow:
    """One variant in the table and in the drawing."""

    name: str
    is_control: bool
    units: str
    conversions: str
    rate: str
    rate_interval: str
    uplift: str
    uplift_interval: str
    revenue: str
    revenue_per_unit: str
    verdict: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Forest:
    """The drawing of all uplifts on one scale."""

    marks: tuple[Mark, ...]
    zero: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the page of an experiment shows."""

    sentence: Sentence
    rows: tuple[ArmRow, ...]
    forest: Forest | None
    """None while nothing can be drawn."""
    ratio: str
    contaminated: str
    plan: str


_VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.BROKEN: "cannot be trusted",
    Verdict.TOO_EARLY: "too early",
    Verdict.UNDECIDED: "no difference yet",
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
}


def make_sheet(analysis: Analysis) -> Sheet:
    """Put an analysis into words and places."""
    arms = analysis.metrics[0].arms
    half = _find_half(arms)
    return Sheet(
        sentence=make_sentence(analysis),
        rows=tuple(_make_row(arm, half) for arm in arms),
        forest=_make_forest(half) if any(_uplift(arm) for arm in arms) else None,
        ratio=_describe_ratio(analysis),
        contaminated=_describe_contaminated(analysis),
        plan=_describe_plan(analysis.plan),
    )


def make_sentence(analysis: Analysis) -> Sentence:
    """Return the verdict over an experiment in plain words."""
    experiment = analysis.experiment
    arms = analysis.metrics[0].arms
    if experiment.started_at_us is None:
        return Sentence("", "A draft", "Nobody sees it yet. Start it when its variants are ready.")
    if not any(arm.rate.count for arm in arms):
        return Sentence(
            "",
            "Nobody has seen a variant yet",
            "Ask the server for each visitor's variant, or load the script that shows them.",
        )
    if analysis.ratio.is_alarm:
        return Sentence(
            "bad",
            "These figures cannot be trusted",
            "Visitors do not fall to the variants as the weights say. Something loses visitors of "
            "one variant; find it, and start the experiment anew.",
        )
    has_goal = bool(experiment.goal_id or experiment.metric)
    if not has_goal and not any(arm.rate.successes for arm in arms):
        return Sentence("", "Visitors are counted", "There is no goal, so nothing is compared.")
    if len(arms) == 1:
        return Sentence("", "One variant", "There is nothing to compare it with.")
    return _judge(analysis, arms)


def _judge(analysis: Analysis, arms: tuple[ArmFigures, ...]) -> Sentence:
    def find(verdict: Verdict) -> list[ArmFigures]:
        return [a for a in arms if a.comparison and a.comparison.verdict is verdict]

    control = next(arm for arm in arms if arm.comparison is None)
    better = sorted(find(Verdict.BETTER), key=lambda a: a.rate.value or 0, reverse=True)
    if better:
        best = better[0]
        return Sentence(
            "good",
            f"“{best.variant.name}” is better",
            f"{render_share(best.rate.value)} convert instead of "
            f"{render_share(control.rate.value)} with “{control.variant.name}”. The difference is "
            "there however often you looked; you may stop here.",
        )
    worse = find(Verdict.WORSE)
    if worse and len(worse) == len(arms) - 1:
        names = " and ".join(f"“{arm.variant.name}”" for arm in worse)
        return Sentence(
            "bad",
            f"{names} {'is' if len(worse) == 1 else 'are'} worse",
            f"Keep “{control.variant.name}”: {render_share(control.rate.value)} convert with it.",
        )
    if find(Verdict.TOO_EARLY):
        return Sentence(
            "",
            "Too early to say",
            "Each variant needs at least ten conversions, and ten visitors without one.",
        )
    if analysis.plan.missing == 0:
        return Sentence(
            "",
            "No difference shows",
            "There were enough visitors to see an uplift of "
            f"{render_percent(analysis.plan.uplift)} at one planned look. If that is the least you "
            "care for, take whichever you like.",
        )
    return Sentence("", "No difference shows yet", "Let it run; looking again costs nothing.")


def render_percent(share: float) -> str:
    """Write a share as '12 %' or '0.5 %'."""
    return f"{share * 100:.3g}\u00a0%"


def render_signed(share: float) -> str:
    """Write a change as '+12.3 %' or '−4.0 %'."""
    sign = "+" if share > 0 else "−" if share < 0 else "±"
    return f"{sign}{abs(share) * 100:,.1f}\u00a0%"


def render_weight(experiment: Experiment, index: int) -> str:
    """Write a variant's share of the visitors who take part."""
    total = sum(variant.weight for variant in experiment.variants)
    return render_share(experiment.variants[index].weight / total)


def _make_row(arm: ArmFigures, half: float) -> ArmRow:
    comparison, uplift = arm.comparison, _uplift(arm)
    sequence = uplift.sequence if uplift else None
    return ArmRow(
        name=arm.variant.name,
        is_control=arm.variant.is_control,
        units=render_count(arm.rate.count),
        conversions=render_count(arm.rate.successes),
        rate=render_share(arm.rate.value),
        rate_interval=f"{render_share(arm.interval.low)} to {render_share(arm.interval.high)}"
        if arm.rate.count
        else NOTHING,
        uplift=render_signed(uplift.value) if uplift else NOTHING,
        uplift_interval=f"{render_signed(sequence.low)} to {render_signed(sequence.high)}"
        if sequence
        else NOTHING,
        revenue=render_value("money", arm.revenue),
        revenue_per_unit=NOTHING
        if arm.revenue_per_unit is None
        else f"{arm.revenue_per_unit:,.2f}",
        verdict=_VERDICT_WORDS[comparison.verdict] if comparison else "control",
        line=_make_line(uplift, half, comparison.verdict) if uplift and comparison else None,
    )


def _uplift(arm: ArmFigures) -> Estimate | None:
    return arm.comparison.uplift if arm.comparison else None


def _find_half(arms: tuple[ArmFigures, ...]) -> float:
    ends = [
        abs(end) for arm in arms if (u := _uplift(arm)) for end in (u.sequence.low, u.sequence.high)
    ]
    widest = max((end for end in ends if isfinite(end)), default=LEAST_HALF)
    return min(WIDEST, max(LEAST_HALF, widest * 1.05))


def _make_forest(half: float) -> Forest:
    step = next((s for s in STEPS if half / s <= 3.5), STEPS[-1])
    count = int(half / step)
    marks = [step * n for n in range(-count, count + 1)]
    texts = [
        "0" if not mark else render_signed(mark).replace(".0\u00a0", "\u00a0") for mark in marks
    ]
    places = [_place(mark, half) for mark in marks]
    return Forest(tuple(Mark(*pair) for pair in zip(places, texts, strict=True)), _place(0, half))


def _make_line(estimate: Estimate, half: float, verdict: Verdict) -> Line:
    tones = {Verdict.BETTER: "good", Verdict.WORSE: "bad"}
    return Line(
        value=_place(estimate.value, half),
        low=_place(estimate.interval.low, half),
        high=_place(estimate.interval.high, half),
        sequence_low=_place(estimate.sequence.low, half),
        sequence_high=_place(estimate.sequence.high, half),
        tone=tones.get(verdict, "flat"),
    )


def _place(value: float, half: float) -> str:
    inside = max(-half, min(half, value))
    return f"{(inside + half) / (2 * half) * 100:.2f}%"


def _describe_ratio(analysis: Analysis) -> str:
    ratio = analysis.ratio
    pairs = zip(ratio.observed, ratio.expected, strict=True)
    counts = ", ".join(f"{render_count(o)} of {render_count(e)} expected" for o, e in pairs)
    if ratio.p is None:
        return f"Too few visitors to check: {counts}."
    p = f"p = {ratio.p:.3f}" if ratio.p >= 0.001 else "p below 0.001"
    return f"{counts} ({p})."


def _describe_contaminated(analysis: Analysis) -> str:
    count = analysis.contaminated
    if not count:
        return "None."
    return f"{render_count(count)}: they are left out of every figure."


def _describe_plan(plan: SizePlan) -> str:
    uplift = render_percent(plan.uplift)
    if plan.needed is None:
        return f"Not known before the control converts ({plan.base.successes} conversions)."
    if plan.missing == 0:
        return f"Enough for an uplift of {uplift}: {render_count(plan.needed)} for each variant."
    words = (
        f"{render_count(plan.needed)} for each variant to see an uplift of {uplift}; "
        f"{render_count(plan.missing or 0)} are missing"
    )
    if plan.days_left is None:
        return f"{words}."
    days = max(1, ceil(plan.days_left))
    return f"{words}, about {days:,} {'day' if days == 1 else 'days'} at the present rate."
