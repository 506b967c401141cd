"""The pipeline as a whole: its order, every reason it drops for, and what it writes where."""

import pytest

from footfall.config import parse_config
from footfall.identity.session import Attribution, Visit
from footfall.ingest.agent import Agent
from footfall.ingest.draft import Draft
from footfall.ingest.duplicate import Claims, Deduplicator
from footfall.ingest.outcome import Dropped, DropReason
from footfall.ingest.page import Page
from footfall.ingest.pipeline import render_event
from footfall.ingest.place import Place
from footfall.ingest.request import Signal
from footfall.model.event import Event
from footfall.projects.exclusion import Exclusions
from tests.unit.ingest.world import NOON, World, view

OFFICE = parse_config({"FOOTFALL_TRUSTED_PROXIES": "198.51.100.0/24"}).trusted_proxies


def test_lists_its_steps_by_name_and_drops_duplicates_last() -> None:
    names = World().pipeline.names
    assert all(name.startswith(("put_", "drop_")) for name in names)
    assert max(i for i, name in enumerate(names) if name.startswith("drop_")) == names.index(
        "drop_duplicate"
    )
    for later in ("put_visitor", "put_session", "put_attribution"):
        assert names.index("drop_duplicate") < names.index(later)


@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        (Signal(kind="page_view"), DropReason.MALFORMED),
        (Signal(kind="event"), DropReason.MALFORMED),
        (view(value=float("nan")), DropReason.MALFORMED),
        (view(value=float("inf")), DropReason.MALFORMED),
        (view(revenue_micros=1 << 63), DropReason.MALFORMED),
        (view(props=b'{"a":\n'), DropReason.MALFORMED),
        (view(props=b"[" + b"1," * 300 + b"1]"), DropReason.MALFORMED),
        (Signal(kind="event", name="x" * 256), DropReason.TOO_LARGE),
        (view("/" + "x" * 2048), DropReason.TOO_LARGE),
        (view("/" + "x" * 100_000), DropReason.TOO_LARGE),
        (view(client_id="x" * 256), DropReason.TOO_LARGE),
        (view(visitor_id="x" * 256), DropReason.TOO_LARGE),
        (view(session_id="x" * 256), DropReason.TOO_LARGE),
        (view(props=b'{"a":"' + b"x" * 8192 + b'"}'), DropReason.TOO_LARGE),
        (
            view(props=b"{" + b",".join(b'"k%d":0' % i for i in range(65)) + b"}"),
            DropReason.TOO_LARGE,
        ),
        (view(referrer="https://semalt.com/"), DropReason.SPAM_REFERRER),
        (view(referrer="http://buy.semalt.com/x"), DropReason.SPAM_REFERRER),
        (view("/internal/x"), DropReason.EXCLUDED),
        (view("https://staging.example.org/"), DropReason.EXCLUDED),
    ],
)
async def test_drops_for_a_reason(signal: Signal, reason: DropReason) -> None:
    world = World()
    world.exclusions[1] = Exclusions(paths=("/internal/*",), hosts=("staging.*",))
    assert await world.take(signal) == [Dropped(reason)]
    assert not world.log.lines
    assert list(world.counters.counts.values()) == [1]
    assert not len(world.sessions.live)


async def test_drops_what_belongs_to_no_project() -> None:
    assert await World().take(view(), project=0) == [Dropped(DropReason.UNKNOWN_PROJECT)]


async def test_drops_a_network_the_project_leaves_out() -> None:
    world = World()
    world.exclusions[1] = Exclusions(networks=OFFICE)
    assert await world.take(view(), ip="198.51.100.9") == [Dropped(DropReason.EXCLUDED)]
    assert len(await world.send(view(), ip="198.51.101.9")) == 1
    assert len(await world.send(view(), ip="198.51.100.9", project=2)) == 1
    assert len(await world.send(view(), ip="not an address")) == 1


async def test_a_dropped_event_does_not_use_up_its_id() -> None:
    world = World()
    await world.take(view(referrer="https://semalt.com/", client_id="x"))
    assert len(await world.send(view(client_id="x"))) == 1


async def test_cuts_what_may_be_cut() -> None:
    [row] = await World().send(
        Signal(
            kind="error",
            name="e" * 300,
            title="t" * 600,
            url="/a?" + "q" * 3000,
            referrer="https://example.net/" + "r" * 3000,
            language="sr-Latn-RS-x-private",
            screen="wide",
            utm_campaign="c" * 300,
        )
    )
    assert (len(row["name"]), len(row["title"]), len(row["query"])) == (255, 500, 2048)
    assert len(row["referrer"]) <= 2048
    assert row["language"] == "sr-Latn-RS"
    assert "screen" not in row
    assert len(row["utm_campaign"]) == 255


@pytest.mark.parametrize("count", [1, 63, 64])
async def test_takes_up_to_64_properties(count: int) -> None:
    props = b"{" + b",".join(b'"key%d":"value"' % i for i in range(count)) + b"}"
    [row] = await World().send(view(props=props))
    assert len(row["props"]) == count


async def test_marks_what_shows_a_person_acting() -> None:
    rows = await World().send(
        view(),
        Signal(kind="event", name="a", is_interactive=True),
        Signal(kind="event", name="b"),
        Signal(kind="engagement", engagement_ms=5, is_interactive=True),
    )
    assert [row.get("interactive", 0) for row in rows] == [1, 1, 0, 0]


async def test_keeps_money_exact_and_its_currency_in_capitals() -> None:
    [row] = await World().send(
        Signal(kind="event", name="buy", revenue_micros=19_990_000, currency="eur")
    )
    assert (row["revenue_micros"], row["currency"]) == (19_990_000, "EUR")


async def test_counts_no_negative_engagement() -> None:
    rows = await World().send(
        view(engagement_ms=-5), view(engagement_ms=10**12), view(engagement_ms=1200)
    )
    assert [row.get("engagement_ms", 0) for row in rows] == [0, 86_400_000, 1200]


@pytest.mark.parametrize("hours", [-30, -24, -1, 0, 23, 24, 400])
async def test_believes_a_clock_within_a_day(hours: int) -> None:
    wanted = NOON + hours * 3_600_000_000
    [row] = await World().send(view(ts_us=wanted))
    nearest = max(NOON - 24 * 3_600_000_000, min(NOON + 24 * 3_600_000_000, wanted))
    assert row["ts"] == nearest
    assert row["received_at"] == NOON


async def test_takes_a_trusted_clock_as_it_is() -> None:
    world = World()
    [row] = await world.send(view(ts_us=1_431_857_103_000_000), is_trusted_clock=True)
    assert row["ts"] == 1_431_857_103_000_000
    for wrong in (-1, 10**18):
        assert await world.take(view(ts_us=wrong), is_trusted_clock=True) == [
            Dropped(DropReason.MALFORMED)
        ]


async def test_the_bot_score_stands_on_the_row() -> None:
    class Suspicious:
        def score(self, sender: object, visitor: int) -> tuple[int, str]:
            return 65, "hosting,very_fast"

    [row] = await World(Suspicious()).send(view())
    assert (row["bot_score"], row["bot_reasons"]) == (65, "hosting,very_fast")


def test_every_position_of_the_row_carries_its_own_value() -> None:
    world = World()
    origin = Attribution(*(f"o:{name}" for name in Attribution.__struct_fields__))
    visit = Visit(session=6, start=0, end=0, older=None)
    visit.attribution = origin
    draft = Draft(
        Claims(Deduplicator()),
        event_id=4,
        ts=2,
        visitor=5,
        visit=visit,
        name="d:name",
        site="d:site",
        title="d:title",
        screen="d:screen",
        language="d:language",
        currency="d:currency",
        engagement_ms=8,
        page=Page(path="p:path", query="p:query"),
        agent=Agent(*(f"a:{name}" for name in Agent.__struct_fields__)),
        place=Place(*(f"l:{name}" for name in Place.__struct_fields__)),
        bot_score=9,
        bot_reasons="d:bot_reasons",
    )
    sender = world.sender(project=1, received_at_us=3, door="s:door")
    event = render_event(sender, Signal(kind="event", value=7.0, revenue_micros=10), draft)
    for name in Event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, str) and name != "kind":
            assert value.partition(":")[2] == name
    assert event.kind == "event"
    numbers = ("project", "ts", "received_at", "event_id", "visitor", "session")
    assert [getattr(event, name) for name in numbers] == [1, 2, 3, 4, 5, 6]
    assert (event.value, event.engagement_ms, event.bot_score) == (7.0, 8, 9)
    assert (event.revenue_micros, event.interactive) == (10, 0)
