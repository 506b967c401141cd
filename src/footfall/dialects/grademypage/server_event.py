"""`POST /api/analytics/server-events`, as plain ASGI: one event of a project's own backend, taken
once by its idempotency key. The secret key says whose it is."""

import asyncio
import secrets
from collections.abc import Mapping

import msgspec

from footfall.dialects.grademypage.errors import refuse_method, render_error
from footfall.dialects.grademypage.parse import parse_server_event, parse_server_signal
from footfall.dialects.grademypage.track import DOOR, TrackIngest, find_drop, render_dropped
from footfall.dialects.grademypage.wire import Reported, ServerEvent
from footfall.errors import MissingCredentialError, NotFoundError, UnauthenticatedError
from footfall.experiments.exposure import EXPERIMENT_PROPERTY, VARIANT_PROPERTY
from footfall.http.asgi import Receive, Scope, Send
from footfall.http.auth import parse_bearer
from footfall.http.body import read_body
from footfall.http.response import JSON, Answer
from footfall.ingest.once import OnceIntake, Taken
from footfall.ingest.outcome import Accepted, Dropped, DropReason
from footfall.ingest.request import Sender, Signal
from footfall.ingest.steps.time import CLOCK_TOLERANCE_US
from footfall.projects.directory import ProjectEntry
from footfall.projects.server_key import ServerKeys

SERVER_EVENT_LIMIT_BYTES = 64 * 1024
"""One event whose properties may take 8 KiB, with room for what is ignored."""

NO_KEY = "Missing secret key. Send it as 'Authorization: Bearer gmp_sk_…'."
BAD_KEY = "Invalid or expired secret key."


class ServerEvents:
    """Takes a backend's events, one at a time."""

    def __init__(self, ingest: TrackIngest, once: OnceIntake, keys: ServerKeys) -> None:
        self._ingest = ingest
        self._once = once
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            if scope["method"] != "POST":
                answer = refuse_method(scope["method"], "POST", ())
            else:
                entry = self._authenticate(headers)
                declared = headers.get(b"content-length")
                body = await read_body(receive, SERVER_EVENT_LIMIT_BYTES, declared)
                if body is None:
                    return
                answer = await self._take(parse_server_event(body), entry)
        except Exception as error:
            # No headers for foreign pages: a secret key has no business in one.
            answer = render_error(error, ())
        await answer.send(send)

    def _authenticate(self, headers: Mapping[bytes, bytes]) -> ProjectEntry:
        secret = parse_bearer(headers.get(b"authorization", b"").decode("latin-1"))
        if secret is None:
            raise MissingCredentialError(NO_KEY)
        number = self._keys.find_project(secret)
        entry = None if number is None else self._ingest.directory.find_number(number)
        if entry is None:
            raise UnauthenticatedError(BAD_KEY)
        self._ingest.limiter.take(entry.project.number)
        return entry

    async def _take(self, event: ServerEvent, entry: ProjectEntry) -> Answer:
        exposure: dict[str, str] = {}
        if event.experiment_id and event.variant_id:
            exposure = await asyncio.to_thread(
                self._find_exposure, entry, event.experiment_id, event.variant_id
            )
        signal = parse_server_signal(event, exposure)
        sender = self._make_sender(event, entry, signal.ts_us)
        signal.visitor_id = _find_visitor(event)
        taken = await self._store(sender, signal, entry)
        reported = Reported(
            True,
            None if _is_unwanted(taken) else f"evt_{taken.event_id & _UNSIGNED:016x}",
            taken.outcome == _DUPLICATE,
            bool(exposure) if event.experiment_id or event.variant_id else msgspec.UNSET,
        )
        status = 201 if isinstance(taken.outcome, Accepted) else 200
        headers = (JSON, *render_dropped([taken.outcome]))
        return Answer(status, msgspec.json.encode(reported), headers)

    async def _store(self, sender: Sender, signal: Signal, entry: ProjectEntry) -> Taken:
        reason = find_drop(signal, entry, self._ingest.experiments)
        if reason is not None:
            self._ingest.drops.add(DOOR, signal.kind, reason)
            return Taken(Dropped(reason), 0)
        if signal.client_id:
            return await self._once.take(sender, signal)
        (outcome,) = await self._ingest.intake.take(sender, (signal,))
        return Taken(outcome, outcome.event_id if isinstance(outcome, Accepted) else 0)

    def _find_exposure(
        self, entry: ProjectEntry, experiment_id: str, variant_id: str
    ) -> dict[str, str]:
        """Return the properties that count the event for the variant it names; {} for a pair that
        the project does not have: better stored without than lost [inferred]."""
        try:
            found = self._ingest.experiments.find(entry.project.number, experiment_id)
        except NotFoundError:
            return {}
        if all(variant.id != variant_id for variant in found.variants):
            return {}
        return {EXPERIMENT_PROPERTY: found.id, VARIANT_PROPERTY: variant_id}

    def _make_sender(self, event: ServerEvent, entry: ProjectEntry, ts_us: int | None) -> Sender:
        # What the backend says of the visitor; its own address and headers say nothing of one.
        visitor = event.visitor
        now_us = self._ingest.clock.now_us()
        return Sender(
            entry.project.number,
            DOOR,
            (visitor and visitor.ip) or "",
            (visitor and visitor.user_agent) or "",
            now_us,
            site=entry.host,
            own_hosts=entry.own_hosts,
            # A backend knows when it was: what it reports late happened then.
            is_trusted_clock=ts_us is not None and ts_us < now_us - CLOCK_TOLERANCE_US,
        )


_DUPLICATE = Dropped(DropReason.DUPLICATE)
_UNSIGNED = (1 << 64) - 1


def _is_unwanted(taken: Taken) -> bool:
    return isinstance(taken.outcome, Dropped) and taken.outcome != _DUPLICATE


def _find_visitor(event: ServerEvent) -> str:
    """Return the visitor's id; '' derives it from the address, as for a browser. Without either
    everybody would be one visitor: then each event is somebody of its own [inferred]."""
    visitor = event.visitor
    if visitor is not None and (visitor.id or visitor.ip):
        return visitor.id or ""
    return secrets.token_hex(16)
