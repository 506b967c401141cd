"""One outgoing HTTP call: the name is resolved once, every address it leads to is checked, and the
connection goes to a checked address, so that a name cannot change its mind in between. No
redirect is followed, no environment proxy is used, nothing waits beyond the deadline."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import httpcore

from footfall.delivery.address import PRIVATE_SETTING, Rule
from footfall.delivery.delivery import Attempt
from footfall.delivery.trust import load_trust

TIMEOUT_S = 5.0
"""For the whole call, from the name's resolution to the answer's last byte [Pulse]."""

ADDRESS_TIMEOUT_S = 1.5
"""For connecting to one address of a name that has more: a dead IPv6 route must not use it all."""

ANSWER_LIMIT_BYTES = 16 * 1024
"""What is read of an answer's body, so that a polite receiver sees its answer taken."""

RESOLVER_THREADS = 8
"""Names resolved at once. They have threads of their own: a slow name server stops no report."""

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the numeric addresses of a host; blocks. Raises OSError."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is posted."""

    url: str
    body: bytes
    headers: Mapping[str, str]


class RefusedAddressError(Exception):
    """The host leads to an address that outgoing calls may not reach."""


class Caller:
    """Posts to webhooks."""

    def __init__(
        self,
        rule: Rule,
        *,
        resolve: Resolve | None = None,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._backend = _CheckedBackend(rule, resolve or _resolve)
        self._tls = tls
        self._timeout_s = timeout_s

    async def post(self, call: Call) -> Attempt:
        """Post once and say how it ended; never raises for what the other side does."""
        judged: list[Attempt] = []
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._post(call, judged)
                return judged[0]
        except TimeoutError:
            # The status decides; a body that never ends changes nothing.
            if judged:
                return judged[0]
            return Attempt(f"no answer within {self._timeout_s:g} seconds", is_silence=True)
        except RefusedAddressError:
            return Attempt(
                "the host leads to a private or local address, which outgoing calls may not "
                f"reach; {PRIVATE_SETTING} allows it",
                is_final=True,
            )
        except httpcore.ConnectError as error:
            return Attempt(_explain_connect(error), is_silence=True)
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            return Attempt("the answer is not HTTP")
        except httpcore.NetworkError:
            return Attempt("the connection was cut before the answer", is_silence=True)
        except OSError:
            return Attempt("the host name does not resolve", is_silence=True)

    def close(self) -> None:
        """Let the resolver's threads end."""
        self._backend.close()

    async def _post(self, call: Call, judged: list[Attempt]) -> None:
        tls = self._tls or await asyncio.to_thread(load_trust)
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=tls, network_backend=self._backend, max_keepalive_connections=0
            ) as pool,
            pool.stream(
                "POST", call.url, headers=list(call.headers.items()), content=call.body
            ) as response,
        ):
            judged.append(_judge(response.status))
            with suppress(httpcore.NetworkError, httpcore.ProtocolError):
                size_bytes = 0
                async for chunk in response.aiter_stream():
                    size_bytes += len(chunk)
                    if size_bytes >= ANSWER_LIMIT_BYTES:
                        break


def _judge(status: int) -> Attempt:
    if 200 <= status < 300:
        return Attempt(status=status)
    if 300 <= status < 400:
        return Attempt(
            f"answered {status}, a redirect; redirects are not followed, give the final address",
            status,
        )
    if status == 410:
        return Attempt("answered 410: the receiver is gone for good", status, is_final=True)
    return Attempt(f"answered {status}", status)


def _explain_connect(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate is not valid: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "TLS could not be agreed on"
        cause = cause.__cause__ or cause.__context__
    return "could not connect"


def _resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the addresses it has checked, never to a name."""

    def __init__(self, rule: Rule, resolve: Resolve) -> None:
        self._rule = rule
        self._resolve = resolve
        self._inner = httpcore.AnyIOBackend()
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolve")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 (the library's interface)
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check every address, connect to the first that takes the connection."""
        loop = asyncio.get_running_loop()
        addresses = await loop.run_in_executor(self._threads, self._resolve, host, port)
        if not addresses or not all(self._rule.allows(address) for address in addresses):
            raise RefusedAddressError
        for address in addresses[:-1]:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._inner.connect_tcp(
                    address, port, ADDRESS_TIMEOUT_S, local_address, socket_options
                )
        return await self._inner.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)

    def close(self) -> None:
        """Let the threads end; one that waits for a name server ends with its answer."""
        self._threads.shutdown(wait=False, cancel_futures=True)
