"""The OpenAPI documents of the four doors: they describe every documented call, what the reference
documents show as examples is what they describe, and so is what the server answers."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import msgspec
import pytest
import schemathesis
from schemathesis.generation import GenerationMode

from tests.dialects.documented import ECHELON, GRADEMYPAGE, PULSE, PULSEGATE
from tests.dialects.pulse.test_openapi import run_examples
from tests.site import Site, open_site

SECRET = "the-secret-of-the-tests"
PATHS = {
    "pulse": "/api/docs/openapi.json",
    "pulsegate": "/api/docs/pulsegate.json",
    "grademypage": "/api/docs/grademypage.json",
    "echelon": "/api/docs/echelon.json",
}
CALLS = {"pulse": PULSE, "pulsegate": PULSEGATE, "grademypage": GRADEMYPAGE, "echelon": ECHELON}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Site]]:
    settings = {
        "ECHELON_SECRET": SECRET,
        "ANALYTICS_API_KEY": SECRET,
        "CRM_WEBHOOK_SECRET": SECRET,
        "ECHELON_RATE_LIMIT_MAX": "0",
    }
    with asyncio.Runner() as runner:
        opened = open_site(tmp_path_factory.mktemp("site"), settings=settings)
        site = runner.run(opened.__aenter__())
        yield runner, site
        runner.run(opened.__aexit__(None, None, None))


def load(running: tuple[asyncio.Runner, Site], door: str) -> dict[str, Any]:
    runner, site = running
    answered = runner.run(site.call("GET", PATHS[door]))
    assert answered.status == 200
    document: dict[str, Any] = msgspec.json.decode(answered.body)
    return document


def test_the_four_documents_have_145_calls() -> None:
    assert {door: len(calls) for door, calls in CALLS.items()} == {
        "pulse": 76,
        "pulsegate": 36,
        "grademypage": 4,
        "echelon": 28,
    }


@pytest.mark.parametrize("door", PATHS)
def test_every_documented_call_is_described(
    running: tuple[asyncio.Runner, Site], door: str
) -> None:
    document = load(running, door)
    described = {
        f"{method.upper()} {re.sub(r'{[^}]+}', '{}', path)}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    wanted = {re.sub(r"{[^}]+}", "{}", call) for call in CALLS[door]}
    # One path stands for the seven kinds of exports.
    assert wanted - described.keys() == set()
    for call in wanted:
        assert described[call]["summary"], call
        assert described[call]["responses"], call
        if call.startswith(("POST", "PUT", "PATCH")) and door not in {"pulse", "grademypage"}:
            assert "requestBody" in described[call], call
    names = [operation["operationId"] for operation in described.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("door", PATHS)
def test_every_reference_leads_somewhere(running: tuple[asyncio.Runner, Site], door: str) -> None:
    document = load(running, door)
    schemas = document["components"]["schemas"]
    text = msgspec.json.encode(document).decode()
    for reference in text.split('"#/components/schemas/')[1:]:
        assert reference.partition('"')[0] in schemas


@pytest.mark.parametrize("door", PATHS)
def test_every_door_has_a_page_that_shows_its_calls(
    running: tuple[asyncio.Runner, Site], door: str
) -> None:
    runner, site = running
    page = runner.run(site.call("GET", f"/docs/{door}")).body.decode()
    assert f'href="/docs/{door}" aria-current="page"' in page
    assert f'href="{PATHS[door]}"' in page
    document = load(running, door)
    for path in document["paths"]:
        assert f"<code>{path}</code>" in page, path
    first = runner.run(site.call("GET", "/docs")).body.decode()
    assert f'href="/docs/{door}"' in first


LEAD = {
    "lead_id": 42,
    "enquiry_datetime": "2026-02-23 11:15:00",
    "contact_name": "Rahul Sharma",
    "contact_email": "rahul@example.com",
    "contact_phone": "9876543210",
    "project_name": "Sky Towers",
    "project_location": "Pune",
    "project_source": "WebSite",
    "contact_country_name": "IN",
    "contact_city": "Pune",
    "visitor_id": "abc123...",
    "session_id": "session_123",
    "engagement_score": 74,
    "engagement_label": "Very Hot",
    "form_submit_count": 2,
    "suspicion_score": 5,
    "follow_ups_count": 1,
    "last_follow_up_at": "2026-02-24 09:30:00",
    "status": "contacted",
}
CAMPAIGN = {
    "id": "spring-2026",
    "name": "Spring Launch",
    "utm_campaign": "spring-2026",
    "site_id": "default",
}
EXPERIMENT = {
    "experiment_id": "checkout-v2",
    "name": "Checkout Redesign",
    "description": "Test new checkout flow",
    "metric_event_type": "purchase",
    "allocation_percent": 100,
    "variants": [
        {"variant_id": "control", "name": "Original", "weight": 50, "is_control": True},
        {"variant_id": "redesign", "name": "New Flow", "weight": 50},
    ],
}
MEASUREMENT = {"category": "build", "metric": "bundle_size", "value": 142.5, "unit": "kb"}
REQUESTS: list[tuple[str, str, Any]] = [
    ("echelon", "POST /api/campaigns", CAMPAIGN),
    ("echelon", "PATCH /api/campaigns/{campaign_id}", {"status": "archived"}),
    ("echelon", "POST /api/experiments", EXPERIMENT),
    ("echelon", "PATCH /api/experiments/{experiment_id}", {"status": "active"}),
    ("echelon", "POST /api/bots/exclude", {"visitor_id": "abc123", "label": "Known bot"}),
    ("echelon", "POST /api/perf", [MEASUREMENT]),
    ("pulsegate", "PATCH /analytics/leads/{lead_id}", {"status": "contacted"}),
    (
        "grademypage",
        "POST /api/analytics/track",
        {
            "projectId": "b9b3c6f4-0000-4000-8000-000000000000",
            "events": [
                {
                    "eventType": "conversion",
                    "eventName": "signup",
                    "eventData": {"plan": "pro"},
                    "pathname": "/",
                    "fullUrl": "https://shop.example/",
                    "referrer": "https://news.example/",
                    "sessionId": "s",
                    "visitorId": "v",
                    "timestamp": 1772366400000,
                    "utm": {"source": "newsletter"},
                }
            ],
        },
    ),
    (
        "grademypage",
        "POST /api/analytics/server-events",
        {
            "eventType": "conversion",
            "eventName": "signup",
            "timestamp": "2026-03-01T12:00:00Z",
            "idempotencyKey": "evt_1",
            "visitor": {"id": "v", "ip": "198.51.100.1", "userAgent": "x"},
            "page": "/",
            "properties": {"plan": "pro"},
            "experimentId": "e",
            "variantId": "v",
        },
    ),
]
"""What the reference documents show being sent."""

ANSWERS: list[tuple[str, str, int, Any]] = [
    ("echelon", "GET /api/health", 200, {"status": "ok", "service": "Echelon Analytics"}),
    (
        "echelon",
        "GET /api/campaigns",
        200,
        [{**CAMPAIGN, "status": "active", "created_at": "2026-03-01T00:00:00Z"}],
    ),
    ("echelon", "POST /api/campaigns", 201, {"created": "spring-2026"}),
    ("echelon", "DELETE /api/campaigns/{campaign_id}", 200, {"deleted": "campaign-id"}),
    ("echelon", "DELETE /api/bots/exclude/{visitor_id}", 200, {"included": "abc123"}),
    (
        "pulsegate",
        "GET /analytics/overview",
        200,
        {
            "role": "admin",
            "total_sessions": 1234,
            "total_events": 56789,
            "unique_visitors": 890,
            "unique_fingerprints": 750,
            "avg_engagement_score": 42.5,
            "avg_session_duration_s": 185,
            "vpn_suspected_count": 12,
        },
    ),
    (
        "pulsegate",
        "GET /analytics/sessions/daily",
        200,
        [
            {
                "date": "2026-02-22",
                "total_sessions": 45,
                "unique_visitors": 38,
                "avg_duration": 120.5,
                "avg_engagement": 55.2,
            }
        ],
    ),
    (
        "pulsegate",
        "GET /analytics/pages/top",
        200,
        [{"page": "https://example.com/home", "views": 234, "unique_sessions": 180}],
    ),
    (
        "pulsegate",
        "GET /analytics/geo",
        200,
        [{"country": "US", "sessions": 500, "unique_visitors": 420}],
    ),
    ("pulsegate", "GET /analytics/engagement", 200, [{"bucket": "0-19", "count": 120}]),
    (
        "pulsegate",
        "GET /analytics/sources",
        200,
        [{"referrer_domain": "(direct)", "sessions": 200}],
    ),
    (
        "pulsegate",
        "GET /analytics/realtime",
        200,
        {
            "active_sessions": 12,
            "events_last_hour": 456,
            "unique_visitors_today": 89,
            "total_sessions_today": 95,
        },
    ),
    (
        "pulsegate",
        "GET /analytics/storage",
        200,
        {"total_objects": 15234, "estimated_sessions": 1200},
    ),
    ("pulsegate", "PATCH /analytics/leads/{lead_id}", 200, {"updated": True}),
]
"""What the reference documents show being answered, whole."""


def validate(document: dict[str, Any], schema: dict[str, Any], example: Any) -> None:
    whole = {"components": document["components"], **schema}
    jsonschema_rs.validate(whole, example)


def find_operation(document: dict[str, Any], call: str) -> dict[str, Any]:
    method, path = call.split()
    operation: dict[str, Any] = document["paths"][path][method.lower()]
    return operation


@pytest.mark.parametrize(("door", "call", "example"), REQUESTS)
def test_documented_requests_are_described(
    running: tuple[asyncio.Runner, Site], door: str, call: str, example: Any
) -> None:
    document = load(running, door)
    body = find_operation(document, call)["requestBody"]["content"]["application/json"]["schema"]
    validate(document, body, example)
    with pytest.raises(jsonschema_rs.ValidationError):
        validate(document, body, "no such thing")


@pytest.mark.parametrize(("door", "call", "status", "example"), ANSWERS)
def test_documented_answers_are_described(
    running: tuple[asyncio.Runner, Site], door: str, call: str, status: int, example: Any
) -> None:
    document = load(running, door)
    answer = find_operation(document, call)["responses"][str(status)]
    schema = answer["content"]["application/json"]["schema"]
    validate(document, schema, example)
    with pytest.raises(jsonschema_rs.ValidationError):
        validate(document, schema, [0])


def test_documented_leads_have_the_described_fields(
    running: tuple[asyncio.Runner, Site],
) -> None:
    document = load(running, "pulsegate")
    fields = document["components"]["schemas"]["LeadBody"]["properties"]
    assert LEAD.keys() <= fields.keys()
    for name, value in LEAD.items():
        validate(document, fields[name], value)


@pytest.mark.parametrize("door", ["pulsegate", "grademypage", "echelon"])
def test_made_up_requests_are_answered_as_the_documents_say(
    running: tuple[asyncio.Runner, Site], door: str
) -> None:
    runner, site = running
    schema = schemathesis.openapi.from_dict(load(running, door))
    statuses: dict[str, set[int]] = {}
    for result in schema.get_all_operations():
        operation = result.ok()
        seen = statuses.setdefault(f"{operation.method} {operation.path}", set())
        strategy = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        run_examples(runner, site, strategy, seen, examples=4, secret=SECRET)
    assert len(statuses) >= len(CALLS[door])
    answered = [call for call, seen in statuses.items() if seen & {200, 201, 204, 301}]
    assert len(answered) >= len(statuses) // 3, sorted(set(statuses) - set(answered))
