"""An OpenAPI document as a page shows it: calls in groups, each with its parameters, the fields of
its body and of its answers. Nothing here renders."""

import json
import re
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]

_SKIPPED = frozenset({"api", "v1"})
"""Parts of paths that name no group."""

_SHORT = "pages-and-scripts"
"""The group of paths with one part: what pages load and send, by and large."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or an answer."""

    name: str
    type: str
    description: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call answers; `note` where it has no fields."""

    note: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    is_open: bool
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[tuple[str, Answer], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Calls whose paths begin alike."""

    key: str
    title: str
    calls: tuple[Call, ...]


def list_groups(document: Schema) -> list[Group]:
    """Return the calls of a document by the first telling part of their paths."""
    calls: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        words = [w for w in path.split("/") if w and not w.startswith("{") and w not in _SKIPPED]
        is_short = path.count("/") == 1
        key = _SHORT if is_short else re.sub("[^a-z0-9]+", "-", words[0].lower()).strip("-")
        for method, operation in methods.items():
            calls.setdefault(key, []).append(_make_call(document, method, path, operation))
    return [
        Group(key, key.replace("-", " ").capitalize(), tuple(found))
        for key, found in sorted(calls.items())
    ]


def _make_call(document: Schema, method: str, path: str, operation: Schema) -> Call:
    parameters = tuple(
        Field(
            p["name"],
            describe_type(p.get("schema", {})),
            p.get("description", ""),
            bool(p.get("required")),
        )
        for p in operation.get("parameters", ())
    )
    content = operation.get("requestBody", {}).get("content", {})
    answers = tuple(
        (status, _make_answer(document, response))
        for status, response in operation["responses"].items()
        if status[0] == "2"
    )
    return Call(
        id=operation.get("operationId", ""),
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        is_open=not operation.get("security"),
        parameters=parameters,
        body=_list_fields(document, _schema_of(content)),
        answers=answers,
    )


def _make_answer(document: Schema, response: Schema) -> Answer:
    content = response.get("content", {})
    schema = _schema_of(content)
    fields = _list_fields(document, schema)
    if not content:
        return Answer("No body.", fields)
    media = next(iter(content))
    return Answer(f"{media}: {describe_type(schema)}." if schema else f"{media}.", fields)


def _schema_of(content: Schema) -> Schema:
    first: Schema = next(iter(content.values()), {})
    found: Schema = first.get("schema", {})
    return found


def _list_fields(document: Schema, schema: Schema) -> tuple[Field, ...]:
    """Return the fields of an object, of the objects of a list, or of every choice."""
    schema = _resolve(document, schema)
    if schema.get("type") == "array":
        return _list_fields(document, schema.get("items", {}))
    choices = schema.get("anyOf") or schema.get("oneOf") or ()
    if choices:
        found = {f.name: f for choice in choices for f in _list_fields(document, choice)}
        return tuple(found.values())
    required = schema.get("required", ())
    return tuple(
        Field(name, describe_type(part), part.get("description", ""), name in required)
        for name, part in schema.get("properties", {}).items()
    )


def _resolve(document: Schema, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    name = schema["$ref"].rsplit("/", 1)[1]
    found: Schema = document["components"]["schemas"][name]
    return _resolve(document, found)


def describe_type(part: Schema) -> str:
    """Return what a schema is in few words."""
    for word in ("anyOf", "oneOf"):
        if word in part:
            return " or ".join(dict.fromkeys(describe_type(choice) for choice in part[word]))
    if "$ref" in part:
        return str(part["$ref"]).rsplit("/", 1)[1].removesuffix("Body").lower()
    if "enum" in part:
        return ", ".join(json.dumps(value) for value in part["enum"])
    if part.get("type") == "array":
        items = part.get("items", {})
        return f"list of {items.get('type', '') or describe_type(items)}"
    kind = part.get("type", "anything" if not part else "object")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
