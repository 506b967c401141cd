"""The hot path of GradeMyPage, `POST /api/analytics/track`, as plain ASGI: body, project, limit,
signals, intake, answer. An event that the project does not want is accepted and dropped, and the
header Footfall-Dropped says why: a page must not see errors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from footfall.clock import Clock
from footfall.dialects.grademypage.errors import refuse_method, render_error
from footfall.dialects.grademypage.parse import parse_signals, parse_track
from footfall.dialects.grademypage.wire import Tracked
from footfall.errors import NotFoundError
from footfall.experiments.register import Experiments
from footfall.http.asgi import Headers, Receive, Scope, Send
from footfall.http.body import read_body
from footfall.http.client_address import ClientAddress
from footfall.http.cors import CorsRule
from footfall.http.limit import RateLimiter
from footfall.http.response import JSON, Answer
from footfall.ingest.outcome import Dropped, DropReason, Outcome
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal
from footfall.projects.directory import Directory, ProjectEntry

DOOR: Final = "grademypage"

TRACK_LIMIT_BYTES = 512 * 1024
"""A hundred events of 5 kB each [inferred]."""

MODULES: Final = {
    "pageview": "pageviews",
    "scroll_depth": "scroll_depth",
    "engagement": "sessions",
    "event": "events",
    "exposure": "ab_testing",
}
"""The module that must take data, for each of our kinds."""


class DropCounter(Protocol):
    """Counts what this door drops itself; the intake counts everything else."""

    def add(self, door: str, kind: str, reason: DropReason | None = None, count: int = 1) -> None:
        """Count outcomes."""
        ...


@dataclass(frozen=True, slots=True)
class TrackIngest:
    """What the hot paths that take events need."""

    intake: Intake
    directory: Directory
    clock: Clock
    limiter: RateLimiter
    """Requests by project number."""
    addresses: ClientAddress
    cors: CorsRule
    drops: DropCounter
    experiments: Experiments


class Track:
    """`POST /api/analytics/track`: 1 to 100 events of a browser."""

    def __init__(self, ingest: TrackIngest) -> None:
        self._ingest = ingest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        cors = self._ingest.cors.answer_headers(headers.get(b"origin"))
        try:
            if scope["method"] != "POST":
                answer = refuse_method(scope["method"], "POST", cors)
            else:
                declared = headers.get(b"content-length")
                body = await read_body(receive, TRACK_LIMIT_BYTES, declared)
                if body is None:
                    return
                answer = _render(await self._take(body, scope, headers), cors)
        except Exception as error:
            answer = render_error(error, cors)
        await answer.send(send)

    async def _take(
        self, body: bytes, scope: Scope, headers: dict[bytes, bytes]
    ) -> Sequence[Outcome]:
        ingest = self._ingest
        request = parse_track(body)
        entry = ingest.directory.find_id(request.project_id.lower())
        if entry is None:
            raise NotFoundError("Project", request.project_id[:64])
        ingest.limiter.take(entry.project.number)
        signals = parse_signals(request)
        reasons = [find_drop(signal, entry, ingest.experiments) for signal in signals]
        wanted = [s for s, reason in zip(signals, reasons, strict=True) if reason is None]
        sender = self._make_sender(scope, headers, entry)
        taken = iter(await ingest.intake.take(sender, wanted) if wanted else ())
        outcomes: list[Outcome] = []
        for signal, reason in zip(signals, reasons, strict=True):
            if reason is None:
                outcomes.append(next(taken))
            else:
                ingest.drops.add(DOOR, signal.kind, reason)
                outcomes.append(Dropped(reason))
        return outcomes

    def _make_sender(
        self, scope: Scope, headers: dict[bytes, bytes], entry: ProjectEntry
    ) -> Sender:
        return Sender(
            entry.project.number,
            DOOR,
            self._ingest.addresses.find(scope, headers),
            headers.get(b"user-agent", b"").decode("latin-1"),
            self._ingest.clock.now_us(),
            headers.get(b"accept-language", b"").decode("latin-1"),
            frozenset([name.decode("latin-1") for name in headers]),
            entry.host,
            entry.own_hosts,
        )


def find_drop(signal: Signal, entry: ProjectEntry, experiments: Experiments) -> DropReason | None:
    """Return why the project does not want a signal; None when it does. Whoever lets an experiment
    run wants its impressions, whatever the switch of the module says."""
    if MODULES[signal.kind] in entry.writable_modules:
        return None
    if signal.kind == "exposure":
        running = experiments.list_running(entry.project.number)
        if any(experiment.id == signal.name for experiment in running):
            return None
    return DropReason.MODULE_OFF


def render_dropped(outcomes: Sequence[Outcome]) -> Headers:
    """Return the header that counts what was dropped, by reason; duplicates are in the body."""
    counts = Counter(o.reason.value for o in outcomes if isinstance(o, Dropped))
    del counts[DropReason.DUPLICATE.value]
    if not counts:
        return ()
    text = ", ".join(f"{word}={count}" for word, count in sorted(counts.items()))
    return ((b"footfall-dropped", text.encode()),)


def _render(outcomes: Sequence[Outcome], cors: Headers) -> Answer:
    duplicates = outcomes.count(Dropped(DropReason.DUPLICATE))
    body = Tracked(True, len(outcomes) - duplicates, duplicates)
    headers = (JSON, *cors, *render_dropped(outcomes))
    return Answer(200, msgspec.json.encode(body), headers)
