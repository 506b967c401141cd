"""Whatever is sent to GradeMyPage's door, the answer is one of those that the document lists."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dialects.grademypage.conftest import Door, make_event
from tests.site import open_site

WORDS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
JSON = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
TYPES = st.sampled_from(
    ["pageview", "scroll", "engagement", "conversion", "experiment_impression", "other", ""]
)
DATA = st.dictionaries(
    st.sampled_from(
        ["depth", "engagementSeconds", "experimentId", "variantId", "revenue", "value", "currency"]
    )
    | st.text(max_size=5),
    JSON,
    max_size=5,
)
EVENT = st.fixed_dictionaries(
    {"eventType": TYPES | JSON},
    optional={
        **dict.fromkeys(
            ["eventName", "pathname", "fullUrl", "referrer", "sessionId", "visitorId", "utm"], JSON
        ),
        "timestamp": st.floats() | st.integers() | JSON,
        "eventData": DATA | JSON,
    },
)
SERVER_EVENT = st.fixed_dictionaries(
    {"eventType": TYPES | JSON, "eventName": st.text(max_size=9) | JSON},
    optional={
        **dict.fromkeys(["timestamp", "idempotencyKey", "page", "experimentId", "variantId"], JSON),
        "timestamp": st.datetimes().map(lambda moment: moment.isoformat()) | JSON,
        "visitor": st.dictionaries(st.sampled_from(["id", "ip", "userAgent"]), JSON) | JSON,
        "properties": DATA | JSON,
        "eventData": DATA | JSON,
    },
)
RELAXED = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_site(tmp_path, modules=["scroll_depth", "ab_testing"]) as site:
        door = Door(site)
        await door.rotate()
        yield door


@RELAXED
@given(event=EVENT, is_whole=st.booleans())
async def test_any_event_of_a_browser_is_taken_or_refused(
    door: Door,
    event: dict[str, Any],
    is_whole: bool,  # noqa: FBT001
) -> None:
    body = {"projectId": door.project_id, "events": [make_event(**event) if is_whole else event]}
    answered = await door.track_body(msgspec.json.encode(body))
    assert answered.status in {200, 400}, answered.body
    msgspec.json.decode(answered.body)


@RELAXED
@given(event=SERVER_EVENT)
async def test_any_event_of_a_backend_is_taken_or_refused(
    door: Door, event: dict[str, Any]
) -> None:
    answered = await door.report_body(msgspec.json.encode(event))
    assert answered.status in {200, 201, 400}, answered.body
    msgspec.json.decode(answered.body)


@RELAXED
@given(body=st.binary(max_size=60))
async def test_any_bytes_are_refused_with_a_sentence(door: Door, body: bytes) -> None:
    start = b'{"projectId":"%s","events":[{"eventType":"' % door.project_id.encode()
    for answered in (
        await door.track_body(body),
        await door.track_body(start + body),
        await door.report_body(body),
        await door.report_body(b'{"eventType":"a","eventName":"' + body + b'"}'),
    ):
        assert answered.status in {200, 201, 400, 404}, answered.body
        msgspec.json.decode(answered.body)
