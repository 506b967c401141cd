"""Mail against a real server on loopback: what arrives, how refusals are told, what cannot be
smuggled in."""

from pathlib import Path

import pytest

from footfall.delivery.delivery import Attempt, Delivery
from footfall.delivery.mail import (
    Letter,
    MailCourier,
    MailServer,
    parse_mail_address,
    render_letter,
    render_mail,
)
from footfall.errors import InvalidInputError
from tests.integration.certificate import Certificate, make_certificate
from tests.integration.mail_server import open_mail_server

LETTER = Letter("[Shöp] Errors <b>", ["Errors of the last hour: 51 <script>.", "Bye."])


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path, "127.0.0.1")


def make_delivery(letter: Letter = LETTER) -> Delivery:
    return Delivery(
        number=1,
        id="dlv-1",
        project=1,
        source="alt-1",
        subject="alert",
        channel="email",
        target="ops@example.com",
        lane="mail",
        body=render_letter(letter),
        signer=None,
        state="waiting",
        attempts=1,
        due_at_us=0,
        claim="c",
        last_status=None,
        last_error=None,
        created_at_us=0,
        finished_at_us=None,
    )


async def deliver(server: MailServer | None, certificate: Certificate | None = None) -> Attempt:
    courier = MailCourier(server, tls=certificate.trusting() if certificate else None)
    try:
        return await courier.deliver(make_delivery())
    finally:
        courier.close()


def plain(port: int) -> MailServer:
    return MailServer("127.0.0.1", port, "footfall@here.test", security="none")


async def test_letter_arrives_as_text_and_html() -> None:
    async with open_mail_server() as server:
        assert await deliver(plain(server.port)) == Attempt(status=250)
        (mail,) = server.mails
        assert server.receivers == ["ops@example.com"]
        assert (mail["From"], mail["To"]) == ("footfall@here.test", "ops@example.com")
        assert mail["Subject"] == "[Shöp] Errors <b>"
        assert mail["Message-ID"] == "<dlv-1@here.test>"
        assert mail["X-Footfall-Delivery"] == "dlv-1"
        text, html = mail.iter_parts()
        assert text.get_content() == "Errors of the last hour: 51 <script>.\n\nBye.\n"
        assert "<p>Errors of the last hour: 51 &lt;script&gt;.</p>" in html.get_content()


async def test_starttls_and_tls_are_verified_and_protect_the_password(
    certificate: Certificate,
) -> None:
    for words in ({"starttls": certificate.serving()}, {"tls": certificate.serving()}):
        async with open_mail_server(**words) as server:
            (security,) = words
            settings = MailServer(
                "127.0.0.1", server.port, "footfall@here.test", "user", "pass", security
            )
            assert "pass" not in repr(settings)
            attempt = await deliver(settings)
            assert "certificate must be valid" in (attempt.error or "")
            assert server.credentials == []
            assert (await deliver(settings, certificate)).is_success
            assert server.credentials == [b"\0user\0pass"]
            assert server.was_encrypted == [True]


async def test_server_without_starttls_gets_no_mail() -> None:
    async with open_mail_server() as server:
        settings = MailServer("127.0.0.1", server.port, "footfall@here.test", "user", "pass")
        attempt = await deliver(settings)
        assert "offers no STARTTLS" in (attempt.error or "")
        assert (server.mails, server.credentials) == ([], [])


@pytest.mark.parametrize(
    ("word", "answer", "expected"),
    [
        (
            "RCPT",
            "550 ops@example.com is unknown",
            Attempt("the mail server refused the address", 550, is_final=True),
        ),
        ("RCPT", "451 later", Attempt("the mail server refused the address", 451)),
        ("MAIL", "554 no", Attempt("the mail server answered 554", 554, is_final=True)),
        ("DATA", "452 full", Attempt("the mail server answered 452", 452)),
    ],
)
async def test_refusal_is_told_without_the_servers_words(
    word: str, answer: str, expected: Attempt
) -> None:
    async with open_mail_server() as server:
        server.refusals[word] = answer
        assert await deliver(plain(server.port)) == expected


async def test_server_that_is_down_is_tried_again() -> None:
    async with open_mail_server() as server:
        port = server.port
    attempt = await deliver(plain(port))
    assert attempt.error == "the mail server cannot be reached"
    assert not attempt.is_final


async def test_without_a_server_the_mail_is_given_up_with_the_reason() -> None:
    attempt = await deliver(None)
    assert attempt.is_final
    assert "FOOTFALL_SMTP_HOST" in (attempt.error or "")


def test_line_breaks_add_no_header() -> None:
    letter = Letter("Hello\r\nBcc: spy@example.com\x00\u2028x", ["Text"])
    mail = render_mail(
        letter, sender="footfall@here.test", receiver="ops@example.com", delivery_id="dlv-1"
    )
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Bcc: spy@example.com x"
    assert b"\nBcc:" not in mail.as_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ops",
        "ops@localhost",
        "ops@example.com, spy@example.com",
        "ops@example.com\r\nBcc: spy@example.com",
        "Ops <ops@example.com>",
        "ops@exa mple.com",
        "@example.com",
        "ops@.com.",
        "ops@example..com",
    ],
)
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInputError, match="is no mail address"):
        parse_mail_address(address)


def test_address_is_kept_as_written() -> None:
    assert parse_mail_address(" A.B+tag@sub.example.com ") == "A.B+tag@sub.example.com"
