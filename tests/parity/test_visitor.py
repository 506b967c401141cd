"""Suspects and the journal answer alike on both engines, as a plain reading of the events does."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.family import Question
from footfall.reports.journal import JournalQuestion
from footfall.reports.query import DimensionFilter, Query
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from footfall.reports.suspect import SuspectQuestion
from tests.parity.conftest import list_events
from tests.parity.site import DAY_US, PROJECT, START_US
from tests.unit.reports.table import NoBarrier

pytestmark = pytest.mark.clickhouse

RANGE = TimeRange(START_US + DAY_US // 3, START_US + 8 * DAY_US)
SCOPE = Scope(PROJECT, RANGE)


def ask_both(engines: Any, question: Question[Any]) -> Any:
    duckdb, clickhouse = (
        asyncio.run(ReportRunner(engine, NoBarrier(), FixedClock(0)).ask(question))
        for engine in engines
    )
    assert duckdb == clickhouse
    return duckdb


@pytest.mark.parametrize("least", [0, 25, 50, 100])
def test_suspects_are_those_of_the_events(engines: Any, least: int) -> None:
    scores: dict[int, int] = {}
    views: dict[int, int] = {}
    for event in list_events():
        if RANGE.start_us <= event.ts < RANGE.end_us:
            scores[event.visitor] = max(scores.get(event.visitor, 0), event.bot_score)
            views[event.visitor] = views.get(event.visitor, 0) + (event.kind == "pageview")
    expected = sorted(
        ((-s, -views[v], v) for v, s in scores.items() if s >= least),
    )[:200]
    found = ask_both(engines, SuspectQuestion(SCOPE, least, 200))
    assert [(-s.score, -s.pageviews, s.visitor) for s in found] == expected


def test_the_journal_is_the_latest_events(engines: Any) -> None:
    kept = [e for e in list_events() if RANGE.start_us <= e.ts < RANGE.end_us]
    events = sorted((e for e in kept if e.kind == "event"), key=lambda e: (-e.ts, -e.event_id))
    found = ask_both(engines, JournalQuestion(Scope(PROJECT, RANGE, bots="include"), ("event",)))
    assert [(e.ts_us, e.event_id, e.name) for e in found] == [
        (e.ts, e.event_id, e.name) for e in events[:100]
    ]
    visitor = events[0].visitor
    own = ask_both(
        engines,
        JournalQuestion(
            Scope(PROJECT, RANGE, DimensionFilter("kind", "is_not", ("pageview",))),
            visitor=visitor,
        ),
    )
    assert {entry.visitor for entry in own} <= {visitor}


def test_the_journal_of_a_session_begins_at_its_begin(engines: Any) -> None:
    kept = [e for e in list_events() if RANGE.start_us <= e.ts < RANGE.end_us]
    sessions = Counter(e.session for e in kept if e.session)
    session = max(sessions, key=lambda one: (sessions[one], one))
    events = sorted((e for e in kept if e.session == session), key=lambda e: (e.ts, e.event_id))
    assert len(events) > 3
    question = JournalQuestion(Scope(PROJECT, RANGE, bots="include"), session=session, limit=3)
    found = ask_both(engines, question)
    assert [(e.ts_us, e.event_id) for e in found] == [
        (e.ts, e.event_id) for e in reversed(events[:3])
    ]


def test_visitors_left_out_are_in_no_report_and_among_bots(engines: Any) -> None:
    people = ask_both(engines, SuspectQuestion(SCOPE, 0, 200))
    chosen = tuple(s.visitor for s in people[-3:])

    def count(bots: Any, left_out: tuple[int, ...]) -> int:
        answers = [
            asyncio.run(
                ReportRunner(engine, NoBarrier(), FixedClock(0), lambda _: left_out).run(
                    Query(PROJECT, ("signals",), RANGE, bots=bots)
                )
            ).totals
            for engine in engines
        ]
        assert answers[0] == answers[1]
        return int(answers[0][0] or 0)

    assert count("include", chosen) == count("include", ())
    assert count("exclude", chosen) < count("exclude", ())
    assert count("exclude", chosen) + count("only", chosen) == count("include", ())
