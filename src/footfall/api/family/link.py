"""Outgoing links and downloads in the words of our API."""

from typing import Annotated, Literal

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
from footfall.reports.link import KINDS, Link, LinkList, LinksQuestion


class LinksBody(ListBody, frozen=True, kw_only=True):
    """Links that lead away from the site, and downloads."""

    kind: Annotated[
        Literal["outlink", "download"] | None, Meta(description="Only this kind; absent: both.")
    ] = None


class LinkPageBody(msgspec.Struct, frozen=True):
    """A page that the link was clicked on."""

    page: str
    clicks: int


class LinkBody(msgspec.Struct, frozen=True):
    """One link. `share` is of all clicks, 0 to 1; of its pages the first five are named."""

    kind: str
    url: str
    clicks: int
    share: float
    visitors: int
    page_count: int
    pages: list[LinkPageBody]


class LinkTotalsBody(msgspec.Struct, frozen=True):
    """Figures over all links."""

    clicks: int
    visitors: int


class LinksAnswer(ReportBody, frozen=True, kw_only=True):
    """The links asked for, the most clicked first."""

    rows: list[LinkBody]
    total_rows: int
    totals: LinkTotalsBody


def _parse(body: LinksBody, project: Project, now_us: int) -> LinksQuestion:
    kinds = KINDS if body.kind is None else (body.kind,)
    return LinksQuestion(parse_scope(body, project, now_us), kinds, parse_slice(body))


def _render(found: LinkList, question: LinksQuestion, project: Project) -> LinksAnswer:
    return LinksAnswer(
        **render_scope(question.scope, project),
        rows=[_render_link(link, found.clicks) for link in found.links.rows],
        total_rows=found.links.total,
        totals=LinkTotalsBody(found.clicks, found.visitors),
    )


def _render_link(link: Link, clicks: int) -> LinkBody:
    return LinkBody(
        link.kind,
        link.url,
        link.clicks,
        link.clicks / clicks,
        link.visitors,
        link.page_count,
        [LinkPageBody(page.path, page.clicks) for page in link.pages],
    )


LINKS = Family(
    name="links",
    title="Outgoing links and downloads",
    description="Links that lead away from the site and files that were downloaded, with the "
    "pages they were clicked on.",
    body=LinksBody,
    answer=LinksAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "30d", "kind": "download", "limit": 10},
)
