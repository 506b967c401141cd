"""Exposures and conversions as the doors send them, through the real pipeline: who is left out,
who counts for what, and what a session is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from footfall.experiments.analysis import Analysis
from footfall.experiments.experiment import Experiment, Plan, Variant
from footfall.experiments.exposure import attribute, make_exposure
from footfall.experiments.success import Called, Stayed, Success, Viewed
from footfall.experiments.tally import TallyQuestion, Unit
from footfall.ingest.request import Sender, Signal
from footfall.model.time_range import TimeRange
from footfall.reports.scope import Scope
from tests.site import CHROME, NOON, Site, open_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, modules=["ab_testing"]) as opened:
        yield opened


@pytest.fixture
async def experiment(site: Site) -> Experiment:
    variants = (Variant("a", "A", 1), Variant("b", "B", 1))
    plan = Plan("Button", variants, id="button", metric="buy", status="running")
    return await asyncio.to_thread(site.footfall.experiments.create, site.project.number, plan)


async def take(site: Site, after_s: float, signal: Signal, **fields: Any) -> None:
    """Take a signal as any door hands it over."""
    site.set_clock(after_s)
    sender = Sender(
        project=site.project.number,
        door="echelon",
        ip="198.51.100.1",
        user_agent=CHROME,
        received_at_us=site.clock.now_us(),
        accept_language="en",
        headers_seen=frozenset({"accept", "accept-language", "sec-fetch-mode"}),
        site="shop.example",
    )
    for name, value in fields.items():
        setattr(signal, name, value)
    await site.footfall.intake.take(sender, (signal,))


def see(experiment: Experiment, variant: str) -> Signal:
    found = experiment.find_variant(variant)
    assert found is not None
    return make_exposure(experiment, found)


def buy(euros: float = 0, props: bytes = b"") -> Signal:
    return Signal(
        "event", "buy", url="/", revenue_micros=int(euros * 1e6), currency="EUR", props=props
    )


async def read(site: Site, experiment: Experiment, unit: Unit = "visitor") -> Analysis:
    site.set_clock(5_000)
    return await site.footfall.laboratory.analyse(experiment, unit=unit)


def figures(analysis: Analysis) -> list[tuple[int, int, float]]:
    return [(a.rate.count, a.rate.successes, a.revenue) for a in analysis.metrics[0].arms]


async def test_only_what_follows_the_first_exposure_counts(
    site: Site, experiment: Experiment
) -> None:
    await take(site, 1, buy(100), visitor_id="early")
    await take(site, 2, see(experiment, "a"), visitor_id="early")
    await take(site, 3, see(experiment, "b"), visitor_id="b")
    await take(site, 4, buy(7), visitor_id="b")
    await take(site, 5, see(experiment, "b"), visitor_id="b")
    await take(site, 6, buy(1), visitor_id="b")
    assert figures(await read(site, experiment)) == [(1, 0, 0.0), (1, 1, 8.0)]


async def test_a_conversion_in_the_instant_of_the_exposure_counts(
    site: Site, experiment: Experiment
) -> None:
    await take(site, 2, see(experiment, "a"), visitor_id="v", ts_us=NOON + 2_000_000)
    await take(site, 2, buy(3), visitor_id="v", ts_us=NOON + 2_000_000)
    assert figures(await read(site, experiment)) == [(1, 1, 3.0), (0, 0, 0.0)]


async def test_who_saw_both_variants_is_left_out_and_reported(
    site: Site, experiment: Experiment
) -> None:
    await take(site, 1, see(experiment, "a"), visitor_id="both")
    await take(site, 2, see(experiment, "b"), visitor_id="both")
    await take(site, 3, buy(10), visitor_id="both")
    await take(site, 4, see(experiment, "a"), visitor_id="one")
    analysis = await read(site, experiment)
    assert figures(analysis) == [(1, 0, 0.0), (0, 0, 0.0)]
    assert analysis.contaminated == 1


async def test_a_server_names_the_variant_that_a_conversion_counts_for(
    site: Site, experiment: Experiment
) -> None:
    a, b = experiment.variants
    for number in range(4):
        await take(site, 1, see(experiment, "a"), visitor_id=f"a{number}")
        await take(site, 1, see(experiment, "b"), visitor_id=f"b{number}")
    # The backend knows this browser's visitor.
    await take(site, 10, buy(1, attribute(b"", experiment, a)), visitor_id="a0")
    # It does not know who this was, twice the same.
    stranger = attribute(b'{"plan":"pro"}', experiment, b)
    await take(site, 11, buy(2, stranger), visitor_id="backend-7")
    await take(site, 12, buy(4, stranger), visitor_id="backend-7")
    # What names b is not counted for a, though the visitor saw a.
    await take(site, 13, buy(8, attribute(b"", experiment, b)), visitor_id="a1")
    assert figures(await read(site, experiment)) == [(4, 1, 1.0), (4, 2, 14.0)]


async def test_sessions_are_counted_where_a_door_counts_sessions(
    site: Site, experiment: Experiment
) -> None:
    for session in ("s1", "s2", "s3"):
        given = {"visitor_id": "v", "session_id": session}
        await take(site, 1, see(experiment, "a"), **given)
    await take(site, 2, buy(5), visitor_id="v", session_id="s2")
    await take(site, 3, buy(5), visitor_id="v", session_id="other")
    assert figures(await read(site, experiment, "session")) == [(3, 1, 5.0), (0, 0, 0.0)]
    assert figures(await read(site, experiment)) == [(1, 1, 10.0), (0, 0, 0.0)]


async def test_the_metric_may_be_a_kind_of_event(site: Site) -> None:
    plan = Plan("Links", (Variant("a", "A", 1),), metric="outlink", status="running")
    made = await asyncio.to_thread(site.footfall.experiments.create, site.project.number, plan)
    await take(site, 1, see(made, "a"), visitor_id="v")
    await take(site, 2, Signal("outlink", url="/", name="https://x.example"), visitor_id="v")
    assert figures(await read(site, made)) == [(1, 1, 0.0)]


async def count(site: Site, experiment: Experiment, success: Success) -> list[tuple[int, int]]:
    site.set_clock(5_000)
    span = TimeRange(NOON, site.clock.now_us() + 1)
    question = TallyQuestion(Scope(site.project.number, span), experiment, success)
    tally = await site.footfall.reports.ask(question)
    return [(arm.units, arm.conversions) for arm in tally.arms]


async def test_goals_of_every_sort_are_reached_after_the_exposure(
    site: Site, experiment: Experiment
) -> None:
    """Anna reads three pages within 90 seconds; Bert saw them before the exposure, and has one
    page since; Carl comes back for a visit of two minutes and buys the large plan."""
    for after_s, path in ((1, "/"), (31, "/pricing"), (91, "/blog/a")):
        page = Signal("pageview", url=path, is_interactive=True)
        await take(site, after_s, page, visitor_id="anna")
        if after_s == 1:
            await take(site, 1, see(experiment, "a"), visitor_id="anna")
    for after_s in (100, 101, 102):
        page = Signal("pageview", url="/blog/b", is_interactive=True)
        await take(site, after_s, page, visitor_id="bert")
    # An hour later, in a visit of its own.
    await take(site, 3_800, see(experiment, "b"), visitor_id="bert")
    await take(site, 3_801, Signal("pageview", url="/", is_interactive=True), visitor_id="bert")
    await take(site, 200, see(experiment, "b"), visitor_id="carl")
    await take(site, 4_000, Signal("pageview", url="/", is_interactive=True), visitor_id="carl")
    large = Signal("event", "buy-now", url="/", props=b'{"plan":"large"}')
    await take(site, 4_120, large, visitor_id="carl")
    for success, expected in (
        (Viewed("/blog/*"), [(1, 1), (2, 0)]),
        (Viewed("/"), [(1, 1), (2, 2)]),
        (Called("buy*"), [(1, 0), (2, 1)]),
        (Called("buy-now", (("plan", "small"),)), [(1, 0), (2, 0)]),
        (Called("buy-now", (("plan", "large"),)), [(1, 0), (2, 1)]),
        (Stayed(pageviews=3), [(1, 1), (2, 0)]),
        (Stayed(seconds=90), [(1, 1), (2, 1)]),
        (Stayed(seconds=91), [(1, 0), (2, 1)]),
        (Stayed(seconds=121), [(1, 0), (2, 0)]),
    ):
        assert await count(site, experiment, success) == expected, success


async def test_bots_take_no_part(site: Site, experiment: Experiment) -> None:
    await take(site, 1, see(experiment, "a"), visitor_id="v")
    path = "/api/v1/experiments/button/assign"
    bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    answered = await site.post("198.51.100.9", bot, {"visitor_id": "bot"}, path)
    assert answered.status == 200
    counted = figures(await read(site, experiment))
    assert sum(units for units, _, _ in counted) == 1


async def test_behaviour_weeks_before_narrows_the_difference(
    site: Site, experiment: Experiment
) -> None:
    """Half of the visitors came two days before; those are the ones who buy."""
    day = 86_400
    for number in range(80):
        visitor = f"v{number}"
        if number % 2:
            early = Signal("pageview", url="/", is_interactive=True)
            await take(site, -2 * day + number, early, visitor_id=visitor)
        await take(site, 10 + number, see(experiment, "ab"[number // 40]), visitor_id=visitor)
        if number % 2:
            await take(site, 200 + number, buy(), visitor_id=visitor)
    answer = await site.ask("experiment", {"experiment": "button"})
    comparison = answer["metrics"][0]["variants"][1]["comparison"]
    # Everything is explained, and nothing is left to vary.
    assert comparison["adjusted"]["variance_reduction"] == pytest.approx(1.0)
