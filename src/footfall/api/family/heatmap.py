"""Heatmaps in the words of our API."""

from typing import Annotated

import msgspec
from msgspec import Meta

from footfall.api.family.family import Family
from footfall.api.family.scope import (
    ListBody,
    ReportBody,
    parse_scope,
    parse_slice,
    render_scope,
)
from footfall.projects.project import Project
from footfall.reports.heatmap import ClickedPage, Heatmap, HeatmapPagesQuestion, HeatmapQuestion
from footfall.reports.slice import Listing


class HeatmapBody(ListBody, frozen=True, kw_only=True):
    """Where people clicked on a page. Filter by `device` to look at one kind of screen."""

    page: Annotated[str, Meta(description="Path of the page.")]


class ClickPointBody(msgspec.Struct, frozen=True):
    """One pixel of the page, from its top left corner, and the element clicked there."""

    x: int
    y: int
    selector: str
    count: int


class ClickedElementBody(msgspec.Struct, frozen=True):
    """One element; a rage click is the third click of a visit on it within a second, or one
    after that."""

    selector: str
    clicks: int
    visitors: int
    rage_clicks: int


class HeatmapAnswer(ReportBody, frozen=True, kw_only=True):
    """The places asked for, the most clicked first, and the hundred most clicked elements.
    `placed_clicks` are those of the total whose place is known."""

    page: str
    rows: list[ClickPointBody]
    total_rows: int
    total_clicks: int
    placed_clicks: int
    viewport_width: Annotated[
        int | None, Meta(description="The most frequent width, CSS pixels; null: none is known.")
    ]
    elements: list[ClickedElementBody]
    total_elements: int


class HeatmapPagesBody(ListBody, frozen=True, kw_only=True):
    """Pages that were clicked on."""


class ClickedPageBody(msgspec.Struct, frozen=True):
    """One page."""

    page: str
    clicks: int
    visitors: int


class HeatmapPagesAnswer(ReportBody, frozen=True, kw_only=True):
    """The pages asked for, the most clicked first."""

    rows: list[ClickedPageBody]
    total_rows: int


def _parse(body: HeatmapBody, project: Project, now_us: int) -> HeatmapQuestion:
    return HeatmapQuestion(parse_scope(body, project, now_us), body.page, parse_slice(body))


def _render(found: Heatmap, question: HeatmapQuestion, project: Project) -> HeatmapAnswer:
    points, elements = found.points, found.elements
    return HeatmapAnswer(
        **render_scope(question.scope, project),
        page=question.path,
        rows=[ClickPointBody(p.x, p.y, p.selector, p.count) for p in points.rows],
        total_rows=points.total,
        total_clicks=found.total_clicks,
        placed_clicks=found.placed_clicks,
        viewport_width=found.viewport_width,
        elements=[
            ClickedElementBody(e.selector, e.clicks, e.visitors, e.rage_clicks)
            for e in elements.rows
        ],
        total_elements=elements.total,
    )


def _parse_pages(body: HeatmapPagesBody, project: Project, now_us: int) -> HeatmapPagesQuestion:
    return HeatmapPagesQuestion(parse_scope(body, project, now_us), parse_slice(body))


def _render_pages(
    found: Listing[ClickedPage], question: HeatmapPagesQuestion, project: Project
) -> HeatmapPagesAnswer:
    return HeatmapPagesAnswer(
        **render_scope(question.scope, project),
        rows=[ClickedPageBody(p.path, p.clicks, p.visitors) for p in found.rows],
        total_rows=found.total,
    )


HEATMAP = Family(
    name="heatmap",
    title="Heatmap of a page",
    description="Clicks on one page by pixel and element, and the elements with their rage clicks.",
    body=HeatmapBody,
    answer=HeatmapAnswer,
    parse=_parse,
    render=_render,
    example={
        "project": "default",
        "range": "30d",
        "page": "/pricing",
        "filters": {"dimension": "device", "operator": "is", "values": ["Desktop"]},
        "limit": 1000,
    },
)

HEATMAP_PAGES = Family(
    name="heatmap-pages",
    title="Pages by clicks",
    description="Pages that were clicked on, to choose a heatmap from.",
    body=HeatmapPagesBody,
    answer=HeatmapPagesAnswer,
    parse=_parse_pages,
    render=_render_pages,
    example={"project": "default", "range": "30d", "limit": 10},
)
