"""Each payload type of Pulse's document, flat and in an envelope, and what it becomes."""

from typing import Any

import msgspec
import pytest

from footfall.ingest.request import Signal
from footfall.surveys.submission import Submission
from tests.dialects.pulse.conftest import Door

DOCUMENTED: list[tuple[dict[str, Any], Signal, Any]] = [
    (
        {
            "type": "pageview",
            "path": "/pricing",
            "title": "Pricing - Acme Corp",
            "referrer": "https://google.com",
            "screen": "1920x1080",
            "language": "en-US",
            "utm_source": "google",
            "utm_medium": "cpc",
            "utm_campaign": "spring_sale",
            "utm_content": "banner_a",
            "utm_term": "analytics tool",
        },
        Signal(
            "pageview",
            url="/pricing",
            title="Pricing - Acme Corp",
            referrer="https://google.com",
            screen="1920x1080",
            language="en-US",
            utm_source="google",
            utm_medium="cpc",
            utm_campaign="spring_sale",
            utm_content="banner_a",
            utm_term="analytics tool",
            is_interactive=True,
        ),
        None,
    ),
    (
        {
            "type": "event",
            "name": "add_to_cart",
            "path": "/products/widget-pro",
            "data": {"product_id": "prod_8x92k", "product_name": "Widget Pro", "quantity": 2},
            "revenue_amount": 59.98,
            "revenue_currency": "USD",
        },
        Signal(
            "event",
            name="add_to_cart",
            url="/products/widget-pro",
            revenue_micros=59_980_000,
            currency="USD",
            is_interactive=True,
        ),
        {"product_id": "prod_8x92k", "product_name": "Widget Pro", "quantity": 2},
    ),
    (
        {"type": "identify", "traits": {"plan": "pro", "signed_up": "2025-08-14"}},
        Signal("identify"),
        {"plan": "pro", "signed_up": "2025-08-14"},
    ),
    (
        {"type": "web_vital", "name": "LCP", "value": 1842.5, "rating": "good", "path": "/home"},
        Signal("web_vital", name="LCP", value=1842.5, url="/home"),
        {"rating": "good"},
    ),
    (
        {"type": "scroll_depth", "path": "/blog/getting-started", "max_depth": 87},
        Signal("scroll_depth", url="/blog/getting-started", value=87.0),
        None,
    ),
    (
        {"type": "search_query", "query": "pricing plans", "results_count": 7, "path": "/search"},
        Signal("search", name="pricing plans", value=7.0, url="/search"),
        {"results_count": 7},
    ),
    (
        {
            "type": "outlink",
            "url": "https://github.com/acme/widget",
            "link_type": "external",
            "path": "/docs",
        },
        Signal("outlink", name="https://github.com/acme/widget", url="/docs"),
        None,
    ),
    (
        {
            "type": "js_error",
            "message": "TypeError: Cannot read properties of null (reading 'id')",
            "stack": "TypeError: Cannot read\n at handleClick (app.js:142:18)",
            "filename": "https://acme.com/assets/app.js",
            "lineno": 142,
            "colno": 18,
            "path": "/dashboard",
        },
        Signal(
            "error",
            name="TypeError: Cannot read properties of null (reading 'id')",
            url="/dashboard",
        ),
        {
            "stack": "TypeError: Cannot read\n at handleClick (app.js:142:18)",
            "filename": "https://acme.com/assets/app.js",
            "lineno": 142,
            "colno": 18,
        },
    ),
    (
        {
            "type": "click_event",
            "path": "/pricing",
            "x": 482,
            "y": 1203,
            "element_selector": "button.cta-primary",
            "viewport_width": 1440,
            "viewport_height": 900,
        },
        Signal("click", name="button.cta-primary", url="/pricing"),
        {"x": 482, "y": 1203, "viewport_width": 1440, "viewport_height": 900},
    ),
    (
        {
            "type": "survey_response",
            "survey_id": "c7f3e8a2-91b4-4d6e-b2f1-8a3c9d4e5f6a",
            "answers": [
                {"question_id": "q1", "value": "Very satisfied"},
                {"question_id": "q2", "value": 9},
            ],
            "completed": True,
            "path": "/app/settings",
        },
        Signal(
            "survey_response",
            name="c7f3e8a2-91b4-4d6e-b2f1-8a3c9d4e5f6a",
            value=1.0,
            url="/app/settings",
            form=Submission(
                "c7f3e8a2-91b4-4d6e-b2f1-8a3c9d4e5f6a",
                [("q1", "Very satisfied"), ("q2", 9)],
                is_completed=True,
            ),
        ),
        None,
    ),
    (
        {"type": "engagement", "path": "/docs", "engagement_ms": 4_200},
        Signal("engagement", url="/docs", engagement_ms=4_200),
        None,
    ),
]
EXAMPLES = pytest.mark.parametrize(
    ("body", "signal", "props"), DOCUMENTED, ids=[body["type"] for body, _, _ in DOCUMENTED]
)


def without_props(signal: Signal) -> tuple[Signal, Any]:
    props = msgspec.json.decode(signal.props) if signal.props else None
    return msgspec.structs.replace(signal, props=b""), props


@EXAMPLES
async def test_takes_the_documented_flat_form(
    door: Door, body: dict[str, Any], signal: Signal, props: Any
) -> None:
    answered = await door.collect(body)
    assert (answered.status, answered.body) == (200, b'{"ok":true}')
    assert answered.headers["content-type"] == "application/json"
    assert "footfall-dropped" not in answered.headers
    assert without_props(door.intake.signal) == (signal, props)


@EXAMPLES
async def test_takes_the_envelope_of_the_tracker(
    door: Door, body: dict[str, Any], signal: Signal, props: Any
) -> None:
    payload = {name: value for name, value in body.items() if name != "type"}
    envelope = {
        "type": body["type"],
        "payload": payload,
        "visitor_id": "v_1a2b3c",
        "timestamp": 1_763_699_999_500,
        "id": "1,20.5",
        "consent_mode": "opt-out",
        "consent_granted": True,
    }
    answered = await door.collect(envelope)
    assert (answered.status, answered.body) == (200, b'{"ok":true}')
    expected = msgspec.structs.replace(
        signal,
        visitor_id="v_1a2b3c",
        ts_us=1_763_699_999_500_000,
        client_id="1,20.5",
    )
    assert without_props(door.intake.signal) == (expected, props)


@EXAMPLES
async def test_null_means_absent(
    door: Door, body: dict[str, Any], signal: Signal, props: Any
) -> None:
    optional = ("title", "referrer", "screen", "utm_term", "url", "visitor_id", "timestamp", "id")
    empty = {name: None for name in optional if name not in body}
    await door.collect({**empty, **body, "payload": None})
    assert without_props(door.intake.signal) == (signal, props)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "pageview"}, "path"),
        ({"type": "pageview", "payload": {}}, "path"),
        ({"type": "event", "path": "/"}, "name"),
        ({"type": "event", "name": ""}, "name"),
        ({"type": "web_vital", "value": 1}, "name"),
        ({"type": "web_vital", "name": "LCP"}, "value"),
        ({"type": "scroll_depth", "max_depth": 1}, "path"),
        ({"type": "scroll_depth", "path": "/"}, "max_depth"),
        ({"type": "search_query"}, "query"),
        ({"type": "outlink", "path": "/"}, "url"),
        ({"type": "js_error"}, "message"),
        ({"type": "click_event", "x": 1, "y": 1}, "path"),
        ({"type": "click_event", "path": "/", "y": 1}, "x"),
        ({"type": "click_event", "path": "/", "x": 1}, "y"),
        ({"type": "survey_response", "answers": []}, "survey_id"),
        ({"type": "survey_response", "survey_id": "s"}, "answers"),
        ({"type": "survey_response", "survey_id": "s", "answers": [{}]}, "question_id"),
        ({"type": "engagement", "path": "/"}, "engagement_ms"),
        ({"path": "/"}, "type"),
    ],
)
async def test_says_which_field_is_missing(door: Door, body: dict[str, Any], field: str) -> None:
    answered = await door.collect(body)
    assert answered.status == 400
    assert msgspec.json.decode(answered.body) == {
        "error": f"Invalid request body: missing required field '{field}'."
    }
    assert door.intake.taken == []


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "it is empty; send a JSON object."),
        (b"{", "it is not valid JSON: Input data was truncated."),
        (b'{"type":"pageview","path":NaN}', "it is not valid JSON: JSON is malformed"),
        (b"[]", "it is []; accepted is an object."),
        (b"[" * 5_000, "it is of another kind; accepted is an object."),
        (b'{"type":"event","name":"n","data":{"a":' + b"[" * 5_000, "it is nested too deeply."),
        (b'{"type":"event","x":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "it is nested too deeply."),
        (b'{"type":"x"}', 'unknown type "x"; accepted are pageview, event, identify'),
        (b'{"type":3}', "field 'type' is 3; accepted is text."),
        (b'{"type":"pageview","path":3}', "field 'path' is 3; accepted is text or null."),
        (
            b'{"type":"pageview","payload":{"path":["a"]}}',
            "field 'payload.path' is [\"a\"]; accepted is text or null.",
        ),
        (b'{"type":"event","name":"n","data":[1]}', "accepted is an object or null."),
        (b'{"type":"pageview","payload":"x"}', "accepted is an object or null."),
        (b'{"type":"pageview","path":"/","timestamp":"now"}', "accepted is a number or null."),
        (b'{"type":"web_vital","name":"FID","value":1}', "accepted are LCP, FCP, CLS, INP, TTFB."),
        (b'{"type":"web_vital","name":"LCP","value":-1}', "value is -1.0; accepted are"),
        (b'{"type":"web_vital","name":"LCP","value":1,"rating":"so"}', "unknown rating 'so'"),
        (b'{"type":"scroll_depth","path":"/","max_depth":140}', "max_depth is 140; accepted are"),
        (b'{"type":"event","name":"n","revenue_amount":1e10}', "revenue_amount is 10000000000;"),
        (
            b'{"type":"event","name":"n","revenue_amount":1,"revenue_currency":"EURO"}',
            "revenue_currency is 'EURO'; accepted are three letters such as USD.",
        ),
        (b'{"type":"engagement","engagement_ms":-5}', "engagement_ms is -5; accepted are"),
    ],
)
async def test_quotes_what_is_wrong(door: Door, body: bytes, sentence: str) -> None:
    answered = await door.collect(body)
    assert answered.status == 400
    error = msgspec.json.decode(answered.body)["error"]
    assert error.startswith("Invalid request body: ")
    assert sentence in error
    assert door.intake.taken == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "event", "name": "n" * 256}, "name"),
        ({"type": "pageview", "path": "/" + "p" * 2_048}, "path"),
        ({"type": "pageview", "path": "/", "visitor_id": "v" * 65}, "visitor_id"),
        ({"type": "pageview", "path": "/", "id": "i" * 129}, "id"),
        ({"type": "outlink", "url": "u" * 2_049}, "url"),
    ],
)
async def test_refuses_what_cutting_would_merge_with_others(
    door: Door, body: dict[str, Any], field: str
) -> None:
    answered = await door.collect(body)
    assert answered.status == 400
    assert f"Invalid request body: {field} '" in answered.body.decode()


async def test_cuts_what_only_describes(door: Door) -> None:
    await door.collect(
        {
            "type": "pageview",
            "path": "/?q=" + "x" * 5_000,
            "title": "t" * 600,
            "referrer": "r" * 3_000,
            "screen": "s" * 30,
            "language": "l" * 30,
        }
    )
    signal = door.intake.signal
    assert len(signal.url) == 5_004
    lengths = [len(signal.title), len(signal.referrer), len(signal.screen), len(signal.language)]
    assert lengths == [500, 2_048, 20, 10]


async def test_a_long_error_keeps_its_text_among_the_properties(door: Door) -> None:
    body = {"type": "js_error", "message": "m" * 400, "stack": "ä" * 9_000, "filename": "f" * 5_000}
    await door.collect(body)
    props = msgspec.json.decode(door.intake.signal.props)
    assert props["message"] == "m" * 400
    assert len(door.intake.signal.props) < 8_192


async def test_repairs_halves_of_characters(door: Door) -> None:
    await door.collect(b'\xef\xbb\xbf{"type":"pageview","path":"/","title":"a \\ud83d b \xe4"}')
    assert door.intake.signal.title == "a ? b \ufffd"


async def test_reads_the_full_address_beside_the_path(door: Door) -> None:
    url = "https://User@Blog.Shop.example:8443/a?utm_source=x#top"
    await door.collect({"type": "pageview", "payload": {"path": "/a", "url": url}})
    assert (door.intake.signal.url, door.intake.signal.site) == (url, "blog.shop.example")


async def test_an_address_alone_is_a_page_too(door: Door) -> None:
    await door.collect({"type": "pageview", "url": "https://shop.example/a"})
    assert door.intake.signal.url == "https://shop.example/a"


async def test_takes_revenue_as_the_sdk_nests_it(door: Door) -> None:
    data = {"revenue": {"amount": 29.99, "currency": "eur"}}
    await door.collect({"type": "event", "name": "purchase", "data": data})
    assert (door.intake.signal.revenue_micros, door.intake.signal.currency) == (29_990_000, "EUR")


async def test_revenue_is_in_dollars_unless_said_otherwise(door: Door) -> None:
    await door.collect({"type": "event", "name": "refund", "revenue_amount": -0.1})
    assert (door.intake.signal.revenue_micros, door.intake.signal.currency) == (-100_000, "USD")


async def test_an_event_may_be_marked_as_not_interactive(door: Door) -> None:
    await door.collect({"type": "event", "name": "tick", "interactive": False})
    assert door.intake.signal.is_interactive is False


async def test_a_download_is_no_outlink(door: Door) -> None:
    await door.collect({"type": "outlink", "url": "/a.pdf", "link_type": "download"})
    assert (door.intake.signal.kind, door.intake.signal.name) == ("download", "/a.pdf")


@pytest.mark.parametrize(
    ("timestamp", "ts_us"),
    [(0, 0), (-5, 0), (1e300, 4_102_444_800_000_000), (1_763_700_000_000.5, 1_763_700_000_000_500)],
)
async def test_any_timestamp_becomes_a_time(door: Door, timestamp: float, ts_us: int) -> None:
    await door.collect({"type": "pageview", "path": "/", "timestamp": timestamp})
    assert door.intake.signal.ts_us == ts_us


@pytest.mark.parametrize("name", ["id", "event_id"])
async def test_the_id_of_an_event_may_be_a_number(door: Door, name: str) -> None:
    await door.collect({"type": "pageview", "path": "/", name: 0})
    assert door.intake.signal.client_id == "0"
