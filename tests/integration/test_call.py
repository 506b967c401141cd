"""Outgoing calls over real sockets: what receivers may do to us, and whom we refuse to call."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from footfall.delivery.address import Rule
from footfall.delivery.call import Call, Caller
from footfall.delivery.delivery import Attempt
from tests.integration.certificate import make_certificate
from tests.integration.receiver import (
    BODY_STALL,
    DRIP,
    GARBAGE,
    REDIRECT,
    RESET,
    STALL,
    Receiver,
    open_receiver,
    status,
)

LOCAL = Rule(allows_private=True)


class OnlyTwo(Rule):
    """Allows 127.0.0.2, where nobody listens, as if it were public."""

    def allows(self, address: str) -> bool:
        return address == "127.0.0.2"


async def post(url: str, caller: Caller | None = None, timeout_s: float = 10) -> Attempt:
    caller = caller or Caller(LOCAL, timeout_s=timeout_s)
    try:
        return await caller.post(Call(url, b'{"a":1}', {"Content-Type": "application/json"}))
    finally:
        caller.close()


async def post_to(answer: bytes, timeout_s: float = 10) -> tuple[Attempt, Receiver]:
    async with open_receiver(answer) as receiver:
        return await post(receiver.url, timeout_s=timeout_s), receiver


async def test_body_and_headers_arrive_as_given() -> None:
    attempt, receiver = await post_to(status(204))
    assert attempt == Attempt(status=204)
    (request,) = receiver.received
    assert request.line == "POST /hook HTTP/1.1"
    assert request.body == b'{"a":1}'
    assert request.headers["content-type"] == "application/json"


async def test_redirect_is_a_failure_that_says_so() -> None:
    attempt, receiver = await post_to(REDIRECT)
    assert attempt.status == 302
    assert attempt.error is not None
    assert "redirects are not followed" in attempt.error
    assert len(receiver.received) == 1


@pytest.mark.parametrize("code", [400, 404, 429, 500, 503])
async def test_other_answers_fail_and_are_tried_again(code: int) -> None:
    attempt, _ = await post_to(status(code))
    assert attempt == Attempt(f"answered {code}", code)


async def test_receiver_that_is_gone_for_good_is_not_tried_again() -> None:
    attempt, _ = await post_to(status(410))
    assert attempt.is_final


@pytest.mark.parametrize("answer", [STALL, DRIP])
async def test_receiver_has_the_whole_timeout_and_not_a_byte_more(answer: bytes) -> None:
    began = time.monotonic()
    attempt, _ = await post_to(answer, timeout_s=0.5)
    assert time.monotonic() - began < 10
    assert attempt == Attempt("no answer within 0.5 seconds", is_silence=True)


async def test_status_decides_when_the_body_never_ends() -> None:
    attempt, _ = await post_to(BODY_STALL, timeout_s=0.5)
    assert attempt.is_success


async def test_answer_is_read_within_bounds() -> None:
    huge = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 50_000_000
    attempt, receiver = await post_to(huge)
    assert attempt.is_success
    assert not receiver.has_sent_all


async def test_garbage_and_hanging_up_are_failures() -> None:
    attempt, _ = await post_to(GARBAGE)
    assert attempt.error == "the answer is not HTTP"
    attempt, _ = await post_to(RESET)
    assert attempt.error in {
        "the connection was cut before the answer",
        "the answer is not HTTP",
    }


async def test_nobody_listening_is_a_failure() -> None:
    async with open_receiver() as receiver:
        url = receiver.url
    attempt = await post(url)
    assert attempt.error == "could not connect"
    assert attempt.is_silence


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"]
)
async def test_this_machine_is_not_called_however_it_is_written(host: str) -> None:
    async with open_receiver() as receiver:
        attempt = await post(f"http://{host}:{receiver.port}/", Caller(Rule()))
        assert attempt.is_final
        assert "private or local address" in (attempt.error or "")
        assert receiver.received == []


async def test_name_that_leads_to_a_public_and_a_private_address_is_refused() -> None:
    caller = Caller(Rule(), resolve=lambda host, port: ["93.184.216.34", "127.0.0.1"])
    attempt = await post("http://two.example/", caller)
    assert attempt.is_final


async def test_name_is_resolved_once_so_that_it_cannot_change_its_mind() -> None:
    """A rebinding name: allowed when it is checked, forbidden for whoever asks again."""
    asked: list[str] = []
    async with open_receiver() as receiver:

        def resolve(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

        caller = Caller(OnlyTwo(), resolve=resolve, timeout_s=10)
        url = f"http://rebind.example:{receiver.port}/"
        first = await caller.post(Call(url, b"{}", {}))
        second = await caller.post(Call(url, b"{}", {}))
        caller.close()
        assert asked == ["rebind.example"] * 2
        assert not first.is_success
        assert not first.is_final
        assert second.is_final
        assert receiver.received == []


async def test_connection_goes_to_the_address_that_was_checked() -> None:
    async with open_receiver() as receiver:
        caller = Caller(LOCAL, resolve=lambda host, port: ["127.0.0.1"])
        attempt = await post(f"http://nowhere.example:{receiver.port}/", caller)
        assert attempt.is_success
        assert receiver.received[0].headers["host"] == f"nowhere.example:{receiver.port}"


async def test_next_address_is_tried_when_the_first_does_not_answer() -> None:
    async with open_receiver() as receiver:
        caller = Caller(LOCAL, resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
        attempt = await post(f"http://two.example:{receiver.port}/", caller)
        assert attempt.is_success


async def test_name_that_does_not_exist_is_a_failure() -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    attempt = await post("http://missing.example/", Caller(Rule(), resolve=resolve))
    assert attempt.error == "the host name does not resolve"
    assert not attempt.is_final


async def test_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with open_receiver() as receiver:
        assert (await post(receiver.url)).is_success


async def test_certificate_is_verified(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "hooks.example")
    tls = certificate.serving()
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]

    def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with server:
        attempt = await post(f"https://hooks.example:{port}/", Caller(LOCAL, resolve=resolve))
        assert "the certificate is not valid" in (attempt.error or "")
        trusting = certificate.trusting()
        caller = Caller(LOCAL, resolve=resolve, tls=trusting)
        assert (await post(f"https://hooks.example:{port}/", caller)).is_success
        caller = Caller(LOCAL, resolve=resolve, tls=trusting)
        attempt = await post(f"https://other.example:{port}/", caller)
        assert "the certificate is not valid" in (attempt.error or "")
    assert len(receiver.received) == 1
