"""The outbox: what is to be delivered, kept in the records until it is delivered or given up.
A message is put in the transaction of the change that caused it; it is claimed with an end, so
that of several nodes one tries, and another takes over from one that died."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from footfall.clock import US_PER_DAY, US_PER_SECOND, Clock
from footfall.delivery.delivery import Attempt, Delivery, Message, State
from footfall.delivery.schedule import find_wait_us
from footfall.errors import NotFoundError
from footfall.store.records import AtLeast, AtMost, OneOf, Record, Records, Transaction

CLAIM_US = 60 * US_PER_SECOND
"""How long a worker may take for one attempt: twice what the slowest channel allows itself."""

SILENCE_US = 30 * US_PER_SECOND
"""A receiver that did not answer gets nothing for so long: what waits for it holds up no other."""

KEPT_US = 30 * US_PER_DAY
"""How long finished deliveries can be looked up and replayed."""

LANE_LIMIT = 2
"""Attempts at one receiver at the same time."""

_LOOK_AHEAD = 200
"""Due deliveries that are looked through for receivers with a free place."""

MAIL_LANE = "mail"

_ROOM = "deliveries"


class Outbox:
    """Keeps deliveries. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    def put(self, transaction: Transaction, message: Message) -> str:
        """Add a message within a transaction of the caller and return its delivery's id."""
        now_us = self._clock.now_us()
        delivery_id = f"dlv-{uuid.uuid4()}"
        transaction.add(
            _ROOM,
            {
                **asdict(message),
                "id": delivery_id,
                "lane": _find_lane(message),
                "state": "waiting",
                "attempts": 0,
                "due_at_us": now_us,
                "claim": None,
                "last_status": None,
                "last_error": None,
                "created_at_us": now_us,
                "finished_at_us": None,
            },
        )
        return delivery_id

    def claim(self, limit: int, busy: Mapping[str, int]) -> list[Delivery]:
        """Claim due deliveries for an attempt each, oldest first; `busy` says how many of a lane
        the caller has in hand. What is claimed stays with the caller for CLAIM_US."""
        now_us = self._clock.now_us()
        due = {"state": "waiting", "due_at_us": AtMost(now_us)}
        taken = dict(busy)
        claimed: list[Delivery] = []
        with self._records.transaction() as t:
            for record in t.find(_ROOM, due, order="due_at_us", limit=_LOOK_AHEAD):
                lane = record["lane"]
                if len(claimed) == limit:
                    break
                if taken.get(lane, 0) >= LANE_LIMIT:
                    continue
                values = {
                    "claim": uuid.uuid4().hex,
                    "due_at_us": now_us + CLAIM_US,
                    "attempts": record["attempts"] + 1,
                }
                # Another node may have claimed it since: then it is no longer due.
                if t.change(_ROOM, {"number": record["number"], **due}, values):
                    taken[lane] = taken.get(lane, 0) + 1
                    claimed.append(Delivery(**{**record, **values}))
        return claimed

    def save_attempt(self, delivery: Delivery, attempt: Attempt) -> None:
        """Store how a claimed attempt ended. Changes nothing when the claim has passed on."""
        now_us = self._clock.now_us()
        wait_us = None if attempt.is_final else find_wait_us(delivery.attempts)
        values: dict[str, Any] = {
            "claim": None,
            "last_status": attempt.status,
            "last_error": attempt.error,
        }
        if attempt.is_success:
            values |= {"state": "delivered", "finished_at_us": now_us}
        elif wait_us is None:
            values |= {"state": "dead", "finished_at_us": now_us}
        else:
            values |= {"due_at_us": now_us + wait_us}
        lane = {"lane": delivery.lane, "state": "waiting", "claim": None}
        with self._records.transaction() as t:
            t.change(_ROOM, {"number": delivery.number, "claim": delivery.claim}, values)
            if attempt.is_silence:
                quiet_until_us = now_us + SILENCE_US
                t.change(
                    _ROOM,
                    lane | {"due_at_us": AtMost(quiet_until_us)},
                    {"due_at_us": quiet_until_us},
                )

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give claims back untried: another worker, or this one after a restart, takes over."""
        values = {"claim": None, "due_at_us": self._clock.now_us()}
        with self._records.transaction() as t:
            for delivery in deliveries:
                t.change(_ROOM, {"number": delivery.number, "claim": delivery.claim}, values)

    def release_all(self) -> None:
        """Give back every claim. Only for a node that runs alone: after a crash nothing needs to
        wait for claims to end."""
        claimed = {"state": "waiting", "claim": AtLeast("")}
        values = {"claim": None, "due_at_us": self._clock.now_us()}
        with self._records.transaction() as t:
            t.change(_ROOM, claimed, values)

    def list_deliveries(
        self, project: int, *, state: State | None = None, limit: int = 50, offset: int = 0
    ) -> list[Delivery]:
        """Return a project's deliveries, newest first."""
        where = _where(project, state)
        with self._records.transaction() as t:
            found = t.find(_ROOM, where, order="-number", limit=limit, offset=offset)
        return [_delivery(record) for record in found]

    def count(self, project: int, state: State | None = None) -> int:
        """Return how many deliveries a project has."""
        with self._records.transaction() as t:
            return t.count(_ROOM, _where(project, state))

    def count_all(self, state: State) -> int:
        """Return how many deliveries of all projects are in a state."""
        with self._records.transaction() as t:
            return t.count(_ROOM, {"state": state})

    def find(self, project: int, delivery_id: str) -> Delivery:
        """Return one delivery. Raises NotFoundError."""
        with self._records.transaction() as t:
            return _find(t, project, delivery_id)

    def replay(self, project: int, delivery_id: str) -> Delivery:
        """Let a delivery begin anew, at once and with its old id and body. One that is being
        tried just now is left alone. Raises NotFoundError."""
        values = {
            "state": "waiting",
            "attempts": 0,
            "due_at_us": self._clock.now_us(),
            "last_status": None,
            "last_error": None,
            "finished_at_us": None,
        }
        with self._records.transaction() as t:
            number = _find(t, project, delivery_id).number
            t.change(_ROOM, {"number": number, "claim": None}, values)
            return _find(t, project, delivery_id)

    def drop_finished(self) -> int:
        """Forget what was finished longer than KEPT_US ago; returns how many."""
        ended = {
            "state": OneOf(("delivered", "dead")),
            "finished_at_us": AtMost(self._clock.now_us() - KEPT_US),
        }
        with self._records.transaction() as t:
            return t.remove(_ROOM, ended)


def _find(transaction: Transaction, project: int, delivery_id: str) -> Delivery:
    found = transaction.find(_ROOM, {"project": project, "id": delivery_id})
    if not found:
        raise NotFoundError("Delivery", delivery_id[:60])
    return _delivery(found[0])


def _where(project: int, state: State | None) -> dict[str, Any]:
    return {"project": project} | ({} if state is None else {"state": state})


def _delivery(record: Record) -> Delivery:
    return Delivery(**record)


def _find_lane(message: Message) -> str:
    if message.channel == "email":
        return MAIL_LANE
    parts = urlsplit(message.target)
    return f"{parts.scheme}://{parts.netloc}".lower()
