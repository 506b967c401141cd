"""Routes to look at deliveries and to try them again, under the admin token."""

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter, SkipValidation

from footfall.delivery.delivery import STATES, Delivery, State
from footfall.delivery.outbox import Outbox
from footfall.dialects.pulse.access import ADMIN, ERRORS
from footfall.dialects.pulse.delivery.shape import DeliveryBody, DeliveryDetail, DeliveryList
from footfall.dialects.pulse.render import render_time
from footfall.errors import InvalidInputError
from footfall.http.paging import parse_page
from footfall.projects.register import Projects

DEFAULT_LIMIT = 50

Register = NamedDependency[Projects]
Box = NamedDependency[SkipValidation[Outbox]]
Id = FromPath[str]

_ALL = "/api/admin/projects/{project_id:str}/deliveries"
_ONE = "/api/admin/projects/{project_id:str}/deliveries/{delivery_id:str}"


@get(_ALL, opt=ADMIN, responses=ERRORS, sync_to_thread=True, summary="List deliveries")
def list_deliveries(
    project_id: Id,
    projects: Register,
    outbox: Box,
    only_state: Annotated[
        str | None,
        QueryParameter(name="state", description="waiting, delivered or dead. Default: all."),
    ] = None,
    limit: Annotated[
        int | None, QueryParameter(description="Rows. Default 50, at most 1000.")
    ] = None,
    offset: Annotated[int | None, QueryParameter(description="Rows to skip. Default 0.")] = None,
) -> DeliveryList:
    """List what was and is to be sent to others, newest first; finished ones for 30 days."""
    number = projects.find(project_id).number
    page = parse_page(limit, offset, default=DEFAULT_LIMIT)
    wanted = _parse_state(only_state)
    found = outbox.list_deliveries(number, state=wanted, limit=page.limit, offset=page.offset)
    return DeliveryList([DeliveryBody(**_fields(d)) for d in found], outbox.count(number, wanted))


@get(_ONE, opt=ADMIN, responses=ERRORS, sync_to_thread=True, summary="Get a delivery")
def get_delivery(
    project_id: Id, delivery_id: Id, projects: Register, outbox: Box
) -> DeliveryDetail:
    """Return a delivery with its body."""
    return _render_detail(outbox.find(projects.find(project_id).number, delivery_id))


@post(
    f"{_ONE}/replay",
    opt=ADMIN,
    responses=ERRORS,
    status_code=200,
    sync_to_thread=True,
    summary="Send a delivery again",
)
def replay_delivery(
    project_id: Id, delivery_id: Id, projects: Register, outbox: Box
) -> DeliveryDetail:
    """Begin anew with a delivery, at once, with the same id and body."""
    return _render_detail(outbox.replay(projects.find(project_id).number, delivery_id))


def _parse_state(text: str | None) -> State | None:
    if text is None:
        return None
    for state in STATES:
        if text == state:
            return state
    raise InvalidInputError(
        f"unknown state '{text[:40]}'; accepted are {', '.join(STATES)}", field="state"
    )


def _render_detail(delivery: Delivery) -> DeliveryDetail:
    return DeliveryDetail(**_fields(delivery), body=delivery.body)


def _fields(delivery: Delivery) -> dict[str, Any]:
    finished_us = delivery.finished_at_us
    is_waiting = delivery.state == "waiting"
    return {
        "id": delivery.id,
        "source": delivery.source,
        "subject": delivery.subject,
        "channel": delivery.channel,
        "target": delivery.target,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": render_time(delivery.due_at_us) if is_waiting else None,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
        "created_at": render_time(delivery.created_at_us),
        "finished_at": None if finished_us is None else render_time(finished_us),
    }


DELIVERY_ROUTES = (list_deliveries, get_delivery, replay_delivery)
