"""Whatever a stranger posts to the tracking paths, the answer is a documented one and never a fault
of ours; and nothing that was refused is stored."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.clock import US_PER_HOUR
from tests.site import CHROME, Site, run_site

DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 80), 1 << 80)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NUMBERS = st.sampled_from([0, -1, 1e300, -1e300, 1 << 62, 1.5, None])
TEXTS = st.sampled_from(
    ["s", "", "x" * 64, "x" * 300, "\0", "🙂", "https://example.com/" + "p" * 3000, "\ud800"]
)
TYPES = st.sampled_from(
    [
        "page_view",
        "click",
        "scroll",
        "mousemove",
        "navigation",
        "visibility_change",
        "own",
        "",
        "🙂",
    ]
)
FIELDS = {
    "event_type": TYPES,
    "page": TEXTS,
    "x": NUMBERS,
    "y": NUMBERS,
    "scroll_percent": NUMBERS,
    "element": TEXTS,
    "timestamp": NUMBERS,
    "data": st.dictionaries(st.text(max_size=8), DATA, max_size=3),
    "id": TEXTS,
    "title": TEXTS,
}
EVENTS = st.fixed_dictionaries({}, optional=FIELDS)
COMMON = {"visitor_id": TEXTS, "sent_at": NUMBERS, "exit_page": TEXTS}
BODIES = st.one_of(
    DATA,
    st.fixed_dictionaries(
        {}, optional={**FIELDS, **COMMON, "session_id": TEXTS, "fingerprint_id": TEXTS}
    ),
    st.fixed_dictionaries(
        {"session_id": TEXTS, "events": st.lists(EVENTS | DATA, max_size=4)}, optional=COMMON
    ),
)
PATHS = st.sampled_from(["session/start", "event", "events/batch", "session/end"])


def encode(body: Any) -> bytes:
    # Halves of characters travel escaped, as browsers write them.
    return json.dumps(body).encode()


Running = tuple[asyncio.Runner, Site]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with run_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(requests=st.lists(st.tuples(PATHS, BODIES), min_size=5, max_size=10))
def test_any_body_gets_a_documented_answer(
    running: Running, requests: list[tuple[str, Any]]
) -> None:
    runner, site = running
    # An hour later no limit remembers the example before.
    site.clock.set_us(site.clock.now_us() + US_PER_HOUR)

    async def send_all() -> None:
        for number, (path, body) in enumerate(requests):
            answer = await site.post(f"198.51.100.{number}", CHROME, encode(body), f"/track/{path}")
            assert answer.status in {200, 400}, (path, body, answer.status, answer.body)
            told = msgspec.json.decode(answer.body)
            assert ("error" in told) == (answer.status == 400)
            assert answer.headers["access-control-allow-origin"] == "*"

    runner.run(send_all())
