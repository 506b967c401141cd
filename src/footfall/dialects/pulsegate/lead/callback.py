"""Routes by which the CRM, and the service that hands leads to it, report back. Each asks for the
secret that both sides share."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from footfall.dialects.pulsegate.access import OPEN
from footfall.errors import (
    InvalidInputError,
    MissingFieldError,
    NotConfiguredError,
    TooLargeError,
    UnauthenticatedError,
)
from footfall.http.api_document import takes
from footfall.http.auth import is_same_secret, parse_bearer
from footfall.http.json_body import parse_json
from footfall.leads.register import Leads

BODY_LIMIT_BYTES = 256 * 1024

ID_LIMIT = 200
URL_LIMIT = 2_048
EVENT_LIMIT = 100

NO_MATCH = "No matching lead or submission for crm_lead_id"

AnyRequest = Request[Any, Any, Any]

_OBJECT = msgspec.json.Decoder(dict[str, Any])


Number = int | str
"""Numbers may come as text."""


class CrmCallback(msgspec.Struct):
    """The id under which the CRM keeps a lead. One of the first two is needed; every name may come
    in camel case."""

    crm_lead_id: str | int
    lead_id: Number | None = None
    submission_id: Number | None = None


class MakeCallback(msgspec.Struct):
    """Where a run that forwarded a lead can be looked at; as above."""

    execution_url: str
    lead_id: Number | None = None
    submission_id: Number | None = None
    status: str | None = None


class CrmReport(msgspec.Struct):
    """A change of a lead; every other field is kept as it is."""

    crm_lead_id: str | int
    event_type: str = "updated"


class UpdatedBody(msgspec.Struct):
    """What was reported is written down."""

    ok: bool = True
    updated: bool = True


class StoredBody(msgspec.Struct):
    """A report of the CRM is written down."""

    lead_id: int
    ok: bool = True
    stored: bool = True


class IgnoredBody(msgspec.Struct):
    """A report of the CRM belongs to no lead of ours; it need not be sent again."""

    reason: str = NO_MATCH
    ok: bool = True
    stored: bool = False


class LeadSecrets:
    """The secrets that reports are known by."""

    def __init__(self, callback: str, webhook: str) -> None:
        """`callback` opens everything when it is set, and nothing but callbacks asks for it when
        it is not; reports of the CRM ask for `webhook` first."""
        self._callback = callback
        self._webhook = webhook

    def check_callback(self, request: AnyRequest) -> None:
        """Raise UnauthenticatedError for a wrong secret; without one set everybody passes [doc]."""
        if self._callback and not is_same_secret(_secret_of(request), self._callback):
            raise UnauthenticatedError

    def check_webhook(self, request: AnyRequest) -> None:
        """Raise NotConfiguredError while no secret is set, UnauthenticatedError for a wrong one."""
        expected = self._webhook or self._callback
        if not expected:
            raise NotConfiguredError(
                "CRM webhook is not configured; set CRM_WEBHOOK_SECRET or CRM_CALLBACK_SECRET"
            )
        if not is_same_secret(_secret_of(request), expected):
            raise UnauthenticatedError


TheLeads = NamedDependency[SkipValidation[Leads]]
TheSecrets = NamedDependency[SkipValidation[LeadSecrets]]


@post(
    "/lead.capture/crm-callback",
    opt=takes(OPEN, CrmCallback),
    status_code=200,
    summary="Tell a lead's id in the CRM",
)
async def take_crm_callback(
    request: AnyRequest, leads: TheLeads, lead_secrets: TheSecrets
) -> UpdatedBody:
    """Write down under which id the CRM keeps a lead."""
    lead_secrets.check_callback(request)
    fields = await read_object(request)
    lead, submission = _read_target(fields)
    crm_id = _read(fields, "crm_lead_id", "crmLeadId", limit=ID_LIMIT)
    await asyncio.to_thread(leads.put_crm_id, lead, submission, crm_id)
    return UpdatedBody()


@post(
    "/lead.capture/make-callback",
    opt=takes(OPEN, MakeCallback),
    status_code=200,
    summary="Tell a lead's forwarding",
)
async def take_make_callback(
    request: AnyRequest, leads: TheLeads, lead_secrets: TheSecrets
) -> UpdatedBody:
    """Write down where the run that forwarded a lead can be looked at."""
    lead_secrets.check_callback(request)
    fields = await read_object(request)
    lead, submission = _read_target(fields)
    url = _read(fields, "execution_url", "executionUrl", limit=URL_LIMIT)
    if not url.lower().startswith(("https://", "http://")):
        raise InvalidInputError(
            f"execution_url is '{url[:60]}'; accepted is an address that begins with https://",
            field="execution_url",
        )
    status = str(fields.get("status") or "")[:EVENT_LIMIT]
    await asyncio.to_thread(leads.put_execution, lead, submission, url, status)
    return UpdatedBody()


@post(
    "/webhooks/crm/lead",
    opt=takes(OPEN, CrmReport),
    status_code=200,
    summary="Report a change of a lead",
)
async def take_crm_report(
    request: AnyRequest, leads: TheLeads, lead_secrets: TheSecrets
) -> StoredBody | IgnoredBody:
    """Write down what the CRM reports. What belongs to no lead is answered 200 as well, so that
    the CRM does not send it again."""
    lead_secrets.check_webhook(request)
    fields = await read_object(request)
    crm_id = _read(fields, "crm_lead_id", "crmLeadId", limit=ID_LIMIT)
    event = str(fields.get("event_type") or "updated")[:EVENT_LIMIT]
    body = msgspec.json.encode(fields).decode()
    number = await asyncio.to_thread(leads.put_report, crm_id, event, body)
    return IgnoredBody() if number is None else StoredBody(number)


async def read_object(request: AnyRequest) -> dict[str, Any]:
    """Return the JSON object of a body. Raises InvalidInputError, TooLargeError."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT_BYTES:
            raise TooLargeError(f"The body is larger than {BODY_LIMIT_BYTES} bytes.")
    return parse_json(_OBJECT, body)


def _secret_of(request: AnyRequest) -> str | None:
    given = parse_bearer(request.headers.get("authorization"))
    return given or request.headers.get("x-api-key", "").strip() or None


def _read_target(fields: dict[str, Any]) -> tuple[int | None, int | None]:
    lead = _read_number(fields, "lead_id", "leadId")
    submission = _read_number(fields, "submission_id", "submissionId")
    if lead is None and submission is None:
        raise MissingFieldError("lead_id")
    return lead, submission


def _read_number(fields: dict[str, Any], *names: str) -> int | None:
    value = next((fields[name] for name in names if fields.get(name) is not None), None)
    if value is None:
        return None
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidInputError(
            f"{names[0]} is '{text[:40]}'; accepted is a whole number", field=names[0]
        )
    return int(text)


def _read(fields: dict[str, Any], *names: str, limit: int) -> str:
    value = next((fields[name] for name in names if fields.get(name) is not None), "")
    text = str(value).strip() if isinstance(value, str | int) else ""
    if not text:
        raise MissingFieldError(names[0])
    if len(text) > limit or not text.isprintable():
        raise InvalidInputError(
            f"{names[0]} has {len(text)} characters; up to {limit} printable ones are accepted",
            field=names[0],
        )
    return text


CALLBACK_ROUTES = (take_crm_callback, take_make_callback, take_crm_report)
