"""PulseGate's analytics of traffic: figures worked out by hand, after everything went through the
real pipeline."""

from typing import Any

import pytest

from footfall.clock import US_PER_DAY
from tests.dialects.pulsegate.conftest import HOME, MARKETING, PulseGate
from tests.site import IPHONE, NOON

DAY_S = US_PER_DAY // 1_000_000
GERMANY = "91.64.10.1"
FRANCE = "92.184.100.5"
AMAZON = "3.5.140.2"
"""In Seoul."""


async def visit(gate: PulseGate, fingerprint: str, after_s: float, **did: Any) -> str:
    """A whole visit: pages, a scroll, clicks, an end."""
    gate.site.set_clock(after_s)
    ip = did.get("ip", GERMANY)
    session = await gate.start(fingerprint, ip=ip, referrer=did.get("referrer", ""))
    now = gate.now_ms
    events: list[dict[str, Any]] = [
        {"event_type": "page_view", "page": page, "timestamp": now + 10 * n}
        for n, page in enumerate(did.get("pages", ["https://example.com/home"]))
    ]
    if "scroll" in did:
        events.append({"event_type": "scroll", "scroll_percent": did["scroll"], "timestamp": now})
    events += [{"event_type": "click", "timestamp": now + n} for n in range(did.get("clicks", 0))]
    await gate.track("events/batch", {"session_id": session, "events": events}, ip=ip)
    if "seconds" in did:
        body = {"session_id": session, "timestamp": now + did["seconds"] * 1_000}
        await gate.track("session/end", body, ip=ip)
    return session


async def fill(gate: PulseGate) -> None:
    """Three visits yesterday with the documented check values, two of today."""
    yesterday = -DAY_S
    await visit(gate, "f1", yesterday, seconds=60, scroll=50, clicks=3)
    gate.site.set_clock(yesterday + 3_600)
    await visit(
        gate,
        "f2",
        yesterday + 3_600,
        seconds=180,
        scroll=80,
        clicks=10,
        ip=FRANCE,
        referrer="https://www.google.com/search?q=x",
        pages=["https://example.com/home", "https://example.com/b?x=1", "https://example.com/b"],
    )
    await visit(gate, "f3", yesterday + 7_200, seconds=300, scroll=100, clicks=15, ip=AMAZON)
    # f3 comes again from home: another network than before, so a VPN is suspected.
    await visit(gate, "f3", -3_000, seconds=30, scroll=10)
    await visit(gate, "f4", -60, referrer="https://facebook.com/")
    gate.site.set_clock(0)


async def test_overview(gate: PulseGate) -> None:
    await fill(gate)
    # 24, 52, 30+30+15 = 75, and f3 again: 3+3+0+5 = 11; f4 has not ended.
    assert await gate.read("overview") == {
        "total_sessions": 5,
        # 5 + 14 + 17 + 2 + 1; begins and ends do not count.
        "total_events": 39,
        "unique_visitors": 4,
        "unique_fingerprints": 4,
        "avg_engagement_score": 40.5,
        "avg_session_duration_s": 142,
        "vpn_suspected_count": 1,
        "role": "admin",
    }


async def test_marketing_key_learns_its_pages(gate: PulseGate) -> None:
    answer = await gate.read("overview", MARKETING)
    assert answer["role"] == "marketing"
    assert answer["total_sessions"] == 0
    assert answer["marketing_visible_pages"][:3] == ["overview", "lead-stats", "moderation"]


async def test_days(gate: PulseGate) -> None:
    await fill(gate)
    assert await gate.read("sessions/daily?days=2") == [
        {
            "date": "2026-02-28",
            "total_sessions": 3,
            "unique_visitors": 3,
            "avg_duration": 180.0,
            "avg_engagement": 50.3,
        },
        {
            "date": "2026-03-01",
            "total_sessions": 2,
            "unique_visitors": 2,
            "avg_duration": 30.0,
            "avg_engagement": 11.0,
        },
    ]
    assert [day["date"] for day in await gate.read("sessions/daily?days=1")] == ["2026-03-01"]
    assert len(await gate.read("sessions/daily?days=9999")) == 2


async def test_pages(gate: PulseGate) -> None:
    await fill(gate)
    pages = [
        {"page": "https://example.com/home", "views": 5, "unique_sessions": 5},
        {"page": "https://example.com/b", "views": 2, "unique_sessions": 1},
    ]
    assert await gate.read("pages/top") == pages
    assert await gate.read("pages/top?limit=1") == pages[:1]


async def test_geo(gate: PulseGate) -> None:
    await fill(gate)
    assert await gate.read("geo") == [
        {"country": "DE", "sessions": 3, "unique_visitors": 3},
        {"country": "FR", "sessions": 1, "unique_visitors": 1},
        {"country": "KR", "sessions": 1, "unique_visitors": 1},
    ]


async def test_engagement(gate: PulseGate) -> None:
    await fill(gate)
    assert await gate.read("engagement") == [
        {"bucket": "0-19", "count": 1},
        {"bucket": "20-39", "count": 1},
        {"bucket": "40-59", "count": 1},
        {"bucket": "60-79", "count": 1},
        {"bucket": "80-100", "count": 0},
    ]
    # Half an hour without a signal ends f4's visit, too.
    gate.site.set_clock(1_800)
    assert (await gate.read("engagement"))[0] == {"bucket": "0-19", "count": 2}


async def test_sources(gate: PulseGate) -> None:
    await fill(gate)
    assert await gate.read("sources") == [
        {"referrer_domain": "(direct)", "sessions": 3},
        {"referrer_domain": "facebook.com", "sessions": 1},
        {"referrer_domain": "google.com", "sessions": 1},
    ]


async def test_realtime(gate: PulseGate) -> None:
    await fill(gate)
    assert await gate.read("realtime") == {
        "active_sessions": 1,
        "events_last_hour": 3,
        "unique_visitors_today": 2,
        "total_sessions_today": 2,
    }


async def test_storage(gate: PulseGate) -> None:
    await fill(gate)
    # Each visit also stored its begin, four of them their end.
    assert await gate.read("storage") == {"total_objects": 39 + 5 + 4, "estimated_sessions": 5}


async def test_events_of_other_doors_are_in_the_figures(gate: PulseGate) -> None:
    view = {"type": "pageview", "url": "https://shop.example/", "referrer": "https://t.co/x"}
    await gate.site.send(0, HOME, IPHONE, view)
    slug = gate.site.project.slug
    overview = await gate.read(f"overview?project={slug}")
    assert (overview["total_sessions"], overview["total_events"]) == (1, 1)
    assert overview["unique_fingerprints"] == 0
    assert (await gate.read(f"pages/top?project={slug}"))[0]["page"] == "https://shop.example/"
    assert (await gate.read("overview"))["total_sessions"] == 0


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("sessions/daily?days=0", "days is 0; 1 to 90 are accepted"),
        ("sessions/daily?days=x", "x"),
        ("pages/top?limit=-1", "limit is -1; 1 to 100 are accepted"),
        ("overview?bots=some", "bots is 'some'"),
        ("anomalies?days=1", "days is 1; 3 to 90 are accepted"),
    ],
)
async def test_bad_parameter_is_quoted(gate: PulseGate, path: str, sentence: str) -> None:
    answer = await gate.site.call(
        "GET", f"/analytics/{path}", headers=[("X-API-Key", "admin-key-of-the-tests")]
    )
    assert answer.status == 400
    assert sentence in answer.body.decode()


async def test_unknown_project_is_not_found(gate: PulseGate) -> None:
    answer = await gate.site.call(
        "GET", "/analytics/geo?project=none", headers=[("X-API-Key", "admin-key-of-the-tests")]
    )
    assert (answer.status, answer.body) == (404, b'{"error":"Project \'none\' not found."}')


async def test_anomalies_need_three_days(gate: PulseGate) -> None:
    for number in range(30):
        await visit(gate, f"f{number}", -60 * number - 1)
    gate.site.set_clock(0)
    assert await gate.read("anomalies") == {
        "anomalies": [],
        "checked_at": NOON // 1_000,
        "baseline_days": 0,
    }


async def test_traffic_spike_and_vpns(gate: PulseGate) -> None:
    # Five a day for four days, then 24 from hosting companies that move between networks.
    for day in range(-4, 0):
        for number in range(5):
            await visit(gate, f"f{day}{number}", day * DAY_S - 60 * number - 60)
    for number in range(12):
        await visit(gate, f"g{number}", -7_200 - 60 * number, ip=GERMANY)
        await visit(gate, f"g{number}", -3_600 - 60 * number, ip=AMAZON)
    gate.site.set_clock(0)
    answer = await gate.read("anomalies")
    assert answer["baseline_days"] == 4
    assert answer["anomalies"] == [
        {
            "type": "traffic_spike",
            "severity": "high",
            "message": "24 visits in the last 24 hours; 5.0 a day in the 4 days before",
            "current": 24.0,
            "baseline": 5.0,
            "change_percent": 380.0,
            "detected_at": NOON // 1_000,
        },
        {
            "type": "vpn_ratio",
            "severity": "high",
            "message": "50% of the visits of the last 24 hours look like a VPN; 0% in the 4 days "
            "before",
            "current": 0.5,
            "baseline": 0.0,
            "change_percent": None,
            "detected_at": NOON // 1_000,
        },
    ]
