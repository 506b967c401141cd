"""User agents of public lists: how many browsers are taken for programs, how many crawlers for
browsers. `docs/explain/bots.md` tells the figures."""

import json
import random
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from footfall.bots.crawler import classify_agent

SAMPLE = 10_000
MOST_FALSE_ALARMS = 0.01
LEAST_RECALL = 0.99
PROGRAMS = ("crawler", "automation", "library")


def find_file(package: str, name: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / name


@pytest.fixture(scope="module")
def browsers() -> list[str]:
    """Browsers as people have them: a sample of 321,952, in-app browsers among them."""
    with zipfile.ZipFile(find_file("random_user_agent", "data/user_agents.zip")) as archive:
        lines = archive.read("user_agents.jl").decode().splitlines()
    listed = (json.loads(line) for line in lines)
    named = {e["user_agent"] for e in listed if e["software_type"].startswith("browser")}
    return random.Random(20261121).sample(sorted(named), SAMPLE)


@pytest.fixture(scope="module")
def crawlers() -> list[str]:
    """Every example of the list of crawlers."""
    path = find_file("crawleruseragents", "crawler-user-agents.json")
    entries = json.loads(path.read_text("utf-8"))
    return sorted({example for entry in entries for example in entry.get("instances", ())})


def test_fewer_than_one_browser_in_a_hundred_is_taken_for_a_program(browsers: list[str]) -> None:
    taken = [agent for agent in browsers if classify_agent(agent) in PROGRAMS]
    assert len(taken) / len(browsers) < MOST_FALSE_ALARMS, taken


def test_nearly_every_crawler_is_recognised(crawlers: list[str]) -> None:
    assert len(crawlers) > 2_000
    found = sum(classify_agent(agent) in PROGRAMS for agent in crawlers)
    assert found / len(crawlers) > LEAST_RECALL
