"""The verbs of `api.control` done by a running server: the other end of `api.control_door`.
It speaks HTTP to this machine only, over one connection that is opened again when it breaks."""

import asyncio
import http.client
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from footfall.api.control import ErasedFacts, ExportOrder, KeyFacts, ProjectFacts
from footfall.api.control_door import PREFIX
from footfall.cli.control_file import ControlFile
from footfall.errors import (
    ConflictError,
    FootfallError,
    ForbiddenError,
    InvalidInputError,
    UnauthenticatedError,
    UnavailableError,
)
from footfall.ingest.access_log_import import ImportRecord
from footfall.ingest.feed import BatchOutcome
from footfall.leads.erasure import Person
from footfall.model.event import Event

T = TypeVar("T")

TIMEOUT_S = 120
"""The server may wait 30 s for the warehouse before it answers; four times that is a dead one."""

_ERRORS: dict[str, type[FootfallError]] = {
    one.code: one
    for one in (
        *(ConflictError, ForbiddenError, InvalidInputError, UnauthenticatedError),
        UnavailableError,
    )
}


_CHUNK_BYTES = 256 * 1024


class ServerGoneError(FootfallError):
    """The running server does not answer any more. Run the command again when it is back."""

    code = "server_gone"


class RemoteControl:
    """Asks the server that owns the data folder. Raises what the server raised."""

    def __init__(self, control: ControlFile, timeout_s: float = TIMEOUT_S) -> None:
        address = urlsplit(control.url)
        self._headers = {"Authorization": f"Bearer {control.token}"}
        self._connection = http.client.HTTPConnection(
            address.hostname or "127.0.0.1", address.port or 80, timeout=timeout_s
        )

    async def read_pid(self) -> int:
        """Return the process id of the server that answers."""
        return (await self._ask("GET", "health", b"", type_=dict[str, int]))["pid"]

    async def list_projects(self) -> list[ProjectFacts]:
        """Return all projects."""
        return await self._ask("GET", "projects", b"", type_=list[ProjectFacts])

    async def create_project(
        self, name: str, domain: str, *, time_zone: str = "UTC"
    ) -> ProjectFacts:
        """Make a project."""
        body = msgspec.json.encode({"name": name, "domain": domain, "time_zone": time_zone})
        return await self._ask("POST", "projects", body, type_=ProjectFacts)

    async def list_keys(self, project: str) -> list[KeyFacts]:
        """Return the keys of a project."""
        path = f"keys?project={quote(project, safe='')}"
        return await self._ask("GET", path, b"", type_=list[KeyFacts])

    async def create_key(self, project: str, name: str, scopes: Sequence[str]) -> KeyFacts:
        """Make a key."""
        body = msgspec.json.encode({"project": project, "name": name, "scopes": list(scopes)})
        return await self._ask("POST", "keys", body, type_=KeyFacts)

    async def revoke_key(self, key_id: str) -> None:
        """Close a key at once."""
        body = msgspec.json.encode({"id": key_id})
        await self._ask("POST", "keys/revoke", body, type_=dict[str, Any])

    async def erase_person(self, person: Person) -> ErasedFacts:
        """Erase a person."""
        return await self._ask("POST", "erase", msgspec.json.encode(person), type_=ErasedFacts)

    async def put_records(self, project: int, records: Sequence[ImportRecord]) -> BatchOutcome:
        """Send one batch of an import."""
        body = msgspec.json.Encoder().encode_lines(records)
        return await self._ask("POST", f"import?project={project}", body, type_=BatchOutcome)

    async def put_events(self, project: int, events: Sequence[Event]) -> BatchOutcome:
        """Send one batch of raw events."""
        body = msgspec.json.Encoder().encode_lines(events)
        return await self._ask("POST", f"import-events?project={project}", body, type_=BatchOutcome)

    async def export_events(self, order: ExportOrder) -> AsyncIterator[bytes]:
        """Give a file of raw events in chunks, as the server sends them.

        Raises ServerGoneError when the server stops in the middle.
        """
        answer = await asyncio.to_thread(self._open, "POST", "export", msgspec.json.encode(order))
        if answer.status != 200:
            self._raise(answer.status, _retry_after_s(answer), await asyncio.to_thread(answer.read))
        try:
            while chunk := await asyncio.to_thread(answer.read, _CHUNK_BYTES):
                yield chunk
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise ServerGoneError from None

    async def _ask(self, method: str, path: str, body: bytes, *, type_: type[T]) -> T:
        status, retry_after_s, content = await asyncio.to_thread(self._send, method, path, body)
        if status != 200:
            self._raise(status, retry_after_s, content)
        try:
            return msgspec.json.decode(content, type=type_)
        except msgspec.DecodeError:
            raise _misunderstood(status) from None

    def _raise(self, status: int, retry_after_s: int, content: bytes) -> NoReturn:
        """Raise what the server raised."""
        try:
            answer = msgspec.json.decode(content, type=dict[str, str])
            code, message = answer["error"], answer["message"]
        except (msgspec.DecodeError, KeyError):
            raise _misunderstood(status) from None
        if code == UnavailableError.code:
            raise UnavailableError(message, retry_after_s=retry_after_s)
        raise _ERRORS.get(code, FootfallError)(message)

    def _send(self, method: str, path: str, body: bytes) -> tuple[int, int, bytes]:
        """Send one request and read the answer."""
        answer = self._open(method, path, body)
        try:
            return answer.status, _retry_after_s(answer), answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise ServerGoneError from None

    def _open(self, method: str, path: str, body: bytes) -> http.client.HTTPResponse:
        """Send one request; once more when the server has closed the idle connection.

        Exports change nothing, and every verb of an import may come twice: its records carry ids.
        """
        may_repeat = method == "GET" or path == "export" or path.startswith("import")
        for attempt in (1, 2):
            try:
                self._connection.request(method, PREFIX + path, body, self._headers)
                return self._connection.getresponse()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._connection.close()
                if attempt == 2 or not may_repeat:
                    break
            except (OSError, http.client.HTTPException):
                self._connection.close()
                break
        raise ServerGoneError

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> "RemoteControl":
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()


def _retry_after_s(answer: http.client.HTTPResponse) -> int:
    wait = answer.getheader("retry-after", "5")
    return int(wait) if wait.isdecimal() else 5


def _misunderstood(status: int) -> UnavailableError:
    return UnavailableError(
        f"The server answered {status} in words this command does not understand."
    )
