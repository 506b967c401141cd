"""Pulse's OpenAPI document: complete, true, and walked by made-up requests."""

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from footfall.dialects.pulse.wire import PAYLOAD_TYPES
from footfall.projects.module import MODULE_NAMES
from tests.site import ADMIN_TOKEN, Site, run_site

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]

REPLACED = {"authorization", "x-pulse-key", "accept-encoding"}
"""Headers that the walk sets itself."""

EXAMPLES = 12
"""Made-up requests for each operation: the walk ends well within a minute."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Site]]:
    """A site on a loop of its own: generated examples are not coroutines."""
    with run_site(tmp_path_factory.mktemp("site"), modules=MODULE_NAMES) as running:
        yield running


def load_document(runner: asyncio.Runner, site: Site) -> dict[str, Any]:
    answered = runner.run(site.call("GET", "/api/docs/openapi.json"))
    assert answered.status == 200
    document: dict[str, Any] = msgspec.json.decode(answered.body)
    return document


def test_describes_every_route_and_the_hot_paths(running: tuple[asyncio.Runner, Site]) -> None:
    document = load_document(*running)
    assert {"/api/collect", "/api/batch", "/api/script.js"} <= document["paths"].keys()
    operations = [
        (path, operation) for path, o in document["paths"].items() for operation in o.values()
    ]
    assert len(operations) >= 28
    for path, operation in operations:
        assert operation["summary"], path
        assert operation["security"] or path == "/api/script.js", path
    names = [operation["operationId"] for _, operation in operations]
    assert len(set(names)) == len(names)


def test_describes_the_eleven_payload_types(running: tuple[asyncio.Runner, Site]) -> None:
    document = load_document(*running)
    body = document["paths"]["/api/collect"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert set(schema["discriminator"]["mapping"]) == set(PAYLOAD_TYPES)
    pageview = document["components"]["schemas"]["Collect.Pageview"]
    assert {"required": ["path"]} in pageview["anyOf"]
    text = msgspec.json.encode(document).decode()
    schemas = document["components"]["schemas"]
    for reference in text.split('"#/components/schemas/')[1:]:
        assert reference.partition('"')[0] in schemas


def test_stands_on_the_page_of_documentation(running: tuple[asyncio.Runner, Site]) -> None:
    runner, site = running
    page = runner.run(site.call("GET", "/docs/pulse")).body.decode()
    assert "<h1>Pulse API of Footfall</h1>" in page
    assert "/api/admin/projects/{project_id}/modules" in page
    assert 'href="/api/docs/openapi.json"' in page
    led = runner.run(site.call("GET", "/api/docs"))
    assert (led.status, led.headers["location"]) == (303, "/docs/pulse")


def test_made_up_requests_are_answered_as_the_document_says(
    running: tuple[asyncio.Runner, Site],
) -> None:
    runner, site = running
    schema = schemathesis.openapi.from_dict(load_document(runner, site))
    statuses: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        seen = statuses.setdefault(f"{operation.method} {operation.path}", set())
        modes = [GenerationMode.POSITIVE]
        if list(operation.body):
            modes.append(GenerationMode.NEGATIVE)
        for mode in modes:
            strategy = operation.as_strategy(generation_mode=mode)
            run_examples(runner, site, strategy, seen)
    assert len(statuses) >= 28
    assert sum(200 in seen or 201 in seen for seen in statuses.values()) >= 10


def run_examples(
    runner: asyncio.Runner,
    site: Site,
    strategy: Any,
    seen: set[int],
    *,
    examples: int = EXAMPLES,
    secret: str = ADMIN_TOKEN,
) -> None:
    """Send made-up requests of one operation; `seen` takes the statuses of their answers."""

    @seed(20261121)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def walk(case: schemathesis.Case) -> None:
        response = send(runner, site, case, secret)
        seen.add(response.status_code)
        assert response.status_code < 500, response.content
        case.validate_response(response, checks=CHECKS)

    walk()


def send(runner: asyncio.Runner, site: Site, case: schemathesis.Case, secret: str) -> Response:
    """Send a made-up request with credentials that open everything."""
    import requests

    prepared = requests.Request(
        **{k: v for k, v in case.as_transport_kwargs(base_url="http://here").items() if v != {}}
    ).prepare()
    headers = [(k, v) for k, v in prepared.headers.items() if k.lower() != "content-length"]
    kept = [(k, v) for k, v in headers if k.lower() not in REPLACED]
    own = [("X-Pulse-Key", site.key), ("Authorization", f"Bearer {secret}")]
    body = prepared.body or b""
    raw = body.encode() if isinstance(body, str) else bytes(body)
    answered = runner.run(
        site.call(str(prepared.method), str(prepared.path_url), raw or None, headers=[*own, *kept])
    )
    lists = {name: [value] for name, value in answered.headers.items()}
    return Response(
        status_code=answered.status,
        headers=lists,
        content=answered.body,
        request=prepared,
        elapsed=0.0,
        verify=False,
    )
