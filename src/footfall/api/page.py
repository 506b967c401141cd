"""The readable documentation at `/docs`: the OpenAPI document and the catalogue as one page of
HTML that loads nothing else."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from footfall.api.call import describe_type, list_groups
from footfall.api.openapi import EXAMPLE
from footfall.reports.catalogue import DIMENSIONS, METRICS

_CODE = re.compile("`([^`]+)`")


@cache
def _environment() -> Environment:
    loader = PackageLoader("footfall.api", "templates")
    made = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters["prose"] = _render_prose
    return made


def _render_prose(text: str) -> Markup:
    """Show what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped above


@dataclass(frozen=True, slots=True)
class OtherApi:
    """An API of another door, which has a page of its own."""

    name: str
    title: str
    path: str
    load: Callable[[], dict[str, Any]]
    """Gives its OpenAPI document; may block."""


def render_page(document: dict[str, Any], others: Sequence[OtherApi] = ()) -> str:
    """Render the page. May block, as the documents of others do."""
    schemas = document["components"]["schemas"]
    return (
        _environment()
        .get_template("docs.html")
        .render(
            info=document["info"],
            operations=_list_operations(document),
            others=others,
            current="",
            example=json.dumps(EXAMPLE, indent=2),
            fields=_list_fields(schemas["QueryBody"]),
            filter_fields=_list_fields(schemas["FilterBody"]),
            answer_fields=_list_fields(schemas["AnswerBody"]),
            row_fields=_list_fields(schemas["RowBody"]),
            metrics=METRICS,
            dimensions=DIMENSIONS,
        )
    )


def render_door_page(current: OtherApi, others: Sequence[OtherApi]) -> str:
    """Render the page of another door's API. May block, as its document does."""
    document = current.load()
    return (
        _environment()
        .get_template("door.html")
        .render(
            info=document["info"],
            groups=list_groups(document),
            others=others,
            current=current.name,
            path=current.path,
        )
    )


def _list_operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _list_fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "type": describe_type(part),
            "description": part.get("description", ""),
            "default": "" if name in required else json.dumps(part.get("default")),
        }
        for name, part in schema["properties"].items()
    ]
