"""The OpenAPI document of our own API, made of the wire types and the catalogue."""

from typing import Any

import msgspec

from footfall.api.event_file import EXPORT_PATH, FORMATS, MEDIA_TYPES
from footfall.api.family.family import Family
from footfall.api.family.table import FAMILIES
from footfall.api.flags import FlagsBody
from footfall.api.wire import AnswerBody, CatalogueBody, ErrorBody, QueryBody
from footfall.reports.catalogue import DIMENSIONS, METRICS

EXAMPLE: dict[str, Any] = {
    "project": "default",
    "metrics": ["visitors", "pageviews", "bounce_rate"],
    "dimensions": ["source"],
    "filters": {
        "and": [
            {"dimension": "page", "operator": "matches", "values": ["/blog/*"]},
            {"not": {"dimension": "country", "operator": "is", "values": ["DE"]}},
        ]
    },
    "range": "30d",
    "compare": "previous",
    "order": [{"by": "visitors", "direction": "desc"}],
    "limit": 10,
}
"""A question that stands in the documentation; a test asks it."""

_ERRORS = {
    "400": "The question cannot be understood; `field` names the part.",
    "401": "No valid credential came with the request.",
    "403": "The credential does not allow this.",
    "404": "There is no such project.",
    "413": "The body is larger than 64 KiB.",
    "503": "Not right now; try again after `Retry-After` seconds.",
}


def make_document() -> dict[str, Any]:
    """Make the document."""
    types: list[type] = [QueryBody, AnswerBody]
    types += [t for family in FAMILIES for t in (family.body, family.answer)]
    _, components = msgspec.json.schema_components(
        [*types, CatalogueBody, FlagsBody, ErrorBody],
        ref_template="#/components/schemas/{name}",
    )
    properties = components["QueryBody"]["properties"]
    properties["metrics"]["items"]["enum"] = [metric.name for metric in METRICS]
    properties["dimensions"]["items"]["anyOf"] = [
        {"enum": [dimension.name for dimension in DIMENSIONS]},
        {"pattern": "^prop:.+$"},
    ]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Footfall query API",
            "version": "1",
            "description": "One question answers every report: metrics by dimensions over a range.",
        },
        "paths": {
            "/api/query": {"post": _make_query_operation()},
            **{f.path: {"post": _make_family_operation(f)} for f in FAMILIES},
            EXPORT_PATH: {"get": _make_export_operation()},
            "/api/catalogue": {"get": _make_catalogue_operation()},
            "/api/flags": {"get": _make_flags_operation()},
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _make_query_operation() -> dict[str, Any]:
    return {
        "operationId": "query",
        "summary": "Answer a question",
        "description": "Sees everything that was acknowledged before the call.",
        **_make_exchange(QueryBody, AnswerBody, EXAMPLE),
    }


def _make_family_operation(family: Family) -> dict[str, Any]:
    return {
        "operationId": family.name,
        "summary": family.title,
        "description": family.description,
        **_make_exchange(family.body, family.answer, family.example),
    }


def _make_exchange(body: type, answer: type, example: dict[str, Any]) -> dict[str, Any]:
    content = _refer_to(body.__name__)
    content["application/json"]["example"] = example
    return {
        "security": [{"bearer": []}],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "200": {"description": "The answer.", "content": _refer_to(answer.__name__)},
            **_make_errors(),
        },
    }


def _make_export_operation() -> dict[str, Any]:
    parameters = (
        ("project", "Id or slug of the project.", {"type": "string"}),
        ("format", "`ndjson` when absent.", {"enum": list(FORMATS)}),
        ("start", "First day or instant; absent: the first event.", {"type": "string"}),
        ("end", "Last day, included, or instant; absent: the last event.", {"type": "string"}),
    )
    return {
        "operationId": "export-events",
        "summary": "Download raw events",
        "description": "Every event of a project as it is stored, bots included. NDJSON and CSV "
        "come oldest first, Parquet in no order.",
        "security": [{"bearer": []}],
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": name == "project",
                "description": text,
                "schema": schema,
            }
            for name, text, schema in parameters
        ],
        "responses": {
            "200": {
                "description": "The file.",
                "content": {
                    media_type: {"schema": {"type": "string"}}
                    for media_type in MEDIA_TYPES.values()
                },
            },
            **_make_errors(),
        },
    }


def _make_errors() -> dict[str, Any]:
    return {
        status: {"description": text, "content": _refer_to("ErrorBody")}
        for status, text in _ERRORS.items()
    }


def _make_catalogue_operation() -> dict[str, Any]:
    return {
        "operationId": "catalogue",
        "summary": "List metrics, dimensions, operators, intervals and ranges",
        "responses": {
            "200": {"description": "The catalogue.", "content": _refer_to("CatalogueBody")}
        },
    }


def _make_flags_operation() -> dict[str, Any]:
    parameters = (
        ("projectId", True, "UUID of the project; no credential is needed."),
        ("visitorId", True, "An id that stays the same for a visitor; it is not stored."),
        ("url", False, "The page, for flags that are meant for some pages only."),
    )
    return {
        "operationId": "flags",
        "summary": "Tell which feature flags are on for a visitor",
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": is_required,
                "description": description,
                "schema": {"type": "string"},
            }
            for name, is_required, description in parameters
        ],
        "responses": {
            "200": {"description": "All running flags.", "content": _refer_to("FlagsBody")}
        },
    }


def _refer_to(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
