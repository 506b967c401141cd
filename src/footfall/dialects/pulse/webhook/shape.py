"""What Pulse's webhook routes take and answer."""

import msgspec
from msgspec import UNSET, UnsetType


class CreateWebhook(msgspec.Struct):
    """A subscription to create."""

    url: str
    events: list[str]
    secret: str | None = None


class ChangeWebhook(msgspec.Struct):
    """What to change of a subscription; what is left out stays. A secret of null or '' goes."""

    url: str | UnsetType = UNSET
    events: list[str] | UnsetType = UNSET
    secret: str | UnsetType | None = UNSET


class WebhookBody(msgspec.Struct):
    """A subscription; its secret is never shown."""

    id: str
    url: str
    events: list[str]
    created_at: str


class WebhookList(msgspec.Struct):
    """A project's subscriptions, oldest first."""

    data: list[WebhookBody]


class WebhookTrial(msgspec.Struct):
    """How a test call ended."""

    success: bool
    status_code: int | None
    response_time_ms: int
    error: str | UnsetType = UNSET
    """Only when it failed."""
