"""The page of alerts: the rules of a project with their last alarm, the form that makes and changes
them, and what was sent lately. Only operators see it: addresses of receivers are secrets."""

import asyncio
from typing import Any

from litestar import get, post

from footfall.alerts.rule import AlertRule
from footfall.alerts.sentence import render_figure
from footfall.dashboard.alert_form import (
    FIRST,
    METRIC_CHOICES,
    OPERATOR_CHOICES,
    AlertForm,
    describe_alert,
    parse_alert_form,
    read_alert_form,
    render_form,
)
from footfall.dashboard.context import TheSight, make_context, open_screen, read_pairs
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.page import AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.period import render_day
from footfall.dashboard.port import AlertParts
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, InvalidInputError, NotFoundError
from footfall.model.time_range import from_us

LATEST = 20
"""Deliveries that the page shows; the API has them all."""

_ALL = "/alerts"
_ONE = "/alerts/{rule_id:str}"


@get(_ALL)
async def show_alerts(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show rules, form and deliveries; `?rule=` puts a rule into the form."""
    screen, alerts = await _open(door, request, sight)
    rule_id = dict(read_pairs(request)).get("rule", "")
    if not rule_id:
        return await _render(door, sight, screen, render_form(FIRST))
    rule = await asyncio.to_thread(alerts.rules.find, screen.project.number, rule_id)
    return await _render(door, sight, screen, render_form(rule.condition), rule=rule)


@get(f"{_ALL}/preview")
async def preview_alert(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Say in words what the form's fields mean."""
    screen, _ = await _open(door, request, sight)
    fields: dict[str, list[str]] = {}
    for name, value in read_pairs(request):
        fields.setdefault(name, []).append(value)
    try:
        said = describe_alert(parse_alert_form(read_alert_form(fields)))
    except InvalidInputError as error:
        said = error.message
    return render_screen("part/alert_preview.html", screen, {"said": said})


@post(_ALL, status_code=200)
async def save_alert(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Make a rule, or change the one that the form names."""
    door.check_form(request)
    screen, alerts = await _open(door, request, sight)
    fields = await read_form(request)
    form = read_alert_form(fields)
    number, rule_id = screen.project.number, fields.get("rule", [""])[-1]
    rule = await asyncio.to_thread(alerts.rules.find, number, rule_id) if rule_id else None
    try:
        if rule is None:
            await asyncio.to_thread(alerts.rules.create, number, parse_alert_form(form))
        else:
            condition = parse_alert_form(form, rule.condition)
            await asyncio.to_thread(alerts.rules.change, number, rule.id, condition)
    except InvalidInputError as error:
        return await _render(door, sight, screen, form, rule=rule, problem=error.message)
    return render_redirect(request, f"{screen.home}/alerts")


@post(f"{_ONE}/toggle")
async def toggle_alert(
    request: AnyRequest, door: TheDoor, sight: TheSight, rule_id: InPath
) -> Page:
    """Switch a rule on or off."""
    door.check_form(request)
    screen, alerts = await _open(door, request, sight)
    await asyncio.to_thread(alerts.rules.toggle, screen.project.number, rule_id)
    return render_redirect(request, f"{screen.home}/alerts")


@post(f"{_ONE}/remove")
async def remove_alert(
    request: AnyRequest, door: TheDoor, sight: TheSight, rule_id: InPath
) -> Page:
    """Remove a rule."""
    door.check_form(request)
    screen, alerts = await _open(door, request, sight)
    await asyncio.to_thread(alerts.rules.remove, screen.project.number, rule_id)
    return render_redirect(request, f"{screen.home}/alerts")


@post(f"{_ALL}/summaries", status_code=200)
async def add_summary(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Send summaries to an address."""
    door.check_form(request)
    screen, alerts = await _open(door, request, sight)
    form = await read_form(request)
    address, rhythm = read_field(form, "address"), read_field(form, "rhythm")
    await asyncio.to_thread(alerts.summaries.create, screen.project, address, rhythm)
    return render_redirect(request, f"{screen.home}/alerts#summaries")


@post(f"{_ALL}/summaries/{{summary_id:str}}/remove")
async def remove_summary(
    request: AnyRequest, door: TheDoor, sight: TheSight, summary_id: InPath
) -> Page:
    """Send no more summaries to an address."""
    door.check_form(request)
    screen, alerts = await _open(door, request, sight)
    await asyncio.to_thread(alerts.summaries.remove, screen.project.number, summary_id)
    return render_redirect(request, f"{screen.home}/alerts#summaries")


@post(f"{_ALL}/deliveries/{{delivery_id:str}}/retry")
async def retry_delivery(
    request: AnyRequest, door: TheDoor, sight: TheSight, delivery_id: InPath
) -> Page:
    """Send a delivery again."""
    door.check_form(request)
    screen, alerts = await _open(door, request, sight)
    await asyncio.to_thread(alerts.outbox.replay, screen.project.number, delivery_id)
    return render_redirect(request, f"{screen.home}/alerts#sent")


async def _open(door: Door, request: AnyRequest, sight: Sight) -> tuple[Screen, AlertParts]:
    screen = await open_screen(door, request, sight)
    if not screen.viewer.is_operator:
        raise ForbiddenError("Alerts are the operator's; sign in with the admin token.")
    return screen, _alerts_of(door)


def _alerts_of(door: Door) -> AlertParts:
    if door.parts.alerts is None:
        raise NotFoundError("Page", "alerts")
    return door.parts.alerts


async def _render(
    door: Door,
    sight: Sight,
    screen: Screen,
    form: AlertForm,
    *,
    rule: AlertRule | None = None,
    problem: str = "",
) -> Page:
    alerts, number = _alerts_of(door), screen.project.number
    try:
        said = describe_alert(parse_alert_form(form))
    except InvalidInputError:
        said = ""
    context: dict[str, Any] = await make_context(door, sight, screen, "alerts")
    context |= {
        "rules": await asyncio.to_thread(alerts.rules.list_rules, number),
        "summaries": await asyncio.to_thread(alerts.summaries.list_summaries, number),
        "deliveries": await asyncio.to_thread(alerts.outbox.list_deliveries, number, limit=LATEST),
        "form": form,
        "editing": rule,
        "problem": problem,
        "said": said,
        "metrics": METRIC_CHOICES,
        "operators": OPERATOR_CHOICES,
        "describe": describe_alert,
        "figure": render_figure,
        "time_of": lambda us: _render_time(screen, us),
    }
    return render_screen("alerts.html", screen, context, status=400 if problem else 200)


def _render_time(screen: Screen, us: int) -> str:
    moment = from_us(us).astimezone(screen.calendar.zone)
    return f"{render_day(moment.date())}, {moment:%H:%M}"
