"""`GET /ea.js`: the built script with the running challenge, its module and the site's look of the
consent question. It changes with every minute and is kept for no longer than five."""

import base64
from functools import lru_cache
from typing import Final, Protocol

import msgspec

from footfall.bots.proof.desk import ProofDesk
from footfall.dialects.echelon.cors import make_preflight_headers, make_tracking_headers
from footfall.dialects.echelon.pixel import parse_query
from footfall.dialects.echelon.proxy import ProxiedAddress
from footfall.dialects.echelon.site import DEFAULT_SITE, parse_site
from footfall.errors import InvalidInputError
from footfall.http.asgi import Headers, Receive, Scope, Send
from footfall.http.response import Answer
from footfall.http.window import FixedWindow
from footfall.scripts.file import ScriptFile, load_template, make_file
from footfall.scripts.handler import render_file

PATH: Final = "/ea.js"
TEMPLATE: Final = "echelon.js"
PLACE: Final = b"__ECHELON__"

CACHE: Final = "public, max-age=300"
JAVASCRIPT: Final = b"application/javascript; charset=utf-8"
"""[doc+original]"""

_CACHED: Final = 64
"""Scripts at hand, some 12 kB each: one for each minute and site that pages ask by."""

_LINE_ENDS: Final = {"\u2028": "\\u2028", "\u2029": "\\u2029", "<": "\\u003c"}
"""What JSON allows in a text and a script or its page would read as its own."""


class SiteStyles(Protocol):
    """Knows the looks of sites' consent questions."""

    def find_style(self, site: str) -> str:
        """Return the cleaned rules of a site; '' for none."""
        ...


class Script:
    """Serves the script."""

    def __init__(
        self,
        proofs: ProofDesk,
        window: FixedWindow,
        addresses: ProxiedAddress,
        styles: SiteStyles,
        allowed_hosts: frozenset[str],
        *,
        asks_consent: bool,
    ) -> None:
        """`allowed_hosts`: whose pages may load it; empty for all."""
        self._proofs = proofs
        self._window = window
        self._addresses = addresses
        self._styles = styles
        self._allowed_hosts = allowed_hosts
        self._asks_consent = asks_consent
        self._fill = lru_cache(_CACHED)(_Filler(load_template(TEMPLATE)).fill)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer GET, HEAD and OPTIONS."""
        asked: dict[bytes, bytes] = dict(scope["headers"])
        allowed = make_tracking_headers(asked.get(b"origin"))
        if scope["method"] == "OPTIONS":
            await Answer(204, headers=make_preflight_headers(allowed)).send(send)
            return
        refusal = self._find_refusal(scope, asked, allowed)
        if refusal is not None:
            await refusal.send(send)
            return
        status, headers, body = render_file(self._make(scope), scope["method"], asked)
        kept = [pair for pair in headers if pair[0] != b"access-control-allow-origin"]
        start = {"type": "http.response.start", "status": status, "headers": [*kept, *allowed]}
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _find_refusal(
        self, scope: Scope, asked: dict[bytes, bytes], allowed: Headers
    ) -> Answer | None:
        """Return what is said to who asks too often, or from a page that may not [doc+original].
        Both are scripts, so that the page does not stumble."""
        kind = (b"content-type", JAVASCRIPT)
        allowance = self._window.take(self._addresses.find(scope, asked), "script")
        if not allowance.is_allowed:
            wait = (b"retry-after", str(allowance.wait_s).encode())
            return Answer(429, b"// rate limited", (kind, wait, *allowed))
        if self._allowed_hosts:
            host = asked.get(b"referer", b"").decode("latin-1").partition("://")[2]
            if host.partition("/")[0].lower() not in self._allowed_hosts:
                return Answer(403, b"// blocked", (kind, *allowed))
        return None

    def _make(self, scope: Scope) -> ScriptFile:
        try:
            site = parse_site(parse_query(scope["query_string"]).get("s", ""))
        except InvalidInputError:
            site = ""
        challenge = self._proofs.give()
        style = self._styles.find_style(site or DEFAULT_SITE) if self._asks_consent else ""
        return self._fill(challenge.text, challenge.module, style, self._asks_consent)


class _Filler:
    def __init__(self, template: bytes) -> None:
        self._template = template

    def fill(self, challenge: str, module: bytes, style: str, asks: bool) -> ScriptFile:  # noqa: FBT001 - the cache wants positions
        setting: dict[str, object] = {"c": challenge, "w": base64.b64encode(module).decode()}
        if asks:
            setting |= {"k": 1, "s": style}
        text = msgspec.json.encode(setting).decode()
        for mark, escape in _LINE_ENDS.items():
            text = text.replace(mark, escape)
        return make_file(PATH, CACHE, self._template.replace(PLACE, text.encode()), JAVASCRIPT)
