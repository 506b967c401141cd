"""Scroll depth in the words of our API."""

import msgspec

from footfall.api.family.family import Family
from footfall.api.family.scope import (
    ListBody,
    ReportBody,
    parse_scope,
    parse_slice,
    render_scope,
)
from footfall.projects.project import Project
from footfall.reports.scroll import MARKS, ScrollFigures, ScrollList, ScrollQuestion


class ScrollBody(ListBody, frozen=True, kw_only=True):
    """How far pages were read."""


class ScrollFiguresBody(msgspec.Struct, frozen=True, kw_only=True):
    """Visits that told a depth, mean and median of the deepest point of each, percent of the
    page, and how many came at least to 25, 50, 75 and 100 percent."""

    visits: int
    mean_depth: float | None
    median_depth: float | None
    reached: dict[str, int]


class ScrolledPageBody(ScrollFiguresBody, frozen=True, kw_only=True):
    """One page."""

    page: str


class ScrollAnswer(ReportBody, frozen=True, kw_only=True):
    """The pages asked for, the most measured first. In the totals a visit counts once for each
    page it scrolled."""

    rows: list[ScrolledPageBody]
    total_rows: int
    totals: ScrollFiguresBody


def _parse(body: ScrollBody, project: Project, now_us: int) -> ScrollQuestion:
    return ScrollQuestion(parse_scope(body, project, now_us), parse_slice(body))


def _render(found: ScrollList, question: ScrollQuestion, project: Project) -> ScrollAnswer:
    return ScrollAnswer(
        **render_scope(question.scope, project),
        rows=[
            ScrolledPageBody(
                page=page.path,
                visits=page.figures.visits,
                mean_depth=page.figures.mean_depth,
                median_depth=page.figures.median_depth,
                reached=_render_reached(page.figures),
            )
            for page in found.pages.rows
        ],
        total_rows=found.pages.total,
        totals=ScrollFiguresBody(
            visits=found.totals.visits,
            mean_depth=found.totals.mean_depth,
            median_depth=found.totals.median_depth,
            reached=_render_reached(found.totals),
        ),
    )


def _render_reached(figures: ScrollFigures) -> dict[str, int]:
    return {str(mark): count for mark, count in zip(MARKS, figures.reached, strict=True)}


SCROLL = Family(
    name="scroll",
    title="Scroll depth",
    description="How far each page was read: the deepest point that each visit reached on it.",
    body=ScrollBody,
    answer=ScrollAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "30d", "limit": 10},
)
