"""What the delivery routes answer. Pulse's documents do not have them: they are ours."""

import msgspec


class DeliveryBody(msgspec.Struct, kw_only=True):
    """A call or mail to others, with what became of it."""

    id: str
    """What receivers get as X-Footfall-Delivery."""
    source: str
    """Id of the alert rule or webhook that caused it."""
    subject: str
    channel: str
    target: str
    state: str
    """waiting, delivered or dead."""
    attempts: int
    next_attempt_at: str | None
    """Only while it waits."""
    last_status: int | None
    last_error: str | None
    created_at: str
    finished_at: str | None


class DeliveryDetail(DeliveryBody, kw_only=True):
    """A delivery with what is sent."""

    body: str


class DeliveryList(msgspec.Struct):
    """Deliveries, newest first."""

    data: list[DeliveryBody]
    total: int
