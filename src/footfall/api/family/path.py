"""Ways through the site in the words of our API."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from footfall.api.family.family import Family
from footfall.api.family.scope import ReportBody, ScopeBody, parse_scope, render_scope
from footfall.projects.project import Project
from footfall.reports.path import Flows, JourneyQuestion, Journeys, PathQuestion


class PathsBody(ScopeBody, frozen=True, kw_only=True):
    """Where visits went from a page, or where they came from."""

    page: Annotated[str, Meta(description="Path of the pivot, `*` allowed.")]
    direction: Literal["forward", "backward"] = "forward"
    limit: Annotated[int, Meta(description="1 to 1000 pages.")] = 10


class FlowBody(msgspec.Struct, frozen=True):
    """One neighbour; null: the visit ended at the pivot, or began with it."""

    page: str | None
    times: Annotated[int, Meta(description="Views of the pivot with this neighbour.")]
    visitors: int
    share: Annotated[float, Meta(description="Of all views of the pivot, 0 to 1.")]


class PathsAnswer(ReportBody, frozen=True, kw_only=True):
    """The neighbours, the most frequent first."""

    page: str
    direction: str
    total: Annotated[int, Meta(description="Views of the pivot; reloads are none.")]
    flows: list[FlowBody]


class JourneysBody(ScopeBody, frozen=True, kw_only=True):
    """The first pages of visits, or the pages from the first view of `page` on."""

    steps: Annotated[int, Meta(description="2 to 5 pages.")] = 3
    page: Annotated[str | None, Meta(description="Where journeys begin, `*` allowed.")] = None
    limit: Annotated[int, Meta(description="1 to 1000 journeys.")] = 20


class JourneyBody(msgspec.Struct, frozen=True):
    """One journey; fewer pages than asked for: the visit ended there."""

    pages: list[str]
    visits: int
    visitors: int
    share: Annotated[float, Meta(description="Of all visits with a journey, 0 to 1.")]


class JourneysAnswer(ReportBody, frozen=True, kw_only=True):
    """The most frequent journeys."""

    total: Annotated[int, Meta(description="Visits that have a journey.")]
    journeys: list[JourneyBody]


def _parse_paths(body: PathsBody, project: Project, now_us: int) -> PathQuestion:
    return PathQuestion(parse_scope(body, project, now_us), body.page, body.direction, body.limit)


def _render_paths(answer: Flows, question: PathQuestion, project: Project) -> PathsAnswer:
    return PathsAnswer(
        **render_scope(question.scope, project),
        page=question.page,
        direction=question.direction,
        total=answer.total,
        flows=[FlowBody(f.page or None, f.times, f.visitors, f.share) for f in answer.flows],
    )


def _parse_journeys(body: JourneysBody, project: Project, now_us: int) -> JourneyQuestion:
    return JourneyQuestion(parse_scope(body, project, now_us), body.steps, body.page, body.limit)


def _render_journeys(
    answer: Journeys, question: JourneyQuestion, project: Project
) -> JourneysAnswer:
    return JourneysAnswer(
        **render_scope(question.scope, project),
        total=answer.total,
        journeys=[
            JourneyBody(list(j.pages), j.visits, j.visitors, j.share) for j in answer.journeys
        ],
    )


PATHS = Family(
    name="paths",
    title="Paths",
    description="The pages before or after a page, with the share of all its views.",
    body=PathsBody,
    answer=PathsAnswer,
    parse=_parse_paths,
    render=_render_paths,
    example={"project": "default", "range": "30d", "page": "/pricing", "direction": "forward"},
)

JOURNEYS = Family(
    name="journeys",
    title="Journeys",
    description="The most frequent ways of two to five pages, from the start of visits or from a "
    "page on.",
    body=JourneysBody,
    answer=JourneysAnswer,
    parse=_parse_journeys,
    render=_render_journeys,
    example={"project": "default", "range": "30d", "steps": 3},
)
