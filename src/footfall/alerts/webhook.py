"""Webhook subscriptions: who is told which events of a project. Secrets go in and come out only to
sign a call."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footfall.alerts.notice import EVENT_NAMES, EventName
from footfall.clock import Clock
from footfall.delivery.address import Rule as AddressRule
from footfall.delivery.address import parse_url
from footfall.errors import InvalidInputError, NotFoundError
from footfall.store.records import Record, Records, Transaction

MAX_WEBHOOKS = 50
"""Webhooks of one project."""

SECRET_LIMIT = 256

ID_PREFIX = "wh"

_ROOM = "webhooks"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A subscription. Its secret is not part of it."""

    number: int
    id: str
    """'wh-' and a UUID."""
    project: int
    url: str
    events: tuple[EventName, ...]
    has_secret: bool
    created_at_us: int
    updated_at_us: int


class Webhooks:
    """Keeps webhook subscriptions. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock, addresses: AddressRule) -> None:
        self._records = records
        self._clock = clock
        self._addresses = addresses

    def create(
        self, project: int, url: str, events: Sequence[str], secret: str | None = None
    ) -> Webhook:
        """Subscribe an address to events. Raises InvalidInputError."""
        now_us = self._clock.now_us()
        record = {
            "id": f"{ID_PREFIX}-{uuid.uuid4()}",
            "project": project,
            "url": parse_url(url, self._addresses),
            "events": ",".join(_parse_events(events)),
            "secret": _parse_secret(secret),
            "created_at_us": now_us,
            "updated_at_us": now_us,
        }
        with self._records.transaction() as t:
            if t.count(_ROOM, {"project": project}) >= MAX_WEBHOOKS:
                raise InvalidInputError(
                    f"the project has {MAX_WEBHOOKS} webhooks; remove one before adding another"
                )
            return _webhook({**record, "number": t.add(_ROOM, record)})

    def list_webhooks(self, project: int) -> list[Webhook]:
        """Return a project's webhooks, oldest first."""
        with self._records.transaction() as t:
            return [_webhook(record) for record in t.find(_ROOM, {"project": project})]

    def list_all(self) -> list[Webhook]:
        """Return the webhooks of all projects."""
        with self._records.transaction() as t:
            return [_webhook(record) for record in t.find(_ROOM, {}, limit=100_000)]

    def find(self, project: int, webhook_id: str) -> Webhook:
        """Return one webhook. Raises NotFoundError."""
        with self._records.transaction() as t:
            return _find(t, project, webhook_id)

    def change(
        self,
        project: int,
        webhook_id: str,
        *,
        url: str | None = None,
        events: Sequence[str] | None = None,
        secret: str | None = None,
    ) -> Webhook:
        """Change what is given; an empty secret takes the secret away.

        Raises InvalidInputError, NotFoundError.
        """
        values: dict[str, Any] = {"updated_at_us": self._clock.now_us()}
        if url is not None:
            values["url"] = parse_url(url, self._addresses)
        if events is not None:
            values["events"] = ",".join(_parse_events(events))
        if secret is not None:
            values["secret"] = _parse_secret(secret)
        with self._records.transaction() as t:
            number = _find(t, project, webhook_id).number
            t.change(_ROOM, {"number": number}, values)
            return _find(t, project, webhook_id)

    def remove(self, project: int, webhook_id: str) -> None:
        """Remove a webhook. Raises NotFoundError."""
        with self._records.transaction() as t:
            t.remove(_ROOM, {"number": _find(t, project, webhook_id).number})

    def find_secret(self, webhook_id: str) -> str | None:
        """Return the secret that signs a webhook's calls; None for none. Raises NotFoundError."""
        with self._records.transaction() as t:
            found = t.find(_ROOM, {"id": webhook_id})
        if not found:
            raise NotFoundError("Webhook", webhook_id[:60])
        secret: str | None = found[0]["secret"]
        return secret


def _find(transaction: Transaction, project: int, webhook_id: str) -> Webhook:
    prefix = f"{ID_PREFIX}-"
    full_id = webhook_id if webhook_id.startswith(prefix) else f"{prefix}{webhook_id}"
    found = transaction.find(_ROOM, {"project": project, "id": full_id})
    if not found:
        raise NotFoundError("Webhook", webhook_id[:60])
    return _webhook(found[0])


def _webhook(record: Record) -> Webhook:
    names = record["events"].split(",")
    return Webhook(
        record["number"],
        record["id"],
        record["project"],
        record["url"],
        tuple(name for name in EVENT_NAMES if name in names),
        bool(record["secret"]),
        record["created_at_us"],
        record["updated_at_us"],
    )


def _parse_events(events: Sequence[str]) -> list[str]:
    unknown = [name for name in events if name not in EVENT_NAMES]
    if unknown or not events:
        named = f"unknown event '{unknown[0][:60]}'" if unknown else "events is empty"
        raise InvalidInputError(f"{named}; accepted are {', '.join(EVENT_NAMES)}", field="events")
    return [name for name in EVENT_NAMES if name in events]


def _parse_secret(secret: str | None) -> str | None:
    if secret is not None and len(secret) > SECRET_LIMIT:
        # The secret itself is never quoted.
        raise InvalidInputError(
            f"secret has {len(secret)} characters; at most {SECRET_LIMIT} are accepted",
            field="secret",
        )
    return secret or None
