"""Web Vitals in the words of our API."""

from typing import Literal

import msgspec

from footfall.api.family.family import Family
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.projects.project import Project
from footfall.reports.vitals import VitalFigures, VitalsQuestion


class VitalsBody(ScopeBody, frozen=True):
    """How fast pages felt."""


class VitalBody(msgspec.Struct, frozen=True):
    """One vital: milliseconds, CLS without unit; the verdict is over the 75th percentile."""

    p50: float
    p75: float
    p99: float
    samples: int
    rating: Literal["good", "needs-improvement", "poor"]


class VitalsAnswer(ReportBody, frozen=True, kw_only=True):
    """The vitals that were measured, by name."""

    vitals: dict[str, VitalBody]


def _parse(body: VitalsBody, project: Project, now_us: int) -> VitalsQuestion:
    return VitalsQuestion(parse_scope(body, project, now_us))


def _render(
    figures: tuple[VitalFigures, ...], question: VitalsQuestion, project: Project
) -> VitalsAnswer:
    vitals: dict[str, VitalBody] = {
        f.vital: VitalBody(f.p50, f.p75, f.p99, f.samples, f.rating) for f in figures
    }
    return VitalsAnswer(**render_scope(question.scope, project), vitals=vitals)


VITALS = Family(
    name="vitals",
    title="Web Vitals",
    description="Quantiles of every vital with the verdict over its 75th percentile.",
    body=VitalsBody,
    answer=VitalsAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "7d"},
)
