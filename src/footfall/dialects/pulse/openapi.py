"""The OpenAPI document of Pulse's API: the routes as the framework describes them, and the hot
paths, which it does not know, from the types that decode their bodies."""

import threading
from collections.abc import Callable
from typing import Any, get_args

import msgspec
from litestar import Litestar, Response, Router, get
from litestar.openapi import OpenAPIConfig

from footfall.dialects.pulse.wire import BATCH_LIMIT, Batch, Payload
from footfall.http.router import OwnRouter

PATH = "/api/docs/openapi.json"

_PREFIX = "Collect."
"""Before the names of payloads' types, so that they clash with none of the routes' own."""

_KEYS: list[dict[str, list[str]]] = [{"key_header": []}, {"key_query": []}]
_ADMIN: list[dict[str, list[str]]] = [{"admin_token": []}]
_SCHEMES = {
    "key_header": {"type": "apiKey", "in": "header", "name": "X-Pulse-Key"},
    "key_query": {"type": "apiKey", "in": "query", "name": "key"},
    "admin_token": {"type": "http", "scheme": "bearer"},
}
_DESCRIPTION = (
    "Collect events, read reports and manage projects. A key comes as X-Pulse-Key or ?key=;"
    " the admin API wants the admin token as a bearer token."
)

_HOT_ERRORS = {
    "400": "The payload cannot be understood; the sentence quotes what was wrong.",
    "401": "No valid API key came with the request.",
    "403": "The key lacks the scope or the module.",
    "413": "The body is too large.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
    "503": "Nothing can be stored now; Retry-After says when to try again.",
}


class PulseDocument:
    """The document, made when it is first asked for: most servers never are."""

    def __init__(self, make_router: Callable[[], Router]) -> None:
        # A router belongs to one application; describing it takes another one.
        self._make_router = make_router
        self._making = threading.Lock()
        self._made: dict[str, Any] | None = None

    def load(self) -> dict[str, Any]:
        """Return the document. Blocks for a moment the first time."""
        with self._making:
            if self._made is None:
                self._made = make_pulse_document(self._make_router())
        return self._made


def make_pulse_document(router: Router) -> dict[str, Any]:
    """Return the document of a router of Pulse's routes and of the hot paths beside it."""
    config = OpenAPIConfig(
        "Pulse API of Footfall", "1", description=_DESCRIPTION, use_handler_docstrings=True
    )
    application = Litestar([router], openapi_config=config, logging_config=None)
    document = application.openapi_schema.to_schema()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["security"] = _ADMIN if path.startswith("/api/admin/") else _KEYS
    (payload, batch), components = msgspec.json.schema_components(
        [Payload, Batch], ref_template=f"#/components/schemas/{_PREFIX}{{name}}"
    )
    for kind in get_args(Payload):
        required = list(kind.required)
        components[kind.__name__]["anyOf"] = [{"required": required}, {"required": ["payload"]}]
        components[_fields_of(kind).__name__]["required"] = required
    components["Batch"]["properties"]["events"] |= {"minItems": 1, "maxItems": BATCH_LIMIT}
    document["paths"] |= {
        "/api/collect": {"post": _describe_collect(payload)},
        "/api/batch": {"post": _describe_batch(batch)},
        "/api/script.js": {"get": _SCRIPT},
    }
    described = document["components"]
    described["schemas"] |= {f"{_PREFIX}{name}": part for name, part in components.items()}
    described["securitySchemes"] = _SCHEMES
    return msgspec.json.decode(msgspec.json.encode(document))  # type: ignore[no-any-return]


def make_document_router(document: PulseDocument) -> Router:
    """Return the open routes of the document and of the page that it stands on."""
    load = document.load

    @get(PATH, sync_to_thread=True)
    def send_document() -> Response[bytes]:
        return Response(msgspec.json.encode(load()), media_type="application/json")

    @get("/api/docs")
    async def lead_to_docs() -> Response[None]:
        return Response(None, status_code=303, headers={"Location": "/docs/pulse"})

    return OwnRouter("/", route_handlers=[send_document, lead_to_docs], include_in_schema=False)


def _fields_of(kind: type) -> type:
    """Return the type of a payload's fields, which it extends by its tag."""
    return kind.__mro__[1]


def _describe_collect(payload: dict[str, Any]) -> dict[str, Any]:
    description = "A payload comes flat or with its fields inside `payload`."
    return {
        "summary": "Collect one payload",
        "description": description,
        "operationId": "Collect",
        **_exchange(payload, {"ok": {"const": True}}),
    }


def _describe_batch(batch: dict[str, Any]) -> dict[str, Any]:
    description = "Takes 1 to 100 payloads; all must be valid or none is stored."
    accepted = {"type": "integer", "description": "How many payloads are stored."}
    return {
        "summary": "Collect several payloads",
        "description": description,
        "operationId": "CollectBatch",
        **_exchange(batch, {"ok": {"const": True}, "accepted": accepted}),
    }


def _exchange(body: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    error = {"$ref": "#/components/schemas/ErrorBody"}
    dropped = {
        "description": "Why a payload was accepted and not stored.",
        "schema": {"type": "string"},
    }
    schema = {"type": "object", "properties": answer, "required": list(answer)}
    return {
        "tags": ["Pulse"],
        "security": _KEYS,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": {
                "description": "Taken.",
                "headers": {"Footfall-Dropped": dropped},
                "content": {"application/json": {"schema": schema}},
            },
            **{
                status: {"description": text, "content": {"application/json": {"schema": error}}}
                for status, text in _HOT_ERRORS.items()
            },
        },
    }


_SCRIPT: dict[str, Any] = {
    "summary": "The tracker script",
    "operationId": "Script",
    "tags": ["Pulse"],
    "security": [],
    "responses": {
        "200": {
            "description": "JavaScript, to be kept for a day.",
            "content": {"text/javascript": {"schema": {"type": "string"}}},
        }
    },
}
