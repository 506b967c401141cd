"""Two nodes over one records store: what one changes, the other sees with its next look."""

from collections.abc import Callable, Iterator

import pytest

from footfall.clock import FixedClock
from footfall.errors import NotFoundError
from footfall.projects.module import ModuleChange
from footfall.projects.register import ProjectChange, Projects
from footfall.store.relational import RelationalRecords

NOW_US = 1_763_700_000_000_000


@pytest.fixture
def nodes(records_url: str, records: RelationalRecords) -> Iterator[tuple[Projects, Projects]]:
    other = RelationalRecords(records_url)
    first, second = (Projects(store, FixedClock(NOW_US)) for store in (records, other))
    first.setup()
    second.setup()
    yield first, second
    other.close()


def test_a_revoked_key_stops_on_the_other_node(nodes: tuple[Projects, Projects]) -> None:
    first, second = nodes
    project = first.create("Shop", "shop.example")
    key, secret = first.create_key(project, "k")
    assert second.directory.find_grant(secret, NOW_US) is None
    assert second.follow() is True
    assert second.directory.find_grant(secret, NOW_US) is not None
    first.revoke_key(key.id)
    assert second.follow() is True
    assert second.directory.find_grant(secret, NOW_US) is None


def test_nothing_is_read_anew_when_nothing_changed(nodes: tuple[Projects, Projects]) -> None:
    first, second = nodes
    assert second.follow() is False
    first.create("Shop")
    assert second.follow() is True
    assert second.follow() is False


@pytest.mark.parametrize(
    "change",
    [
        lambda node, project: node.save_modules(project, [("utm", ModuleChange(False))]),
        lambda node, project: node.change(project, ProjectChange(name="Store")),
        lambda node, project: node.drop(project),
        lambda node, _: node.create("Another"),
    ],
)
def test_every_change_of_a_project_is_noticed(
    nodes: tuple[Projects, Projects], change: Callable[[Projects, object], object]
) -> None:
    first, second = nodes
    project = first.create("Shop", "shop.example")
    second.follow()
    change(first, project)
    assert second.follow() is True
    assert second.directory.entries() == first.directory.entries()


def test_nodes_that_switch_different_modules_keep_both(nodes: tuple[Projects, Projects]) -> None:
    first, second = nodes
    project = first.create("Shop")
    second.follow()
    first.save_modules(project, [("surveys", ModuleChange(True))])
    second.save_modules(project, [("heatmaps", ModuleChange(True))])
    first.follow()
    for node in nodes:
        entry = node.directory.find_number(project.number)
        assert entry is not None
        assert {"surveys", "heatmaps"} <= entry.writable_modules


def test_a_change_of_a_project_that_another_node_dropped_is_refused(
    nodes: tuple[Projects, Projects],
) -> None:
    first, second = nodes
    project = first.create("Shop")
    second.follow()
    first.drop(project)
    with pytest.raises(NotFoundError):
        second.change(project, ProjectChange(name="Store"))
