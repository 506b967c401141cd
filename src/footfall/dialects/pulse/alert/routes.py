"""Routes of Pulse's alert rules. They run in threads, as records block."""

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation
from msgspec import UNSET

from footfall.alerts.register import Alerts
from footfall.dialects.pulse.access import ERRORS, reads, writes
from footfall.dialects.pulse.alert.parse import parse_alert, parse_change
from footfall.dialects.pulse.alert.render import render_alert, render_alert_detail
from footfall.dialects.pulse.alert.shape import (
    AlertDetail,
    AlertList,
    AlertState,
    ChangeAlert,
    CreateAlert,
)

Rules = NamedDependency[SkipValidation[Alerts]]
Project = NamedDependency[SkipValidation[int]]
Id = FromPath[str]

READS = reads("alerts")
WRITES = writes("alerts")


@get(
    "/api/v1/alerts",
    opt=READS,
    responses=ERRORS,
    sync_to_thread=True,
    summary="List alert rules",
)
def list_alerts(project: Project, alerts: Rules) -> AlertList:
    """List the project's alert rules, oldest first."""
    return AlertList([render_alert(rule) for rule in alerts.list_rules(project)])


@post(
    "/api/v1/alerts",
    opt=WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Create an alert rule",
)
def create_alert(project: Project, data: JSONBody[CreateAlert], alerts: Rules) -> AlertDetail:
    """Create a rule that notifies its channels when a metric crosses a threshold."""
    return render_alert_detail(alerts.create(project, parse_alert(data)))


@put(
    "/api/v1/alerts/{alert_id:str}",
    opt=WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Change an alert rule",
)
def change_alert(
    project: Project, alert_id: Id, data: JSONBody[ChangeAlert], alerts: Rules
) -> AlertDetail:
    """Change what the body names; the rest stays."""
    old = alerts.find(project, alert_id)
    rule = alerts.change(project, alert_id, parse_change(data, old.condition))
    if data.enabled is not UNSET and data.enabled != rule.is_enabled:
        rule = alerts.set_enabled(project, alert_id, is_enabled=data.enabled)
    return render_alert_detail(rule)


@delete(
    "/api/v1/alerts/{alert_id:str}",
    opt=WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Delete an alert rule",
)
def remove_alert(project: Project, alert_id: Id, alerts: Rules) -> None:
    """Delete a rule."""
    alerts.remove(project, alert_id)


@post(
    "/api/v1/alerts/{alert_id:str}/toggle",
    opt=WRITES,
    responses=ERRORS,
    status_code=200,
    sync_to_thread=True,
    summary="Switch an alert rule on or off",
)
def toggle_alert(project: Project, alert_id: Id, alerts: Rules) -> AlertState:
    """Switch a rule on when it is off, and off when it is on."""
    rule = alerts.toggle(project, alert_id)
    return AlertState(rule.id, rule.is_enabled)


ALERT_ROUTES = (list_alerts, create_alert, change_alert, remove_alert, toggle_alert)
