import ipaddress
from typing import Any

import pytest

from footfall.clock import FixedClock
from footfall.errors import InvalidInputError
from footfall.projects.exclusion import Exclusions, parse_exclusions
from footfall.projects.register import Projects
from tests.unit.projects.fake_records import FakeRecords


def test_reads_networks_paths_and_hosts() -> None:
    rules = {"networks": ["203.0.113.9/24", "2001:db8::1"], "paths": ["/admin*"], "hosts": ["*.T"]}
    assert parse_exclusions(rules) == Exclusions(
        (ipaddress.ip_network("203.0.113.0/24"), ipaddress.ip_network("2001:db8::1/128")),
        ("/admin*",),
        ("*.t",),
    )


@pytest.mark.parametrize("rules", [None, {}, {"paths": []}, {"networks": None}])
def test_nothing_is_left_out_unless_said(rules: Any) -> None:
    assert parse_exclusions(rules) is None


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([], "exclude must be an object"),
        ({"paths": "/a"}, "exclude.paths must be a list of texts, not '/a'"),
        ({"paths": [1]}, "exclude.paths must be a list of texts"),
        ({"hosts": [""]}, "exclude.hosts must be a list of texts"),
        ({"networks": ["office"]}, "'office' is no network; write for example"),
        ({"paths": ["/a"] * 201}, "exclude.paths has 201 rules; accepted are 200"),
    ],
)
def test_refuses_rules_it_cannot_follow(rules: Any, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        parse_exclusions(rules)


def test_the_directory_knows_them_at_once() -> None:
    projects = Projects(FakeRecords(), FixedClock(1))
    projects.setup()
    project = projects.create("Shop", "shop.example")
    assert projects.directory.find_exclusions(project.number) is None
    projects.save_settings(project.id, {"exclude": {"paths": ["/admin*"]}})
    assert projects.directory.find_exclusions(project.number) == Exclusions(paths=("/admin*",))
    assert projects.directory.find_exclusions(99) is None
