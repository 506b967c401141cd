"""Searches within the site in the words of our API."""

from typing import TypedDict

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
from footfall.reports.site_search import SearchFigures, SearchList, SearchQuestion


class SearchesBody(ListBody, frozen=True, kw_only=True):
    """What visitors searched for on the site."""


class SearchFiguresBody(msgspec.Struct, frozen=True, kw_only=True):
    """Searches, their visitors, how many found nothing. Share (0 to 1) and mean are over the
    `counted` searches, which told how many results they had; null without any."""

    searches: int
    visitors: int
    counted: int
    without_results: int
    share_without_results: float | None
    mean_results: float | None


class SearchTermBody(SearchFiguresBody, frozen=True, kw_only=True):
    """One term as it was typed. `share` is of all searches, 0 to 1."""

    term: str
    share: float


class SearchesAnswer(ReportBody, frozen=True, kw_only=True):
    """The terms asked for, the most frequent first."""

    rows: list[SearchTermBody]
    total_rows: int
    totals: SearchFiguresBody


def _parse(body: SearchesBody, project: Project, now_us: int) -> SearchQuestion:
    return SearchQuestion(parse_scope(body, project, now_us), parse_slice(body))


def _render(found: SearchList, question: SearchQuestion, project: Project) -> SearchesAnswer:
    return SearchesAnswer(
        **render_scope(question.scope, project),
        rows=[
            SearchTermBody(
                term=term.term,
                share=term.figures.searches / found.totals.searches,
                **_render_figures(term.figures),
            )
            for term in found.terms.rows
        ],
        total_rows=found.terms.total,
        totals=SearchFiguresBody(**_render_figures(found.totals)),
    )


class _FigureFields(TypedDict):
    searches: int
    visitors: int
    counted: int
    without_results: int
    share_without_results: float | None
    mean_results: float | None


def _render_figures(figures: SearchFigures) -> _FigureFields:
    return {
        "searches": figures.searches,
        "visitors": figures.visitors,
        "counted": figures.counted,
        "without_results": figures.without_results,
        "share_without_results": figures.share_without_results,
        "mean_results": figures.mean_results,
    }


SEARCHES = Family(
    name="searches",
    title="Searches within the site",
    description="Terms that visitors searched for, and which of them found nothing.",
    body=SearchesBody,
    answer=SearchesAnswer,
    parse=_parse,
    render=_render,
    example={"project": "default", "range": "30d", "limit": 10},
)
