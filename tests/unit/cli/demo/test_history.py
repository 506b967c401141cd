"""The demo's history: the same for a seed, in order, bounded, and believable."""

from collections import Counter
from itertools import islice, pairwise

import pytest

from footfall.cli.demo.history import DAY_US, generate
from footfall.ingest.request import Sender, Signal
from footfall.model.time_range import from_us

END_US = 1_795_231_080_000_000
"""2026-11-21 03:18 UTC."""


@pytest.fixture(scope="module")
def history() -> list[tuple[Sender, Signal]]:
    return list(generate(1, 60, END_US, visitors_per_day=150))


def ts(signal: Signal) -> int:
    assert signal.ts_us is not None
    return signal.ts_us


def test_the_same_seed_gives_the_same_history() -> None:
    def first(seed: int) -> list[tuple[Sender, Signal]]:
        return list(islice(generate(seed, 20, END_US), 2_000))

    assert first(1) == first(1)
    assert first(1) != first(2)


def test_comes_in_the_order_of_time_and_ends_now(history: list[tuple[Sender, Signal]]) -> None:
    times = [ts(signal) for _, signal in history]
    assert times == sorted(times)
    assert times[0] >= END_US - 60 * DAY_US
    assert END_US - 3_600_000_000 < times[-1] < END_US


def test_every_signal_has_an_id_of_its_own(history: list[tuple[Sender, Signal]]) -> None:
    assert len({signal.client_id for _, signal in history}) == len(history)


def test_fills_every_kind_and_every_site(history: list[tuple[Sender, Signal]]) -> None:
    kinds = Counter(signal.kind for _, signal in history)
    assert set(kinds) == {
        *("pageview", "event", "engagement", "web_vital", "scroll_depth", "search"),
        *("outlink", "download", "error", "identify", "click", "exposure", "survey_response"),
    }
    assert {sender.project for sender, _ in history} == {1, 2, 3}


def test_the_funnel_leaks_at_every_step(history: list[tuple[Sender, Signal]]) -> None:
    def count(kind: str, word: str) -> int:
        return sum(s.kind == kind and word in (s.name or s.url) for _, s in history)

    steps = [
        count("pageview", "shop.example/product/"),
        count("event", "add_to_cart"),
        count("event", "begin_checkout"),
        count("event", "purchase"),
    ]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] > 10
    assert all(after < before * 0.8 for before, after in pairwise(steps))
    revenue = sum(signal.revenue_micros for _, signal in history)
    assert revenue > 1_000 * 1_000_000


def test_nights_and_weekends_are_quieter_for_the_documentation(
    history: list[tuple[Sender, Signal]],
) -> None:
    starts = [from_us(ts(s)) for sender, s in history if sender.project == 2]
    by_weekday = Counter(moment.weekday() for moment in starts)
    assert max(by_weekday[5], by_weekday[6]) < 0.75 * min(by_weekday[d] for d in range(4))


def test_people_come_back_on_another_day(history: list[tuple[Sender, Signal]]) -> None:
    days: dict[str, set[int]] = {}
    for _, signal in history:
        if signal.visitor_id:
            days.setdefault(signal.visitor_id, set()).add(ts(signal) // DAY_US)
    assert sum(len(seen) > 1 for seen in days.values()) > 0.1 * len(days)


def test_some_visits_run_over_midnight_and_robots_come_along(
    history: list[tuple[Sender, Signal]],
) -> None:
    last: dict[tuple[int, str, str], int] = {}
    crossings = 0
    for sender, signal in history:
        key = (sender.project, sender.ip, sender.user_agent)
        before = last.get(key, 0)
        gap_us = ts(signal) - before
        crossings += gap_us < 1_800_000_000 and ts(signal) // DAY_US != before // DAY_US
        last[key] = ts(signal)
    assert crossings > 5
    robots = sum("bot" in sender.user_agent.lower() for sender, _ in history)
    assert 0.005 * len(history) < robots < 0.1 * len(history)


def test_the_size_follows_the_visitors_per_day() -> None:
    small = sum(1 for _ in generate(3, 10, END_US, visitors_per_day=50))
    large = sum(1 for _ in generate(3, 10, END_US, visitors_per_day=200))
    assert 3.3 < large / small < 4.7
