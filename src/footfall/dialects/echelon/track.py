"""The hot paths of Echelon, `/b.gif` and `/e`, as plain ASGI. A page is never told what became of
its signals, so it gets its pixel whatever happens; the outcome is counted, and stands in the header
Footfall-Dropped for whoever looks."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Final, Protocol

from footfall.bots.proof.desk import ProofDesk
from footfall.clock import Clock
from footfall.dialects.echelon.cors import make_preflight_headers, make_tracking_headers
from footfall.dialects.echelon.event import (
    BODY_LIMIT_BYTES,
    Parsed,
    ParsedEvent,
    parse_beacon,
)
from footfall.dialects.echelon.pixel import (
    parse_interaction,
    parse_query,
    parse_tags,
    parse_view,
)
from footfall.dialects.echelon.proxy import (
    CLOUDFLARE_COUNTRY,
    ProxiedAddress,
    find_country,
    find_verdict,
)
from footfall.dialects.echelon.site import find_project
from footfall.errors import (
    FootfallError,
    InvalidInputError,
    MissingFieldError,
    TooLargeError,
)
from footfall.experiments.exposure import KIND as EXPOSURE
from footfall.experiments.exposure import make_exposure
from footfall.experiments.register import Experiments
from footfall.http.asgi import Headers, Receive, Scope, Send
from footfall.http.body import read_body
from footfall.http.response import Answer, log_fault
from footfall.http.status import status_of
from footfall.http.window import FixedWindow
from footfall.ingest.outcome import Dropped, DropReason, Outcome
from footfall.ingest.page import drop_tags
from footfall.ingest.port import Intake
from footfall.ingest.request import Evidence, Sender, Signal
from footfall.projects.directory import Directory, ProjectEntry

DOOR: Final = "echelon"

PIXEL: Final = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
"""A transparent GIF of one pixel, 43 bytes."""

COOKIE = "_ev"
COOKIE_AGE_S = 2_592_000
_COOKIE_DIGITS = 16

SMOKE_SITE = "smoke-test"
"""Never recorded [original]."""

_GIF: Headers = ((b"content-type", b"image/gif"), (b"cache-control", b"no-store"))


class DropCounter(Protocol):
    """Counts what this door drops itself; the intake counts everything else."""

    def add(self, door: str, kind: str, reason: DropReason | None = None, count: int = 1) -> None:
        """Count outcomes."""
        ...


class CampaignBook(Protocol):
    """Knows which campaigns are recorded."""

    def is_recorded(self, project: int, site: str, campaign: str) -> bool:
        """Tell whether a campaign is registered and active on a site."""
        ...


@dataclass(frozen=True, slots=True)
class EchelonRules:
    """What an operator decides about tracking."""

    ignored_sites: frozenset[str] = frozenset()
    allowed_sites: frozenset[str] = frozenset()
    """Empty: every site."""
    discard_from: int = 0
    """Signals of this score and more are dropped; 0 keeps everything."""
    anonymous_sites: frozenset[str] = frozenset()
    """In lower case: sites whose events are made anonymous before they are stored."""
    trusts_cloudflare: bool = False
    trusts_country: bool = False
    """Whether a proxy's headers are believed."""

    def is_anonymous(self, site: str) -> bool:
        """Tell whether a site's events are made anonymous."""
        return site.lower() in self.anonymous_sites


@dataclass(frozen=True, slots=True)
class EchelonIngest:
    """What both paths need."""

    intake: Intake
    directory: Directory
    clock: Clock
    window: FixedWindow
    addresses: ProxiedAddress
    proofs: ProofDesk
    campaigns: CampaignBook
    experiments: Experiments
    drops: DropCounter
    rules: EchelonRules

    def find_drop(self, site: str) -> DropReason | None:
        """Return why a site's signals are not wanted; None when they are."""
        rules = self.rules
        is_ignored = site == SMOKE_SITE or site in rules.ignored_sites
        if is_ignored or (rules.allowed_sites and site not in rules.allowed_sites):
            return DropReason.EXCLUDED
        return None

    def make_sender(
        self, scope: Scope, headers: dict[bytes, bytes], entry: ProjectEntry, site: str
    ) -> Sender:
        """Return the circumstances of a request."""
        return Sender(
            entry.project.number,
            DOOR,
            self.addresses.find(scope, headers),
            headers.get(b"user-agent", b"").decode("latin-1"),
            self.clock.now_us(),
            headers.get(b"accept-language", b"").decode("latin-1"),
            frozenset(name.decode("latin-1") for name in headers),
            own_hosts=entry.own_hosts,
            country=self.find_country(headers),
            is_anonymous=self.rules.is_anonymous(site),
            discard_from=self.rules.discard_from,
        )

    def find_country(self, headers: dict[bytes, bytes]) -> str:
        """Return the country that a believed proxy names; '' for none."""
        if self.rules.trusts_country:
            return find_country(headers)
        if self.rules.trusts_cloudflare:
            return find_country(headers, (CLOUDFLARE_COUNTRY,))
        return ""

    def find_verdict(self, headers: dict[bytes, bytes]) -> str:
        """Return what the proxy thinks of a sender; '' for nothing."""
        return find_verdict(headers) if self.rules.trusts_cloudflare else ""

    def put_campaign(self, signal: Signal, project: int, tags: dict[str, str]) -> None:
        """Put the tags of a campaign that is registered and active; leave out all others, also
        those in the page's own address [doc]."""
        campaign = tags.get("utm_campaign", "")
        if campaign and self.campaigns.is_recorded(project, signal.site, campaign):
            for name, value in tags.items():
                setattr(signal, name, value)
        else:
            signal.url = drop_tags(signal.url)


class EchelonPixel:
    """`GET /b.gif`: one view of a page. Always answers the pixel."""

    def __init__(self, ingest: EchelonIngest) -> None:
        self._ingest = ingest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        allowed = make_tracking_headers(headers.get(b"origin"))
        if scope["method"] == "OPTIONS":
            await Answer(204, headers=make_preflight_headers(allowed)).send(send)
            return
        added: Headers = ()
        try:
            added = await self._take(scope, headers)
        except FootfallError as error:
            reason = _reason_of(error)
            self._ingest.drops.add(DOOR, "pageview", reason)
            added = _dropped_header(reason)
        except Exception as error:
            log_fault(error)
        body = b"" if scope["method"] == "HEAD" else PIXEL
        await Answer(200, body, (*_GIF, *allowed, *added)).send(send)

    async def _take(self, scope: Scope, headers: dict[bytes, bytes]) -> Headers:
        ingest = self._ingest
        if not ingest.window.take(ingest.addresses.find(scope, headers), "track").is_allowed:
            ingest.drops.add(DOOR, "pageview", DropReason.RATE_LIMITED)
            return _dropped_header(DropReason.RATE_LIMITED)
        values = parse_query(scope["query_string"])
        signal = parse_view(values)
        entry = find_project(ingest.directory, signal.site)
        reason = DropReason.UNKNOWN_PROJECT if entry is None else ingest.find_drop(signal.site)
        if entry is None or reason is not None:
            ingest.drops.add(DOOR, "pageview", reason or DropReason.UNKNOWN_PROJECT)
            return _dropped_header(reason or DropReason.UNKNOWN_PROJECT)
        waited_ms = parse_interaction(values)
        signal.value = float(waited_ms or 0)
        signal.props = b'{"is_pwa":true}' if values.get("pwa") == "1" else b""
        ingest.put_campaign(signal, entry.project.number, parse_tags(values))
        cookie: Headers = ()
        if values.get("ck") == "1":
            signal.visitor_id, cookie = _find_visitor(headers)
        proof = ingest.proofs.check(values.get("tok", ""), signal.session_id, signal.site)
        signal.evidence = Evidence(
            proof,
            is_page=True,
            interaction_ms=waited_ms,
            has_screen=bool(signal.screen),
            verdict=ingest.find_verdict(headers),
        )
        sender = ingest.make_sender(scope, headers, entry, signal.site)
        outcomes = await ingest.intake.take(sender, (signal,))
        return (*cookie, *_render_outcomes(outcomes))


class EchelonEvents:
    """`POST /e`: what happened on a page. 204 [doc]."""

    def __init__(self, ingest: EchelonIngest) -> None:
        self._ingest = ingest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        allowed = make_tracking_headers(headers.get(b"origin"))
        if scope["method"] == "OPTIONS":
            await Answer(204, headers=make_preflight_headers(allowed)).send(send)
            return
        if scope["method"] != "POST":
            await Answer(405, headers=(*allowed, (b"allow", b"POST, OPTIONS"))).send(send)
            return
        try:
            answer = await self._answer(scope, receive, headers, allowed)
        except Exception as error:
            status = status_of(error)
            if status == 500:
                log_fault(error)
            closing: Headers = ((b"connection", b"close"),) if status == 413 else ()
            answer = Answer(status, headers=(*allowed, *closing))
        if answer is not None:
            await answer.send(send)

    async def _answer(
        self, scope: Scope, receive: Receive, headers: dict[bytes, bytes], allowed: Headers
    ) -> Answer | None:
        ingest = self._ingest
        allowance = ingest.window.take(ingest.addresses.find(scope, headers), "track")
        if not allowance.is_allowed:
            ingest.drops.add(DOOR, "event", DropReason.RATE_LIMITED)
            wait = (b"retry-after", str(allowance.wait_s).encode())
            return Answer(429, headers=(*allowed, wait))
        body = await read_body(receive, BODY_LIMIT_BYTES, headers.get(b"content-length"))
        if body is None:
            return None
        parsed = parse_beacon(body)
        if parsed.skipped:
            ingest.drops.add(DOOR, "event", DropReason.MALFORMED, parsed.skipped)
        outcomes = await self._take(scope, headers, parsed)
        return Answer(204, headers=(*allowed, *_render_outcomes(outcomes)))

    async def _take(
        self, scope: Scope, headers: dict[bytes, bytes], parsed: Parsed
    ) -> Sequence[Outcome]:
        ingest = self._ingest
        entry = find_project(ingest.directory, parsed.site)
        reason = DropReason.UNKNOWN_PROJECT if entry is None else ingest.find_drop(parsed.site)
        if entry is None or reason is not None:
            dropped = Dropped(reason or DropReason.UNKNOWN_PROJECT)
            ingest.drops.add(DOOR, "event", dropped.reason, len(parsed.events))
            return [dropped] * len(parsed.events)
        proof = ingest.proofs.check(parsed.token, parsed.session, parsed.site)
        evidence = Evidence(proof, is_page=False, verdict=ingest.find_verdict(headers))
        project = entry.project.number
        visitor = _read_cookie(headers)
        signals: list[Signal] = []
        is_anonymous = ingest.rules.is_anonymous(parsed.site)
        for event in parsed.events:
            signal = event.signal
            signal.evidence, signal.visitor_id = evidence, visitor
            if is_anonymous and event.is_custom:
                signal.name = "custom"  # what a page calls its events may tell who acted
            ingest.put_campaign(signal, project, {"utm_campaign": event.campaign})
            exposure = self._make_exposure(project, event)
            signals += [signal] if exposure is None else [exposure, signal]
        if not signals:
            return ()
        sender = ingest.make_sender(scope, headers, entry, parsed.site)
        outcomes = await ingest.intake.take(sender, signals)
        # That a session saw its variant before is no loss.
        return [o for o, s in zip(outcomes, signals, strict=True) if s.kind != EXPOSURE]

    def _make_exposure(self, project: int, event: ParsedEvent) -> Signal | None:
        """Return the exposure that an event speaks of, once for each session; None for none."""
        if not event.experiment:
            return None
        for experiment in self._ingest.experiments.list_running(project):
            variant = experiment.find_variant(event.variant)
            if experiment.id != event.experiment or variant is None:
                continue
            signal = event.signal
            once = f"{experiment.id} {variant.id} {signal.session_id}"
            exposure = make_exposure(
                experiment, variant, client_id=once if signal.session_id else ""
            )
            exposure.site, exposure.url = signal.site, signal.url
            exposure.session_id, exposure.visitor_id = signal.session_id, signal.visitor_id
            exposure.evidence = signal.evidence
            return exposure
        return None


def _find_visitor(headers: dict[bytes, bytes]) -> tuple[str, Headers]:
    """Return the visitor's id of its cookie, or a new one, with the header that keeps it."""
    visitor = _read_cookie(headers) or secrets.token_hex(_COOKIE_DIGITS // 2)
    text = (
        f"{COOKIE}={visitor}; HttpOnly; SameSite=None; Secure; Partitioned; "
        f"Max-Age={COOKIE_AGE_S}; Path=/"
    )
    return visitor, ((b"set-cookie", text.encode()),)


def _read_cookie(headers: dict[bytes, bytes]) -> str:
    raw = headers.get(b"cookie", b"").decode("latin-1")
    if f"{COOKIE}=" not in raw:
        return ""
    try:
        morsel = SimpleCookie(raw).get(COOKIE)
    except CookieError:
        return ""
    value = morsel.value if morsel else ""
    is_id = len(value) == _COOKIE_DIGITS and all(c in "0123456789abcdef" for c in value)
    return value if is_id else ""


def _reason_of(error: FootfallError) -> DropReason:
    if isinstance(error, TooLargeError):
        return DropReason.TOO_LARGE
    if isinstance(error, InvalidInputError) and error.field == "_v":
        return DropReason.NO_INTERACTION
    if isinstance(error, MissingFieldError | InvalidInputError):
        return DropReason.MALFORMED
    return DropReason.UNAVAILABLE


def _dropped_header(reason: DropReason) -> Headers:
    return ((b"footfall-dropped", reason.value.encode()),)


def _render_outcomes(outcomes: Sequence[Outcome]) -> Headers:
    reasons = sorted({o.reason.value for o in outcomes if isinstance(o, Dropped)})
    return ((b"footfall-dropped", ", ".join(reasons).encode()),) if reasons else ()
