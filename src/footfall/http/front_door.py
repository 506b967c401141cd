"""Where every request enters. Hot paths go straight to their plain ASGI handler, by exact path;
everything else goes to the web application. Preflights and CORS headers are given here by the
rule of the dialect that owns the path. No route is open unless its table says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from footfall.http.asgi import AsgiApp, Message, Receive, Scope, Send
from footfall.http.cors import CorsRule
from footfall.http.meter import RequestMeter
from footfall.http.response import Answer
from footfall.http.short import Begin


@dataclass(frozen=True, slots=True)
class HotRoute:
    """An exact path with its handler, which answers every method, OPTIONS only where it says so."""

    path: str
    app: AsgiApp
    access: str
    """Who may call it: 'ingest', 'query', 'admin' … or 'open'."""
    has_own_preflight: bool = False
    """True when the handler answers OPTIONS too, by a rule that no prefix shares."""
    begin: Begin | None = None
    """The same for short requests, where the server can tell them (`http.protocol`)."""


@dataclass(frozen=True, slots=True)
class CorsPath:
    """The CORS rule of all paths that begin with `prefix`; the first that fits counts."""

    prefix: str
    rule: CorsRule


class FrontDoor:
    """The outermost ASGI application."""

    def __init__(
        self,
        hot_routes: Sequence[HotRoute],
        fallback: AsgiApp,
        *,
        cors: Sequence[CorsPath] = (),
        meter: RequestMeter | None = None,
        aliases: Mapping[tuple[str, str], str] | None = None,
    ) -> None:
        """`aliases` give a method and a path that another path answers."""
        self.hot_routes = tuple(hot_routes)
        self._apps = {route.path: route.app for route in hot_routes}
        self._preflights = frozenset(r.path for r in hot_routes if r.has_own_preflight)
        if len(self._apps) != len(self.hot_routes):
            raise ValueError("two hot routes share a path")
        self._fallback = fallback
        self._cors = tuple(cors)
        self._aliases = dict(aliases or {})
        self.meter = meter
        self.short_routes = {r.path.encode(): r for r in hot_routes if r.begin is not None}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand a lifespan to the web application."""
        if scope["type"] != "http":
            await self._fallback(scope, receive, send)
        elif self.meter is None:
            await self._answer(scope, receive, send)
        else:
            await self.meter.measure(self._answer, scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        alias = self._aliases.get((scope["method"], path))
        if alias is not None:
            path, scope = alias, {**scope, "path": alias, "raw_path": alias.encode()}
        app = self._apps.get(path)
        if app is not None and (scope["method"] != "OPTIONS" or path in self._preflights):
            await app(scope, receive, send)
            return
        rule = self._find_rule(path)
        if rule is None:
            await self._fallback(scope, receive, send)
            return
        origin = _origin_of(scope)
        if scope["method"] == "OPTIONS":
            await Answer(204, headers=rule.preflight_headers(origin)).send(send)
            return
        await self._fallback(scope, receive, _with_cors(send, rule, origin))

    def _find_rule(self, path: str) -> CorsRule | None:
        for entry in self._cors:
            if path.startswith(entry.prefix):
                return entry.rule
        return None


def _origin_of(scope: Scope) -> bytes | None:
    return next((value for name, value in scope["headers"] if name == b"origin"), None)


def _with_cors(send: Send, rule: CorsRule, origin: bytes | None) -> Send:
    added = rule.answer_headers(origin)

    async def send_with_cors(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await send(message)

    return send_with_cors
