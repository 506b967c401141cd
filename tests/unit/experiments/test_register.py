from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from footfall.clock import FixedClock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.experiments.experiment import Change, Variant
from footfall.experiments.register import Experiments
from footfall.experiments.status import PERMISSIVE, STRICT
from footfall.projects.register import Projects
from footfall.store.relational import RelationalRecords
from tests.unit.experiments.builder import NOW, make_plan


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[RelationalRecords]:
    store = RelationalRecords(f"sqlite:///{tmp_path / 'records.db'}")
    store.setup()
    yield store
    store.close()


@pytest.fixture
def project(records: RelationalRecords, clock: FixedClock) -> int:
    projects = Projects(records, clock)
    projects.setup()
    return projects.create("Shop").number


@pytest.fixture
def experiments(records: RelationalRecords, clock: FixedClock) -> Experiments:
    return Experiments(records, clock)


def test_a_created_experiment_reads_back_as_it_was_written(
    experiments: Experiments, project: int
) -> None:
    change = Change("h1", "style", "red", "color")
    variants = (
        Variant("", "Plain", 1.5),
        Variant("red", "Red", 3, changes=(change,), config='{"size":2}'),
    )
    made = experiments.create(
        project,
        make_plan(
            variants=variants, kind="css", target_url="/pay", url_match="exact", metric="buy"
        ),
    )
    assert experiments.find(project, made.id) == made
    assert made.control.name == "Plain"
    assert made.find_variant("red") == replace(variants[1])
    assert made.variants[0].id
    assert made.status == "draft"
    assert made.started_at_us is None


def test_the_first_variant_is_the_control_and_not_the_first_by_name(
    experiments: Experiments, project: int
) -> None:
    plan = make_plan(variants=(Variant("", "zebra", 1), Variant("", "ant", 1)))
    assert experiments.create(project, plan).control.name == "zebra"


def test_a_marked_control_stays_the_control(experiments: Experiments, project: int) -> None:
    plan = make_plan(variants=(Variant("", "a", 1), Variant("", "b", 1, is_control=True)))
    assert experiments.create(project, plan).control.name == "b"


@pytest.mark.parametrize("prefix", ["", "exp-"])
def test_an_id_is_found_with_and_without_its_prefix(
    experiments: Experiments, project: int, prefix: str
) -> None:
    made = experiments.create(project, make_plan())
    assert experiments.find(project, prefix + made.id) == made


def test_an_own_id_that_begins_like_the_prefix_is_found_as_it_is(
    experiments: Experiments, project: int
) -> None:
    own = experiments.create(project, make_plan(id="exp-hero"))
    assert experiments.find(project, "exp-hero") == own


def test_the_same_own_id_is_refused_in_one_project_only(
    experiments: Experiments, project: int, records: RelationalRecords, clock: FixedClock
) -> None:
    other = Projects(records, clock)
    other.reload()
    experiments.create(project, make_plan(id="hero"))
    with pytest.raises(ConflictError, match="hero"):
        experiments.create(project, make_plan(id="hero"))
    experiments.create(other.create("Other").number, make_plan(id="hero"))


def test_another_projects_experiment_is_not_found(experiments: Experiments, project: int) -> None:
    made = experiments.create(project, make_plan())
    with pytest.raises(NotFoundError, match=made.id):
        experiments.find(project + 1, made.id)


def test_it_starts_once_and_ends_once(
    experiments: Experiments, project: int, clock: FixedClock
) -> None:
    made = experiments.create(project, make_plan())
    times = []
    for status in ("running", "paused", "running", "completed"):
        clock.advance_s(60)
        now = experiments.change_status(project, made.id, status, STRICT)  # type: ignore[arg-type]
        times.append((now.started_at_us, now.ended_at_us))
    start, end = NOW + 60_000_000, NOW + 240_000_000
    assert times == [(start, None), (start, None), (start, None), (start, end)]
    clock.advance_s(60)
    archived = experiments.change_status(project, made.id, "archived", PERMISSIVE)
    assert archived.ended_at_us == end
    resumed = experiments.change_status(project, made.id, "running", PERMISSIVE)
    assert (resumed.started_at_us, resumed.ended_at_us) == (start, None)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ((), "paused"),
        ((), "completed"),
        (("running",), "draft"),
        (("running",), "running"),
        (("running", "paused"), "completed"),
        (("running", "completed"), "running"),
        ((), "archived"),
    ],
)
def test_the_strict_policy_refuses_every_other_step(
    experiments: Experiments, project: int, path: tuple[Any, ...], wanted: Any
) -> None:
    made = experiments.create(project, make_plan())
    for status in path:
        experiments.change_status(project, made.id, status, STRICT)
    with pytest.raises(InvalidInputError, match=f"cannot become '{wanted}'"):
        experiments.change_status(project, made.id, wanted, STRICT)


def test_running_experiments_are_known_without_the_store(
    experiments: Experiments, project: int, records: RelationalRecords, clock: FixedClock
) -> None:
    first = experiments.create(project, make_plan(status="running"))
    second = experiments.create(project, make_plan())
    second = experiments.change_status(project, second.id, "running", STRICT)
    assert experiments.list_running(project) == (first, second)
    other_node = Experiments(records, clock)
    other_node.reload()
    assert other_node.list_running(project) == (first, second)
    experiments.change_status(project, first.id, "paused", STRICT)
    assert experiments.list_running(project) == (second,)
    other_node.reload()
    assert other_node.list_running(project) == (second,)


def test_only_a_status_that_is_named_may_be_deleted(experiments: Experiments, project: int) -> None:
    made = experiments.create(project, make_plan(status="running"))
    with pytest.raises(InvalidInputError, match="running cannot be deleted"):
        experiments.remove(project, made.id, ("draft", "completed"))
    experiments.change_status(project, made.id, "completed", STRICT)
    experiments.remove(project, made.id, ("draft", "completed"))
    assert experiments.list_experiments(project) == []


def test_a_change_of_weights_keeps_the_history_once_it_has_started(
    experiments: Experiments, project: int, clock: FixedClock
) -> None:
    made = experiments.create(project, make_plan())
    made = experiments.change_split(project, made.id, weights={"blue": 3, "green": 1})
    assert len(made.splits) == 1
    experiments.change_status(project, made.id, "running", STRICT)
    clock.advance_s(60)
    made = experiments.change_split(project, made.id, weights={"green": 3}, traffic_percent=20)
    assert [s.weights for s in made.splits] == [(3, 1), (3, 3)]
    assert [s.traffic_percent for s in made.splits] == [100, 20]
    assert [v.weight for v in made.variants] == [3, 3]
    assert experiments.find(project, made.id) == made
    assert experiments.list_running(project) == (made,)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "  "}, "name '' has 0 characters; accepted are 1 to 256"),
        ({"variants": ()}, "0 variants; accepted are 1 to 20"),
        ({"variants": (Variant("", "a", 0),)}, "weight 0 of variant 'a' is not accepted"),
        ({"variants": (Variant("", "a", float("nan")),)}, "weight nan of variant 'a'"),
        ({"variants": (Variant("", "a", 1e308),)}, "weight 1e+308 of variant 'a'"),
        ({"variants": (Variant("", "a", 1), Variant("", "a", 1))}, "have the name 'a'"),
        ({"variants": (Variant("x", "a", 1), Variant("x", "b", 1))}, "have the id 'x'"),
        (
            {"variants": (Variant("", "a", 1, is_control=True), Variant("", "b", 1, True))},
            "'a', 'b' are all the control",
        ),
        ({"variants": (Variant("", "a", 1, config="{"),)}, "config of variant 'a' is no JSON"),
        ({"traffic_percent": 101}, "trafficPercentage 101 is out of range"),
        ({"kind": "video"}, "unknown type 'video'; accepted are copy, css, layout, flag"),
        ({"id": "a/b"}, "id 'a/b' is not accepted"),
        ({"url_match": "exact"}, "targetUrl '' cannot be matched by 'exact'"),
    ],
)
def test_a_bad_plan_is_refused_with_its_value(
    experiments: Experiments, project: int, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidInputError) as raised:
        experiments.create(project, make_plan(**given))
    assert sentence in raised.value.message
