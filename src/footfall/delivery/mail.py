"""Mail: letters as plain text and simple HTML over SMTP. Addresses and subjects are checked before
they stand in a header; a letter from nobody's hands can add none."""

import asyncio
import html
import re
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Literal

import msgspec

from footfall.delivery.delivery import ID_HEADER, Attempt, Delivery
from footfall.delivery.trust import load_trust
from footfall.errors import InvalidInputError

Security = Literal["starttls", "tls", "none"]

TIMEOUT_S = 10.0
"""For each exchange with the mail server."""

TOTAL_S = 30.0
"""For a whole letter."""

THREADS = 4

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?P<host>[A-Za-z0-9.-]{1,253})\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")

NO_SERVER = (
    "no mail server is set, so that mail cannot be sent; set FOOTFALL_SMTP_HOST and "
    "FOOTFALL_SMTP_FROM, then replay this delivery"
)


class Letter(msgspec.Struct, frozen=True):
    """What a mail says: paragraphs of plain text."""

    subject: str
    paragraphs: list[str]


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP server that mail goes out by."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = "starttls"


def parse_mail_address(text: str, *, field: str = "address") -> str:
    """Return one plain mail address. Raises InvalidInputError for `field`."""
    address = text.strip()
    found = _ADDRESS.match(address)
    if found is None or "." not in found["host"].strip(".") or ".." in found["host"]:
        raise InvalidInputError(
            f"{field} '{_CONTROL.sub(' ', address)[:80]}' is no mail address; accepted is for "
            "example ops@example.com",
            field=field,
        )
    return address


def render_letter(letter: Letter) -> str:
    """Return a letter as the body of a delivery."""
    return msgspec.json.encode(letter).decode()


def render_mail(letter: Letter, *, sender: str, receiver: str, delivery_id: str) -> EmailMessage:
    """Return the mail of a letter: text and HTML. Line breaks cannot leave the subject."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = receiver
    mail["Subject"] = _CONTROL.sub(" ", letter.subject).strip()
    # The same in every attempt: mailboxes show repetitions once.
    mail["Message-ID"] = f"<{delivery_id}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail[ID_HEADER] = delivery_id
    mail.set_content("\n\n".join(letter.paragraphs) + "\n")
    paragraphs = "".join(f"<p>{html.escape(text)}</p>\n" for text in letter.paragraphs)
    mail.add_alternative(
        f"<!doctype html>\n<html><body>\n{paragraphs}</body></html>\n", subtype="html"
    )
    return mail


class MailCourier:
    """Hands letters to the mail server; without one, says so."""

    def __init__(self, server: MailServer | None, *, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")

    async def deliver(self, delivery: Delivery) -> Attempt:
        """Hand over one letter."""
        if self._server is None:
            return Attempt(NO_SERVER, is_final=True)
        letter = msgspec.json.decode(delivery.body, type=Letter)
        mail = render_mail(
            letter,
            sender=self._server.sender,
            receiver=delivery.target,
            delivery_id=delivery.id,
        )
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(TOTAL_S):
                return await loop.run_in_executor(self._threads, self._send, self._server, mail)
        except TimeoutError:
            return Attempt("the mail server did not answer in time", is_silence=True)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _send(self, server: MailServer, mail: EmailMessage) -> Attempt:
        try:
            with self._connect(server) as connection:
                if server.security == "starttls":
                    connection.starttls(context=self._tls or load_trust())
                if server.user:
                    connection.login(server.user, server.password)
                connection.send_message(mail)
        except smtplib.SMTPException as error:
            return _judge(error)
        except ssl.SSLError:
            return Attempt("TLS with the mail server failed; its certificate must be valid")
        except OSError:
            return Attempt("the mail server cannot be reached", is_silence=True)
        return Attempt(status=250)

    def _connect(self, server: MailServer) -> smtplib.SMTP:
        if server.security == "tls":
            tls = self._tls or load_trust()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=tls)
        return smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)


def _judge(error: smtplib.SMTPException) -> Attempt:
    """Say what the server refused, without its words: they may quote addresses."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Attempt("the mail server refused the user or password", error.smtp_code)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default=550)
        return Attempt("the mail server refused the address", code, is_final=code >= 500)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Attempt("the mail server offers no STARTTLS; see FOOTFALL_SMTP_SECURITY")
    if isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
        return Attempt(f"the mail server answered {code}", code, is_final=code >= 500)
    return Attempt("the mail server broke off the exchange", is_silence=True)
