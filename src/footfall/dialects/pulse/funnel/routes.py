"""Routes of funnels: definitions, kept for the project, and their performance."""

import asyncio

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from footfall.dialects.pulse.access import ERRORS, reads, writes
from footfall.dialects.pulse.core import Period, Project, ReportsPort
from footfall.dialects.pulse.funnel.parse import parse_steps
from footfall.dialects.pulse.funnel.render import render_funnel, render_item, render_result
from footfall.dialects.pulse.funnel.shape import (
    ChangeFunnel,
    CreateFunnel,
    FunnelBody,
    FunnelList,
    FunnelResult,
)
from footfall.reports.definition import Funnels
from footfall.reports.funnel import FunnelQuestion
from footfall.reports.scope import Scope

_READS = reads("funnels")
_WRITES = writes("funnels")

Register = NamedDependency[SkipValidation[Funnels]]
Id = FromPath[str]


@get("/api/v1/funnels", opt=_READS, responses=ERRORS, sync_to_thread=True, summary="List funnels")
def list_funnels(project: Project, funnels: Register) -> FunnelList:
    """List the funnels of the project, oldest first."""
    return FunnelList([render_item(saved) for saved in funnels.list_saved(project)])


@post(
    "/api/v1/funnels", opt=_WRITES, responses=ERRORS, sync_to_thread=True, summary="Save a funnel"
)
def create_funnel(data: JSONBody[CreateFunnel], project: Project, funnels: Register) -> FunnelBody:
    """Save a funnel of 2 to 10 steps."""
    steps, wording = parse_steps(data.steps)
    return render_funnel(funnels.create(project, data.name, steps, wording))


@get(
    "/api/v1/funnels/{funnel_id:str}",
    opt=_READS,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Get a funnel",
)
def get_funnel(funnel_id: Id, project: Project, funnels: Register) -> FunnelBody:
    """Return a funnel with its steps."""
    return render_funnel(funnels.find(project, funnel_id))


@put(
    "/api/v1/funnels/{funnel_id:str}",
    opt=_WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Change a funnel",
)
def change_funnel(
    funnel_id: Id, data: JSONBody[ChangeFunnel], project: Project, funnels: Register
) -> FunnelBody:
    """Change a funnel's name, its steps, or both."""
    if data.steps is None:
        return render_funnel(funnels.change(project, funnel_id, name=data.name))
    steps, wording = parse_steps(data.steps)
    changed = funnels.change(project, funnel_id, name=data.name, content=steps, wording=wording)
    return render_funnel(changed)


@delete(
    "/api/v1/funnels/{funnel_id:str}",
    opt=_WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Delete a funnel",
)
def remove_funnel(funnel_id: Id, project: Project, funnels: Register) -> None:
    """Delete a funnel; what was counted stays."""
    funnels.remove(project, funnel_id)


@get(
    "/api/v1/funnels/{funnel_id:str}/analyze",
    opt=_READS,
    responses=ERRORS,
    summary="Analyze a funnel",
)
async def analyze_funnel(
    funnel_id: Id, project: Project, funnels: Register, reports: ReportsPort, period: Period
) -> FunnelResult:
    """Visitors of each step in their order, and how many were lost before it."""
    saved = await asyncio.to_thread(funnels.find, project, funnel_id)
    figures = await reports.ask(FunnelQuestion(Scope(project, period), saved.content))
    return render_result(saved, figures)


FUNNEL_ROUTES = (
    list_funnels,
    create_funnel,
    get_funnel,
    change_funnel,
    remove_funnel,
    analyze_funnel,
)
