"""OpenAPI documents of doors: the routes as the framework describes them, with the bodies that they
decode by themselves, and the hot paths, which the framework does not know, from the types that
decode and encode them. A document is made when somebody first asks for it."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Litestar, Response, Router, get
from litestar.openapi import OpenAPIConfig

Schema = dict[str, Any]
Security = list[dict[str, list[str]]]

BODY = "body"
"""In a route's `opt`: the type of the body that it decodes itself."""


def takes(rule: Mapping[str, Any], body: Any) -> dict[str, Any]:
    """Return the `opt` of a route with this rule that decodes a body of this type itself."""
    return {**rule, BODY: body}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a hot path's query."""

    name: str
    description: str
    is_required: bool = False
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, slots=True)
class HotCall:
    """A call that bypasses the web framework."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...] = ()
    body: Any = None
    """Type of the JSON it takes; None for none."""
    answers: tuple[tuple[int, str, Any], ...] = ()
    """(status, media type or '' for an empty body, type of the JSON)."""
    access: str = "open"
    has_errors: bool = True
    """False where nothing is ever answered but this."""


@dataclass(frozen=True, slots=True)
class DoorDescription:
    """What a document says beside its routes."""

    title: str
    description: str
    schemes: Mapping[str, Schema]
    """Ways to prove who one is, by name."""
    security: Mapping[str, tuple[str, ...]]
    """Which of them each rule of a route (`access` in its `opt`) accepts."""
    error: Any
    """Type of every error's body."""
    hot: tuple[HotCall, ...] = ()


class DoorDocument:
    """The document of one door."""

    def __init__(self, door: DoorDescription, make_router: Callable[[], Router]) -> None:
        # A router belongs to one application; describing it takes another one.
        self._door = door
        self._make_router = make_router
        self._making = threading.Lock()
        self._made: Schema | None = None

    def load(self) -> Schema:
        """Return the document. Blocks for a moment the first time."""
        with self._making:
            if self._made is None:
                self._made = make_door_document(self._door, self._make_router())
        return self._made


def make_door_document(door: DoorDescription, router: Router) -> Schema:
    """Return the document of a router's routes and of the hot paths beside it."""
    config = OpenAPIConfig(
        door.title, "1", description=door.description, use_handler_docstrings=True
    )
    application = Litestar([router], openapi_config=config, logging_config=None)
    document: Schema = application.openapi_schema.to_schema()
    operations = list(_list_operations(application, document))
    types = [opt[BODY] for _, opt in operations if BODY in opt]
    types += [call.body for call in door.hot if call.body is not None]
    types += [answer for call in door.hot for _, _, answer in call.answers if answer is not None]
    schemas, components = msgspec.json.schema_components(
        [*types, door.error], ref_template="#/components/schemas/{name}"
    )
    named = dict(zip(map(_key_of, [*types, door.error]), schemas, strict=True))
    for operation, opt in operations:
        operation["security"] = _render_security(door, opt.get("access", ""))
        if BODY in opt:
            operation["requestBody"] = _render_body(named[_key_of(opt[BODY])])
        kept = {s: r for s, r in operation["responses"].items() if s[0] in "23"}
        operation["responses"] = {**kept, "default": _render_error(named[_key_of(door.error)])}
    for call in door.hot:
        described = _render_call(door, call, named)
        document["paths"].setdefault(call.path, {})[call.method.lower()] = described
    parts = document.setdefault("components", {})
    parts["schemas"] = {**parts.get("schemas", {}), **components}
    parts["securitySchemes"] = dict(door.schemes)
    return msgspec.json.decode(msgspec.json.encode(document))  # type: ignore[no-any-return]


def make_document_router(documents: Mapping[str, Callable[[], Schema]]) -> Router:
    """Return the open routes of some documents, by path."""
    handlers = [_make_handler(path, load) for path, load in documents.items()]
    return Router("/", route_handlers=handlers, include_in_schema=False)


def _make_handler(path: str, load: Callable[[], Schema]) -> Any:
    @get(path, sync_to_thread=True)
    def send_document() -> Response[bytes]:
        return Response(msgspec.json.encode(load()), media_type="application/json")

    return send_document


def _list_operations(
    application: Litestar, document: Schema
) -> Iterable[tuple[Schema, Mapping[str, Any]]]:
    """Yield every described operation with what its route's `opt` says."""
    for route in application.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in handler.http_methods:
                found = document["paths"].get(route.path_format, {}).get(method.lower())
                if found is not None:
                    yield found, handler.opt


def _render_call(door: DoorDescription, call: HotCall, named: Mapping[str, Schema]) -> Schema:
    described: Schema = {
        "summary": call.summary,
        "description": call.description,
        "operationId": _render_id(call),
        "security": _render_security(door, call.access),
        "responses": {},
    }
    if call.parameters:
        described["parameters"] = [_render_parameter(p) for p in call.parameters]
    if call.body is not None:
        described["requestBody"] = _render_body(named[_key_of(call.body)])
    for status, media, answer in call.answers:
        said: Schema = {"description": "As asked."}
        if media:
            schema = {"type": "string"} if answer is None else named[_key_of(answer)]
            said["content"] = {media: {"schema": schema}}
        described["responses"][str(status)] = said
    if call.has_errors:
        described["responses"]["default"] = _render_error(named[_key_of(door.error)])
    return described


def _render_parameter(parameter: Parameter) -> Schema:
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.is_required,
        "description": parameter.description,
        "schema": dict(parameter.schema),
    }


def _render_security(door: DoorDescription, access: str) -> Security:
    return [{name: []} for name in door.security.get(access, ())]


def _render_body(schema: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _render_error(schema: Schema) -> Schema:
    return {
        "description": "It cannot be done; the body says why.",
        "content": {"application/json": {"schema": schema}},
    }


def _render_id(call: HotCall) -> str:
    words: Sequence[str] = re.findall(r"[A-Za-z0-9]+", f"{call.method.lower()} {call.path}")
    return "".join(word[:1].upper() + word[1:] for word in words) or "Root"


def _key_of(kind: Any) -> str:
    """Types such as lists have no name of their own."""
    return repr(kind)
