"""The door through which the command line reaches a running server: `/api/control/…`, for callers
on this machine that can read the token in the data folder. It parses and renders; the verbs are
in `api.control`."""

import secrets
from collections.abc import AsyncIterator
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec

from footfall.api.control import Control, ExportOrder
from footfall.errors import FootfallError, InvalidInputError, NotFoundError, UnauthenticatedError
from footfall.http.asgi import Receive, Scope, Send
from footfall.http.body import read_body
from footfall.http.response import JSON, Answer, log_fault
from footfall.http.status import retry_after_s, status_of
from footfall.http.stream import begin_stream
from footfall.ingest.access_log_import import ImportRecord
from footfall.leads.erasure import Person
from footfall.model.event import Event

PREFIX = "/api/control/"

PATHS: tuple[str, ...] = tuple(
    PREFIX + word
    for word in (
        *("health", "projects", "keys", "keys/revoke"),
        *("import", "import-events", "export", "erase"),
    )
)
"""Every path the door answers; they are hot routes with the access 'control'."""

MAX_BODY_BYTES = 16 * 1024 * 1024
"""A batch of 2,000 records is under 1 MB; long targets make it more, never this much."""

T = TypeVar("T")


class NewProject(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST projects`."""

    name: str
    domain: str = ""
    time_zone: str = "UTC"


class NewKey(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST keys`."""

    project: str
    name: str
    scopes: list[str]


class RevokedKey(msgspec.Struct, forbid_unknown_fields=True):
    """Body of `POST keys/revoke`."""

    id: str


_NEW_PROJECT = msgspec.json.Decoder(NewProject)
_NEW_KEY = msgspec.json.Decoder(NewKey)
_REVOKED_KEY = msgspec.json.Decoder(RevokedKey)
_PERSON = msgspec.json.Decoder(Person)
_RECORD = msgspec.json.Decoder(ImportRecord)
_EVENT = msgspec.json.Decoder(Event)
_EXPORT_ORDER = msgspec.json.Decoder(ExportOrder)


class ControlDoor:
    """A plain ASGI application for paths under `PREFIX`."""

    def __init__(self, control: Control, token: str, pid: int) -> None:
        self._control = control
        self._token = token.encode()
        self._pid = pid

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with JSON."""
        headers = [JSON, (b"cache-control", b"no-store")]
        try:
            self._check_caller(scope)
            declared = dict(scope["headers"]).get(b"content-length")
            body = await read_body(receive, MAX_BODY_BYTES, declared)
            if body is None:
                return
            status, answer = 200, await self._run(scope, body)
            if isinstance(answer, AsyncIterator):
                answer = await begin_stream(answer)
        except FootfallError as error:
            status, answer = status_of(error), {"error": error.code, "message": error.message}
            if (wait_s := retry_after_s(error)) is not None:
                headers.append((b"retry-after", str(wait_s).encode()))
        except Exception as error:
            log_fault(error)
            status = 500
            answer = {"error": "internal", "message": "Something went wrong; the log says more."}
        if isinstance(answer, AsyncIterator):
            # What fails from here on breaks the connection off: the caller sees a torn answer.
            await _send_stream(answer, send)
            return
        await Answer(status, msgspec.json.encode(answer), tuple(headers)).send(send)

    def _check_caller(self, scope: Scope) -> None:
        """Refuse callers from elsewhere, also those that a proxy on this machine brings."""
        headers = dict(scope["headers"])
        client = scope.get("client")
        is_proxied = bool({b"x-forwarded-for", b"forwarded", b"x-real-ip"} & headers.keys())
        if client is None or not _is_loopback(client[0]) or is_proxied:
            raise NotFoundError("Path", scope["path"])
        given = headers.get(b"authorization", b"")
        if not secrets.compare_digest(given, b"Bearer " + self._token):
            raise UnauthenticatedError("The token is not the one in the data folder.")

    async def _run(self, scope: Scope, body: bytes) -> object:
        route = scope["method"], scope["path"].removeprefix(PREFIX)
        words = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        match route:
            case "GET", "health":
                return {"pid": self._pid}
            case "GET", "projects":
                return await self._control.list_projects()
            case "POST", "projects":
                new = _parse(_NEW_PROJECT, body)
                return await self._control.create_project(
                    new.name, new.domain, time_zone=new.time_zone
                )
            case "GET", "keys":
                return await self._control.list_keys(_parse_word(words, "project"))
            case "POST", "keys":
                key = _parse(_NEW_KEY, body)
                return await self._control.create_key(key.project, key.name, key.scopes)
            case "POST", "keys/revoke":
                await self._control.revoke_key(_parse(_REVOKED_KEY, body).id)
                return {}
            case "POST", "erase":
                return await self._control.erase_person(_parse(_PERSON, body))
            case "POST", "import":
                number = _parse_number(words, "project")
                return await self._control.put_records(number, _parse_lines(_RECORD, body))
            case "POST", "import-events":
                number = _parse_number(words, "project")
                return await self._control.put_events(number, _parse_lines(_EVENT, body))
            case "POST", "export":
                return self._control.export_events(_parse(_EXPORT_ORDER, body))
        raise NotFoundError("Path", scope["path"])


def _is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False


def _parse(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(str(error)) from None


def _parse_lines(decoder: "msgspec.json.Decoder[T]", body: bytes) -> list[T]:
    try:
        return decoder.decode_lines(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"not lines of what is to be imported: {error}") from None


def _parse_number(words: dict[str, list[str]], name: str) -> int:
    number = _parse_word(words, name)
    if not number.isdecimal():
        raise InvalidInputError(f"{name} '{number}' is no number", field=name)
    return int(number)


def _parse_word(words: dict[str, list[str]], name: str) -> str:
    if len(words.get(name, [])) != 1:
        raise InvalidInputError(f"give '{name}' once, in the query string", field=name)
    return words[name][0]


async def _send_stream(chunks: AsyncIterator[bytes], send: Send) -> None:
    headers = [(b"content-type", b"application/octet-stream"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    async for chunk in chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
