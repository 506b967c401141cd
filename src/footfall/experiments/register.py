"""Experiments of all projects: made, found, changed and removed here and nowhere else. Every
change is stored first and then shown in memory, where hot paths find what is running."""

import secrets
import threading
import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from footfall.clock import Clock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.experiments.experiment import Experiment, Plan, Split, Status, Variant
from footfall.experiments.plan import check_plan, check_traffic, check_weight
from footfall.experiments.split import lay_out, move_ranges
from footfall.experiments.status import Policy
from footfall.store.records import OneOf, Record, Records

TABLE = "experiments"

ID_PREFIX = "exp-"
"""Pulse writes it before an id; it is accepted everywhere and never stored."""

SALT_BYTES = 8

EXPERIMENT_LIMIT = 1_000
"""Experiments of a project: more than a person keeps apart, few enough to list at once."""

SPLIT_LIMIT = 50
"""Changes of weights or traffic of one experiment; with more it is no longer one experiment."""

_RUNNING_LIMIT = 100_000
"""Running experiments of all projects that are read at once."""

_ENDED: frozenset[Status] = frozenset({"completed", "archived"})

_VARIANTS = msgspec.json.Decoder(tuple[Variant, ...])
_SPLITS = msgspec.json.Decoder(tuple[Split, ...])


class Experiments:
    """Keeps experiments. Calls block, all but `list_running`: on the event loop, go through a
    thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.Lock()
        self._running: Mapping[int, tuple[Experiment, ...]] = {}

    def reload(self) -> None:
        """Read what is running anew: at the start, and to see what other nodes changed."""
        with self._changing:
            with self._records.transaction() as t:
                found = t.find(TABLE, {"status": "running"}, limit=_RUNNING_LIMIT)
            running: dict[int, tuple[Experiment, ...]] = {}
            for experiment in map(_read, found):
                before = running.get(experiment.project, ())
                running[experiment.project] = (*before, experiment)
            self._running = running

    def list_running(self, project: int) -> tuple[Experiment, ...]:
        """Return the running experiments of a project number from memory, oldest first."""
        return self._running.get(project, ())

    def create(self, project: int, plan: Plan) -> Experiment:
        """Create an experiment in the project with this number.

        Raises InvalidInputError, and ConflictError when its id is taken.
        """
        plan = check_plan(plan)
        now = self._clock.now_us()
        weights = tuple(variant.weight for variant in plan.variants)
        split = Split(now, plan.traffic_percent, weights, lay_out(weights))
        experiment = Experiment(
            number=0,
            project=project,
            id=plan.id or str(uuid.uuid4()),
            name=plan.name,
            description=plan.description,
            kind=plan.kind,
            status="draft",
            variants=plan.variants,
            goal_id=plan.goal_id,
            metric=plan.metric,
            target_url=plan.target_url,
            url_match=plan.url_match,
            salt=draw_salt(),
            splits=(split,),
            created_at_us=now,
            updated_at_us=now,
            started_at_us=None,
            ended_at_us=None,
        )
        experiment = _enter(experiment, plan.status, now)
        with self._changing:
            with self._records.transaction() as t:
                if t.count(TABLE, {"project": project}) >= EXPERIMENT_LIMIT:
                    raise ConflictError(
                        f"The project has {EXPERIMENT_LIMIT} experiments; delete one first."
                    )
                if plan.id and t.count(TABLE, {"project": project, "id": plan.id}):
                    raise ConflictError(f"Experiment '{plan.id}' exists already.")
                number = t.add(TABLE, _write(experiment))
            experiment = replace(experiment, number=number)
            self._show(experiment)
        return experiment

    def find(self, project: int, reference: str) -> Experiment:
        """Return the experiment with this id, with or without its prefix. Raises NotFoundError."""
        with self._records.transaction() as t:
            for experiment_id in dict.fromkeys((reference, reference.removeprefix(ID_PREFIX))):
                found = t.find(TABLE, {"project": project, "id": experiment_id}, limit=1)
                if found:
                    return _read(found[0])
        raise NotFoundError("Experiment", reference)

    def list_experiments(self, project: int, statuses: Collection[Status] = ()) -> list[Experiment]:
        """Return the experiments of a project, oldest first; with `statuses` only those."""
        where: dict[str, Any] = {"project": project}
        if statuses:
            where["status"] = OneOf(tuple(statuses))
        with self._records.transaction() as t:
            return [_read(record) for record in t.find(TABLE, where)]

    def change_status(
        self, project: int, reference: str, status: Status, policy: Policy
    ) -> Experiment:
        """Bring an experiment into a status that the policy allows.

        Raises NotFoundError, InvalidInputError.
        """
        with self._changing:
            experiment = self.find(project, reference)
            policy.check(experiment.status, status)
            return self._save(_enter(experiment, status, self._clock.now_us()))

    def change_split(
        self,
        project: int,
        reference: str,
        *,
        traffic_percent: float | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> Experiment:
        """Change who takes part and how variants share them; what is not named stays. Weights are
        by id or name of the variant. Visitors who saw a variant keep it.

        Raises NotFoundError, InvalidInputError.
        """
        with self._changing:
            experiment = self.find(project, reference)
            if experiment.status in _ENDED:
                raise InvalidInputError(
                    f"an experiment that is {experiment.status} has no traffic to change",
                    field="status",
                )
            if len(experiment.splits) >= SPLIT_LIMIT:
                raise InvalidInputError(
                    f"the split was changed {SPLIT_LIMIT - 1} times; start a new experiment",
                    field="weights",
                )
            return self._save(
                _resplit(experiment, traffic_percent, weights or {}, self._clock.now_us())
            )

    def remove(self, project: int, reference: str, allowed: Collection[Status]) -> None:
        """Delete an experiment whose status is among `allowed`; its exposures stay in the
        warehouse. Raises NotFoundError, InvalidInputError."""
        with self._changing:
            experiment = self.find(project, reference)
            if experiment.status not in allowed:
                raise InvalidInputError(
                    f"an experiment that is {experiment.status} cannot be deleted; "
                    f"accepted are {', '.join(allowed)}",
                    field="status",
                )
            with self._records.transaction() as t:
                t.remove(TABLE, {"number": experiment.number})
            self._hide(experiment)

    def _save(self, experiment: Experiment) -> Experiment:
        with self._records.transaction() as t:
            t.change(TABLE, {"number": experiment.number}, _write(experiment))
        self._show(experiment)
        return experiment

    def _show(self, experiment: Experiment) -> None:
        self._hide(experiment)
        if experiment.status == "running":
            others = self._running.get(experiment.project, ())
            mine = sorted((*others, experiment), key=lambda e: e.number)
            self._running = {**self._running, experiment.project: tuple(mine)}

    def _hide(self, experiment: Experiment) -> None:
        kept = tuple(
            e for e in self._running.get(experiment.project, ()) if e.number != experiment.number
        )
        self._running = {**self._running, experiment.project: kept}


def draw_salt() -> str:
    """Return a new salt: no two experiments share one."""
    return secrets.token_hex(SALT_BYTES)


def _enter(experiment: Experiment, status: Status, now_us: int) -> Experiment:
    """Return the experiment in a status: it starts once, and ends until it is resumed."""
    started, ended = experiment.started_at_us, experiment.ended_at_us
    if status == "running" and started is None:
        started = now_us
    if status not in _ENDED:
        ended = None
    elif ended is None:
        ended = now_us
    return replace(
        experiment, status=status, started_at_us=started, ended_at_us=ended, updated_at_us=now_us
    )


def _resplit(
    experiment: Experiment,
    traffic_percent: float | None,
    weights: Mapping[str, float],
    now_us: int,
) -> Experiment:
    if traffic_percent is None:
        traffic_percent = experiment.traffic_percent
    check_traffic(traffic_percent)
    by_id: dict[str, float] = {}
    for reference, weight in weights.items():
        variant = experiment.find_variant(reference)
        if variant is None:
            names = ", ".join(f"'{v.name}'" for v in experiment.variants)
            raise InvalidInputError(
                f"unknown variant '{reference[:40]}'; accepted are {names}", field="weights"
            )
        check_weight(weight, variant.name)
        by_id[variant.id] = weight
    variants = tuple(replace(v, weight=by_id.get(v.id, v.weight)) for v in experiment.variants)
    all_weights = tuple(v.weight for v in variants)
    split = Split(
        now_us, traffic_percent, all_weights, move_ranges(experiment.split.ranges, all_weights)
    )
    # Before the first visitor there is nobody to be told apart.
    history = experiment.splits if experiment.started_at_us is not None else ()
    return replace(experiment, variants=variants, splits=(*history, split), updated_at_us=now_us)


def _write(experiment: Experiment) -> dict[str, Any]:
    record = {
        name: getattr(experiment, name)
        for name in Experiment.__dataclass_fields__
        if name not in {"number", "variants", "splits"}
    }
    record["variants"] = msgspec.json.encode(experiment.variants).decode()
    record["splits"] = msgspec.json.encode(experiment.splits).decode()
    return record


def _read(record: Record) -> Experiment:
    return Experiment(
        **{
            **record,
            "variants": _VARIANTS.decode(record["variants"]),
            "splits": _SPLITS.decode(record["splits"]),
        }
    )
