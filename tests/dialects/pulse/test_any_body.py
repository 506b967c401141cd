"""Whatever is sent, the answer is 200 or 400, and what is stored can be written to the spool."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.dialects.pulse.wire import PAYLOAD_TYPES
from tests.dialects.pulse.conftest import Door

WORDS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
JSON = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "path",
            "url",
            "name",
            "query",
            "value",
            "max_depth",
            "x",
            "y",
            "message",
            "data",
            "traits",
            "survey_id",
            "answers",
            "id",
            "timestamp",
            "visitor_id",
            "consent_granted",
            "revenue_amount",
            "revenue_currency",
            "link_type",
            "engagement_ms",
            "results_count",
            "lineno",
            "stack",
            "rating",
            "payload",
        ]
    ),
    JSON,
    max_size=6,
)
RELAXED = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@RELAXED
@given(kind=st.sampled_from(PAYLOAD_TYPES), fields=FIELDS, inner=st.none() | FIELDS)
async def test_any_fields_are_taken_or_refused(
    door: Door, kind: str, fields: dict[str, Any], inner: dict[str, Any] | None
) -> None:
    body = {**fields, "type": kind} | ({} if inner is None else {"payload": inner})
    await check(door, msgspec.json.encode(body))


@RELAXED
@given(body=st.binary(max_size=60))
async def test_any_bytes_are_taken_or_refused(door: Door, body: bytes) -> None:
    await check(door, body)
    await check(door, b'{"type":"pageview","path":"/","title":"' + body)
    await check(door, b'{"type":"event","name":"n","data":{"a":"' + body + b'"}}')


async def check(door: Door, body: bytes) -> None:
    door.intake.taken.clear()
    door.clock.advance_s(1)
    answered = await door.collect(body)
    assert answered.status in {200, 400}, answered.body
    msgspec.json.decode(answered.body)
    for _, signal in door.intake.taken:
        line = msgspec.json.encode(signal)
        assert b"\n" not in line
        assert b"\n" not in signal.props
        if signal.props:
            assert isinstance(msgspec.json.decode(signal.props), dict)
        assert signal.ts_us is None or -(2**63) <= signal.ts_us < 2**63
        assert abs(signal.revenue_micros) < 2**63
