"""A small mail server on a free loopback port: keeps what comes, or refuses as told."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What came, and how to answer."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    """Set: STARTTLS is offered."""
    refusals: dict[str, str] = field(default_factory=dict)
    """Answers by the first word of a command."""
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    credentials: list[bytes] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_encrypted = writer.get_extra_info("ssl_object") is not None
        try:
            await self._say(writer, "220 here.test")
            while line := (await reader.readline()).decode().strip():
                word = line.split(" ")[0].upper()
                if word in self.refusals:
                    await self._say(writer, self.refusals[word])
                elif word == "EHLO":
                    offers = ["here.test", "AUTH PLAIN"]
                    if self.tls and not is_encrypted:
                        offers.append("STARTTLS")
                    for offer in offers:
                        await self._say(writer, f"250-{offer}")
                    await self._say(writer, "250 8BITMIME")
                elif word == "STARTTLS":
                    await self._say(writer, "220 go")
                    assert self.tls is not None
                    await writer.start_tls(self.tls)
                    is_encrypted = True
                elif word == "AUTH":
                    self.credentials.append(base64.b64decode(line.split(" ")[2]))
                    await self._say(writer, "235 welcome")
                elif word == "DATA":
                    await self._say(writer, "354 go")
                    raw = await reader.readuntil(b"\r\n.\r\n")
                    self._keep(raw, is_encrypted=is_encrypted)
                    await self._say(writer, "250 kept")
                elif word == "QUIT":
                    await self._say(writer, "221 bye")
                    break
                else:
                    if word == "RCPT":
                        self.receivers.append(line.partition("<")[2].rstrip(">"))
                    await self._say(writer, "250 ok")
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()

    def _keep(self, raw: bytes, *, is_encrypted: bool) -> None:
        text = raw.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n.").replace(b"\r\n", b"\n")
        mail = message_from_bytes(text, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.was_encrypted.append(is_encrypted)

    async def _say(self, writer: asyncio.StreamWriter, line: str) -> None:
        writer.write(f"{line}\r\n".encode())
        await writer.drain()


@asynccontextmanager
async def open_mail_server(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """Listen while the block runs; `tls` speaks TLS from the first byte."""
    kept = MailServer(tls=starttls)
    server = await asyncio.start_server(kept.serve, "127.0.0.1", 0, ssl=tls)
    kept.port = server.sockets[0].getsockname()[1]
    try:
        yield kept
    finally:
        server.close()
