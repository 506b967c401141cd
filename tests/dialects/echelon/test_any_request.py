"""Whatever a stranger sends to the tracking paths, the page gets its pixel or a documented status,
and never a fault of ours."""

import asyncio
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.dialects.echelon import track
from tests.dialects.echelon.beacon import HEADERS, pack
from tests.site import Site, run_site

NAMES = (
    "p",
    "s",
    "sid",
    "_v",
    "sw",
    "sh",
    "ref",
    "tok",
    "ck",
    "pwa",
    "uc",
    "us",
    "um",
    "uct",
    "ut",
)
QUIRKS = st.sampled_from(
    ("", " ", "+", "%", "%00", "%ff", "\0", "=", "&", "🙂", "spa", "1500", "-1", "1e9", "default")
)
VALUES = st.one_of(QUIRKS, st.text(max_size=40), st.text(max_size=30).map(lambda t: pack(f"/{t}")))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
TYPES = st.sampled_from(
    ("custom", "click", "scroll_depth", "web_vital", "session_end", "outbound", "download", "", "x")
)
EVENTS = st.one_of(
    DATA,
    st.fixed_dictionaries(
        {"type": TYPES, "data": DATA},
        optional={"sessionId": DATA, "utmCampaign": DATA},
    ),
)


Running = tuple[asyncio.Runner, Site]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("site")
    with run_site(folder, settings={"ECHELON_RATE_LIMIT_MAX": "0"}) as running:
        yield running


def check(running: Running, requests: list[tuple[str, str, Any]], accepted: set[int]) -> None:
    runner, site = running
    faults: list[BaseException] = []

    async def check_all() -> None:
        for request in requests:
            await check_one(*request)

    async def check_one(method: str, path: str, body: Any) -> None:
        answered = await site.call(method, path, body, headers=HEADERS)
        assert answered.status in accepted, (path, body, answered)

    # The pixel comes even when we fail, so failures are looked for where they are logged.
    with patch.object(track, "log_fault", faults.append):
        runner.run(check_all())
    assert faults == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(queries=st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES), min_size=20, max_size=40))
def test_the_pixel_always_comes(running: Running, queries: list[dict[str, str]]) -> None:
    paths = ["/b.gif?" + "&".join(f"{k}={v}" for k, v in query.items()) for query in queries]
    encoded = [p.encode("utf-8", "replace").decode("latin-1") for p in paths]
    requests = [("GET", path.replace("\n", ""), None) for path in encoded]
    check(running, requests, {200})


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    bodies=st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.fixed_dictionaries({}, optional={"events": DATA, "siteId": DATA, "tok": DATA}).map(
                msgspec.json.encode
            ),
            st.lists(EVENTS, max_size=6).map(lambda e: msgspec.json.encode({"events": e})),
        ),
        min_size=20,
        max_size=40,
    )
)
def test_beacons_are_taken_or_refused(running: Running, bodies: list[bytes]) -> None:
    check(running, [("POST", "/e", body) for body in bodies], {204, 400})
