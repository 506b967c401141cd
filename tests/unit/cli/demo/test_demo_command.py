"""`footfall demo` over fakes: it makes, goes on, leaves alone, and serves."""

from pathlib import Path

import pytest

from tests.unit.cli.fakes import World

SMALL = ("--days", "3", "--visitors-per-day", "40")


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    tmp_path.mkdir(exist_ok=True)
    return world


def test_makes_the_history_says_how_to_look_and_serves(world: World) -> None:
    code, out, _ = world.run("demo", *SMALL)
    assert code == 0
    assert [p.name for p in world.desk.projects] == ["Demo shop", "Demo docs", "Demo journal"]
    assert [p.time_zone for p in world.desk.projects][2] == "Asia/Kathmandu"
    assert f"{len(world.store.taken):,} events in the projects 'Demo shop'" in out
    assert "http://127.0.0.1:8000/dashboard" in out
    assert "Log in with the admin token" in out
    assert len(world.served) == 1
    assert len(world.store.taken) > 300


def test_serves_a_finished_demo_as_it_is(world: World) -> None:
    world.run("demo", *SMALL, "--no-serve")
    stored = len(world.store.taken)
    out = world.run("demo", "--seed", "5")[1]
    assert "holds a demo already (seed 1, 3 days, 40 visitors a day)" in out
    assert len(world.store.taken) == stored
    assert len(world.served) == 1


def test_goes_on_with_a_demo_that_was_stopped(world: World) -> None:
    world.store.limit = 20
    assert world.run("demo", *SMALL)[0] == 130
    world.store.limit = None
    world.store.is_strict = False
    world.run("demo", *SMALL, "--no-serve")
    ids = [signal.client_id for _, signal in world.store.taken]
    assert len(set(ids)) == len(ids)
    assert len({sender.received_at_us for sender, _ in world.store.taken}) == 1


@pytest.mark.parametrize("wrong", [("--days", "0"), ("--visitors-per-day", "1000001")])
def test_refuses_sizes_it_cannot_make(world: World, wrong: tuple[str, str]) -> None:
    code, _, err = world.run("demo", *wrong)
    assert code == 1
    assert f"{wrong[0]} is {wrong[1]}; accepted are 1 to" in err
