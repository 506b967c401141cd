"""DuckDB and ClickHouse count experiments alike: every kind of success, both units, several splits,
conversions that name a variant. Exposures come from a site of their own, loaded as the product
loads them."""

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from footfall.clock import FixedClock
from footfall.experiments.experiment import Split
from footfall.experiments.first import FirstQuestion
from footfall.experiments.split import lay_out
from footfall.experiments.success import Called, Sent, Stayed, Success, Viewed
from footfall.experiments.tally import Tally, TallyQuestion, Unit
from footfall.model.event import EMPTY_PROPS, Event
from footfall.model.time_range import TimeRange
from footfall.reports.query import DimensionFilter
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from footfall.store.clickhouse.warehouse import ClickhouseWarehouse
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Segment, Warehouse
from tests.parity.site import DAY_US, START_US
from tests.unit.experiments.builder import make_experiment
from tests.unit.reports.table import NoBarrier

pytestmark = pytest.mark.clickhouse

EVENTS = 20_000
SPAN = TimeRange(START_US + 3 * DAY_US, START_US + 12 * DAY_US)
ALL = Scope(9, TimeRange(START_US, START_US + 20 * DAY_US))
EXPERIMENT = replace(
    make_experiment(1, 1, 2),
    project=9,
    started_at_us=SPAN.start_us,
    ended_at_us=SPAN.end_us,
    splits=tuple(
        Split(SPAN.start_us + days * DAY_US, 100, weights, lay_out(weights))
        for days, weights in ((0, (1, 1, 2)), (2, (1, 2, 2)), (5, (3, 1, 1)))
    ),
)
PROPS = (
    {},
    {"plan": "pro"},
    {"experiment_id": "e", "variant_id": "v1"},
    {"experiment_id": "e", "variant_id": "gone"},
    {"experiment_id": "other", "variant_id": "v1"},
)


def make_events() -> Iterator[Event]:
    rolls = random.Random(4)
    for number in range(EVENTS):
        visitor = rolls.randrange(-2_000, 2_000) * 7_919
        kind = rolls.choice(("exposure", "event", "event", "pageview", "pageview"))
        name = {"exposure": rolls.choice(("e", "e", "f")), "event": rolls.choice(("buy", "pay"))}
        props = rolls.choice(PROPS)
        if kind == "exposure":
            # One visitor in twenty sees several variants.
            shown = rolls.randrange(3) if visitor % 20 == 0 else visitor % 3
            props = {"variant_id": f"v{shown}"}
        ts = START_US + rolls.randrange(15 * DAY_US)
        yield Event(
            project=9,
            ts=ts,
            received_at=ts,
            event_id=number + 1,
            visitor=visitor,
            session=0 if rolls.random() < 0.02 else visitor * 100 + (ts - START_US) // DAY_US + 1,
            kind=kind,
            door="pulse",
            interactive=int(kind in {"event", "pageview"}),
            name=name.get(kind, ""),
            path=rolls.choice(("/", "/pricing", "/blog/a")),
            country=rolls.choice(("DE", "")),
            revenue_micros=rolls.choice((0, 0, 9_990_000, 1, -5)) if kind == "event" else 0,
            bot_score=rolls.choice((0, 0, 0, 80)),
            props=msgspec.Raw(json.dumps(props).encode()) if props else EMPTY_PROPS,
        )


@pytest.fixture(scope="module")
def sites(
    tmp_path_factory: pytest.TempPathFactory, clickhouse_url: str
) -> Iterator[tuple[Warehouse, Warehouse]]:
    folder: Path = tmp_path_factory.mktemp("experiment")
    path = folder / "segment.ndjson"
    path.write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in make_events()))
    segment = Segment("experiment", path, EVENTS)
    warehouses = (
        DuckdbWarehouse(folder / "events.duckdb", temp_dir=folder / "tmp"),
        ClickhouseWarehouse(f"{clickhouse_url}/experiment"),
    )
    for warehouse in warehouses:
        warehouse.setup()
        assert warehouse.load([segment]) == EVENTS
    yield warehouses
    for warehouse in warehouses:
        warehouse.close()


def count(sites: tuple[Warehouse, Warehouse], question: TallyQuestion) -> Tally:
    ours, theirs = (
        asyncio.run(ReportRunner(warehouse, NoBarrier(), FixedClock(0)).ask(question))
        for warehouse in sites
    )
    assert ours == theirs
    return ours


@pytest.mark.parametrize("unit", ["visitor", "session"])
@pytest.mark.parametrize(
    "success",
    [
        Sent("buy"),
        Sent("pageview"),
        Called("b*"),
        Called("buy", (("plan", "pro"),)),
        Viewed("/blog/*"),
        Stayed(seconds=60),
        Stayed(pageviews=2),
        None,
    ],
    ids=str,
)
def test_every_success_is_counted_alike(
    sites: tuple[Warehouse, Warehouse], success: Success | None, unit: Unit
) -> None:
    tally = count(sites, TallyQuestion(ALL, EXPERIMENT, success, unit, has_before=True))
    assert all(arm.units > 100 for arm in tally.arms)
    assert tally.contaminated > 0 or unit == "session"
    assert (sum(arm.conversions for arm in tally.arms) > 0) == (success is not None)
    assert all(arm.units_of(period) for arm in tally.arms for period in range(3))


def test_a_filter_and_bots_are_obeyed_alike(sites: tuple[Warehouse, Warehouse]) -> None:
    german = DimensionFilter("country", "is", ("DE",))
    some = count(sites, TallyQuestion(replace(ALL, filter=german), EXPERIMENT, Sent("buy")))
    everybody = count(sites, TallyQuestion(replace(ALL, bots="include"), EXPERIMENT, Sent("buy")))
    assert 0 < sum(a.units for a in some.arms) < sum(a.units for a in everybody.arms)


def test_the_first_variant_of_a_visitor_is_found_alike(
    sites: tuple[Warehouse, Warehouse],
) -> None:
    seen = [e.visitor for e in make_events() if e.name == "e" and not e.bot_score]
    for visitor in (*seen[:5], 1):
        found = {
            asyncio.run(
                ReportRunner(warehouse, NoBarrier(), FixedClock(0)).ask(
                    FirstQuestion(ALL, EXPERIMENT, visitor)
                )
            )
            for warehouse in sites
        }
        assert len(found) == 1
        assert (found == {None}) == (visitor == 1)
