"""Routes of Pulse's webhooks, under the admin token."""

import asyncio

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation
from msgspec import UNSET

from footfall.alerts.trial import Trial
from footfall.alerts.webhook import Webhook, Webhooks
from footfall.dialects.pulse.access import ADMIN, ERRORS
from footfall.dialects.pulse.render import render_time
from footfall.dialects.pulse.webhook.shape import (
    ChangeWebhook,
    CreateWebhook,
    WebhookBody,
    WebhookList,
    WebhookTrial,
)
from footfall.projects.register import Projects

Register = NamedDependency[Projects]
Subscriptions = NamedDependency[SkipValidation[Webhooks]]
Trials = NamedDependency[SkipValidation[Trial]]
Id = FromPath[str]

_ALL = "/api/admin/projects/{project_id:str}/webhooks"
_ONE = "/api/admin/projects/{project_id:str}/webhooks/{webhook_id:str}"


@post(_ALL, opt=ADMIN, responses=ERRORS, sync_to_thread=True, summary="Create a webhook")
def create_webhook(
    project_id: Id, data: JSONBody[CreateWebhook], projects: Register, webhooks: Subscriptions
) -> WebhookBody:
    """Subscribe an address to events of a project."""
    project = projects.find(project_id)
    return _render(webhooks.create(project.number, data.url, data.events, data.secret))


@get(_ALL, opt=ADMIN, responses=ERRORS, sync_to_thread=True, summary="List webhooks")
def list_webhooks(project_id: Id, projects: Register, webhooks: Subscriptions) -> WebhookList:
    """List a project's webhooks, oldest first."""
    found = webhooks.list_webhooks(projects.find(project_id).number)
    return WebhookList([_render(webhook) for webhook in found])


@put(_ONE, opt=ADMIN, responses=ERRORS, sync_to_thread=True, summary="Change a webhook")
def change_webhook(
    project_id: Id,
    webhook_id: Id,
    data: JSONBody[ChangeWebhook],
    projects: Register,
    webhooks: Subscriptions,
) -> WebhookBody:
    """Change what the body names; the rest stays."""
    changed = webhooks.change(
        projects.find(project_id).number,
        webhook_id,
        url=None if data.url is UNSET else data.url,
        events=None if data.events is UNSET else data.events,
        secret=None if data.secret is UNSET else data.secret or "",
    )
    return _render(changed)


@delete(_ONE, opt=ADMIN, responses=ERRORS, sync_to_thread=True, summary="Delete a webhook")
def remove_webhook(
    project_id: Id, webhook_id: Id, projects: Register, webhooks: Subscriptions
) -> None:
    """Delete a webhook; what still waits for it is given up."""
    webhooks.remove(projects.find(project_id).number, webhook_id)


@post(
    f"{_ONE}/test",
    opt=ADMIN,
    responses=ERRORS,
    status_code=200,
    summary="Send a test to a webhook",
)
async def test_webhook(
    project_id: Id,
    webhook_id: Id,
    projects: Register,
    webhooks: Subscriptions,
    webhook_trial: Trials,
) -> WebhookTrial:
    """Call the webhook once with an event 'test' and say how it answered."""
    project = projects.find(project_id)
    webhook = await asyncio.to_thread(webhooks.find, project.number, webhook_id)
    result = await webhook_trial.run(project, webhook)
    attempt = result.attempt
    return WebhookTrial(
        attempt.is_success,
        attempt.status,
        result.took_ms,
        UNSET if attempt.error is None else attempt.error,
    )


def _render(webhook: Webhook) -> WebhookBody:
    created = render_time(webhook.created_at_us)
    return WebhookBody(webhook.id, webhook.url, list(webhook.events), created)


WEBHOOK_ROUTES = (create_webhook, list_webhooks, change_webhook, remove_webhook, test_webhook)
