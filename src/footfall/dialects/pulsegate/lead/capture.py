"""The routes that take leads. Whatever comes of a form, its sender gets the same answer: a browser
is led to the page that says thanks, a script gets JSON."""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import SkipValidation

from footfall.clock import Clock
from footfall.dialects.pulsegate.access import OPEN
from footfall.dialects.pulsegate.lead.field import parse_form, parse_payload
from footfall.dialects.pulsegate.lead.gate import Caller, Doorkeeper, Entry, host_of
from footfall.errors import InvalidInputError, RateLimitedError, TooLargeError
from footfall.http.api_document import takes
from footfall.http.client_address import ClientAddress
from footfall.http.window import FixedWindow
from footfall.ingest.request import Sender
from footfall.leads.address import AddressLists
from footfall.leads.capture import Arrival, Capture, is_development_host
from footfall.leads.lead import Form
from footfall.leads.register import Taken
from footfall.leads.setting import LeadSettingsStore

DOOR = "pulsegate"

BODY_LIMIT_BYTES = 256 * 1024
"""A hundred times what people type; files are not taken."""

PER_MINUTE = 300
"""Forms of one address: an office behind one address sends fewer, a flood is stopped."""

DEPRECATED = {
    "X-Deprecated": "true; use /lead.capture",
    "Sunset": "Mon, 01 Jun 2026 00:00:00 GMT",
}
"""The old paths are served on; they say so [original]."""

AnyRequest = Request[Any, Any, Any]


class CapturedBody(msgspec.Struct):
    """A form was taken."""

    success: bool
    lead_id: int | None
    submission_id: int
    redirect_url: str | None


class LeadDoor:
    """Takes a request that carries a form."""

    def __init__(
        self,
        capture: Capture,
        doorkeeper: Doorkeeper,
        lists: AddressLists,
        settings: LeadSettingsStore,
        addresses: ClientAddress,
        clock: Clock,
    ) -> None:
        self._capture = capture
        self._doorkeeper = doorkeeper
        self._lists = lists
        self._settings = settings
        self._addresses = addresses
        self._clock = clock
        self._window = FixedWindow(clock, PER_MINUTE, 60)

    async def take(self, request: AnyRequest, extra: dict[str, str]) -> Response[Any]:
        """Take the form and answer."""
        address = self._addresses.find(request.scope)  # type: ignore[arg-type]
        if not self._lists.is_whitelisted(address):
            self._check_rate(address)
        form = await self._read(request, address)
        headers = request.headers
        caller = Caller(
            headers.get("x-api-key", "").strip(),
            headers.get("origin", ""),
            headers.get("referer", ""),
        )
        requires_form = self._settings.current.requires_form
        entry = self._doorkeeper.admit(caller, form, requires_form=requires_form)
        taken = await self._capture.take(
            Arrival(
                form,
                self._make_sender(request, entry, address),
                referrer=caller.referrer or caller.origin,
                is_development=is_development_host(host_of(caller.origin or caller.referrer)),
                is_server=entry.is_server,
            )
        )
        return self._answer(
            request, taken, self._doorkeeper.find_redirect(caller, form, entry), extra
        )

    def _check_rate(self, address: str) -> None:
        allowance = self._window.take(address)
        if not allowance.is_allowed:
            raise RateLimitedError(retry_after_s=allowance.wait_s)

    async def _read(self, request: AnyRequest, address: str) -> Form:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT_BYTES:
                raise TooLargeError(f"The form is larger than {BODY_LIMIT_BYTES} bytes.")
        try:
            return parse_form(parse_payload(request.headers.get("content-type", ""), body))
        except InvalidInputError:
            if not self._lists.is_blocked(address):
                raise
            # A blocked sender learns nothing, not even that a form was wrong.
            return parse_form({"body": body.decode("utf-8", "replace")})

    def _make_sender(self, request: AnyRequest, entry: Entry, address: str) -> Sender:
        headers = request.headers
        return Sender(
            project=entry.project.project.number,
            door=DOOR,
            ip=address,
            user_agent=headers.get("user-agent", ""),
            received_at_us=self._clock.now_us(),
            accept_language=headers.get("accept-language", ""),
            headers_seen=frozenset(headers.keys()),
            own_hosts=entry.project.own_hosts,
            is_unscored=entry.is_server,
        )

    def _answer(
        self, request: AnyRequest, taken: Taken, url: str, extra: dict[str, str]
    ) -> Response[Any]:
        headers = {**extra, "Cache-Control": "no-store"}
        if url and wants_page(request):
            # 301 is what the document says; `no-store` keeps browsers from learning it by heart.
            return Response(b"", status_code=301, headers={**headers, "Location": url})
        submission = taken.submission
        # A number in place of the lead that was not made: nobody can tell from the answer.
        number = submission.number if submission.kind in {"blocked", "bot"} else submission.lead
        body = CapturedBody(True, number, submission.number, url or None)
        return Response(body, status_code=200, headers=headers)


def wants_page(request: AnyRequest) -> bool:
    """Tell whether a browser shows the answer as a page: it says so, or a form was sent by it."""
    accepted = request.headers.get("accept", "").lower()
    if "text/html" in accepted:
        return True
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_form = kind in {"application/x-www-form-urlencoded", "multipart/form-data"}
    return is_form and "application/json" not in accepted


_LED = {301: ResponseSpec(None, description="A form of a page is led on.", generate_examples=False)}

TheLeadDoor = NamedDependency[SkipValidation[LeadDoor]]


@post(
    "/lead.capture",
    opt=takes(OPEN, dict[str, Any]),
    responses=_LED,
    status_code=200,
    summary="Take a lead",
)
async def capture_lead(request: AnyRequest, lead_door: TheLeadDoor) -> Response[CapturedBody]:
    """Take a form as JSON, urlencoded, multipart or text. Forms get 301, scripts JSON."""
    return await lead_door.take(request, {})


@post(
    "/lead",
    opt=takes(OPEN, dict[str, Any]),
    responses=_LED,
    status_code=200,
    summary="Take a lead (deprecated)",
)
async def capture_lead_before(
    request: AnyRequest, lead_door: TheLeadDoor
) -> Response[CapturedBody]:
    """The same as /lead.capture, which is to be used. POST / is answered here as well."""
    return await lead_door.take(request, DEPRECATED)


CAPTURE_ROUTES = (capture_lead, capture_lead_before)
