"""What every answer of Echelon's API carries: that no page of another origin may read it, and the
session's cookie renewed, so that half an hour without a request ends it."""

from collections.abc import Callable
from typing import Any

from footfall.dialects.echelon.access import COOKIE, LIFE_S, EchelonAccess
from footfall.dialects.echelon.cors import NOWHERE
from footfall.http.asgi import Headers

Application = Callable[[Any, Any, Any], Any]


def make_renewal(access: EchelonAccess) -> Callable[[Application], Application]:
    """Return the middleware of the router."""

    def wrap(app: Application) -> Application:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            added = (*NOWHERE, *_renew(access, scope))

            async def send_with_headers(message: Any) -> None:
                if message["type"] == "http.response.start":
                    own = list(message.get("headers", ()))
                    # Signing in and out set the cookie themselves.
                    has_cookie = any(name.lower() == b"set-cookie" for name, _ in own)
                    more = [h for h in added if not (has_cookie and h[0] == b"set-cookie")]
                    message = {**message, "headers": [*own, *more]}
                await send(message)

            await app(scope, receive, send_with_headers)

        return answer

    return wrap


def _renew(access: EchelonAccess, scope: Any) -> Headers:
    mark = f"{COOKIE}="
    for name, value in scope["headers"]:
        if name != b"cookie":
            continue
        for part in value.decode("latin-1").split(";"):
            if part.strip().startswith(mark):
                renewed = access.sessions.renew(part.strip()[len(mark) :])
                return _render(renewed, scope) if renewed else ()
    return ()


def _render(value: str, scope: Any) -> Headers:
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    text = f"{COOKIE}={value}; HttpOnly; Max-Age={LIFE_S}; Path=/; SameSite=strict{secure}"
    return ((b"set-cookie", text.encode()),)
