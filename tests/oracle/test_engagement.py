"""Scores, returns, ends and volumes agree with the oracle over random visits."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.engagement import EngagementQuestion, VisitsQuestion
from footfall.reports.page_view import PagesQuestion
from footfall.reports.presence import PresenceQuestion
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from footfall.reports.volume import VolumeQuestion
from tests.oracle.engagement import engage, measure
from tests.oracle.session import make_visits
from tests.oracle.strategy import TEXT_DEFAULTS
from tests.unit.reports.table import NoBarrier, TableWarehouse

START = 1_780_272_000_000_000
MINUTE_US = 60_000_000
SPAN = (START, START + 2 * 86_400_000_000)
NOW = START + 86_400_000_000

KINDS = ("pageview", "event", "click", "click", "scroll_depth", "activity", "session_start",
         "session_end", "engagement")  # fmt: skip

VALUES = (0.0, 4.0, 5.0, 24.0, 33.3, 49.95, 50.0, 99.9, 100.0, 140.0)


@st.composite
def make_events(draw: st.DrawFn) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for session in range(1, draw(st.integers(1, 7))):
        ts = draw(st.sampled_from([START, SPAN[1], NOW - 20 * MINUTE_US]))
        ts += draw(st.integers(-90, 90)) * MINUTE_US
        visitor = draw(st.integers(1, 2))
        bot = draw(st.sampled_from([0, 0, 0, 0, 49, 50]))
        for _ in range(draw(st.integers(1, 9))):
            kind = draw(st.sampled_from(KINDS))
            value = draw(
                st.sampled_from([0.0, 4.0, 5.0, 24.0, 33.3, 49.95, 50.0, 99.9, 100.0, 140])
            )
            events.append(
                TEXT_DEFAULTS
                | {
                    "project": 1,
                    "ts": ts,
                    "received_at": 0,
                    "event_id": len(events) + 1,
                    "visitor": visitor,
                    "session": draw(st.sampled_from([-session, -session, -session, -session, 0])),
                    "kind": kind,
                    "door": "pulsegate",
                    "interactive": int(kind in {"event", "pageview"}),
                    "site": draw(st.sampled_from(["a.example", "b.example"])),
                    "path": draw(st.sampled_from(["/", "/a", ""])),
                    "value": value,
                    "engagement_ms": 0,
                    "revenue_micros": 0,
                    "props": {},
                    "bot_score": bot,
                }
            )
            ts += draw(st.sampled_from([0, 1, 9_999_999, 10_000_000, 95_000_000, 400_000_000]))
    return events


@pytest.fixture(scope="module")
def warehouse() -> Iterator[TableWarehouse]:
    made = TableWarehouse()
    yield made
    made.close()


SCOPE = Scope(1, TimeRange(*SPAN))
limits = settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@limits
@given(make_events())
def test_visits_agree_with_the_oracle(
    warehouse: TableWarehouse, events: list[dict[str, Any]]
) -> None:
    warehouse.fill(events, list(make_visits(events).values()))
    runner = ReportRunner(warehouse, NoBarrier(), FixedClock(NOW))
    expected = engage(events, span=SPAN, now=NOW)
    found = asyncio.run(runner.ask(VisitsQuestion(SCOPE, limit=100)))
    assert [v.session for v in found] == [
        session
        for session, _ in sorted(
            ((v.session, v.start_us) for v in found), key=lambda p: (-p[1], -p[0])
        )
    ]
    fields = ("visitor", "events", "clicks", "scroll", "returns", "is_ended", "vpn", "score")
    assert {v.session: {name: asdict(v)[name] for name in fields} for v in found} == {
        session: {name: told[name] for name in fields} for session, told in expected.items()
    }
    cells = asyncio.run(runner.ask(EngagementQuestion(SCOPE, is_daily=True)))
    counted: Counter[tuple[int, int, bool]] = Counter()
    lasted: Counter[tuple[int, int, bool]] = Counter()
    for told in expected.values():
        key = (told["day"], told["score"], told["is_ended"])
        counted[key] += 1
        lasted[key] += told["duration_us"]
    assert [(c.day, c.score, c.is_ended, c.visits, c.duration_us) for c in cells] == [
        (*key, counted[key], lasted[key]) for key in sorted(counted)
    ]


@limits
@given(make_events())
def test_volumes_pages_and_presence_agree_with_the_oracle(
    warehouse: TableWarehouse, events: list[dict[str, Any]]
) -> None:
    visits = make_visits(events)
    warehouse.fill(events, list(visits.values()))
    runner = ReportRunner(warehouse, NoBarrier(), FixedClock(NOW))
    volume = asyncio.run(runner.ask(VolumeQuestion(SCOPE)))
    assert tuple(asdict(volume).values()) == measure(events, span=SPAN)
    own = [e for e in events if SPAN[0] <= e["ts"] < SPAN[1] and e["bot_score"] < 50]
    seen: dict[tuple[str, str], list[int]] = {}
    for event in own:
        if event["kind"] == "pageview" and event["path"]:
            seen.setdefault((event["site"], event["path"]), []).append(event["session"])
    pages = asyncio.run(runner.ask(PagesQuestion(SCOPE)))
    assert [(p.site, p.path, p.views, p.visits) for p in pages] == [
        (*page, len(sessions), len(set(sessions) - {0}))
        for page, sessions in sorted(seen.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    there = asyncio.run(runner.ask(PresenceQuestion(SCOPE)))
    ended = {e["session"] for e in own if e["kind"] == "session_end"}
    assert there == sum(
        visit["bot_score"] < 50
        and visit["start"] < SPAN[1]
        and visit["end"] >= SPAN[0]
        and session not in ended
        for session, visit in visits.items()
    )
