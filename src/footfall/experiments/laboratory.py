"""What doors ask of experiments beyond keeping them: who gets which variant, and what came of it.
One object for all doors, so that the same experiment reads the same through each of them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from footfall.clock import Clock
from footfall.errors import InvalidInputError
from footfall.experiments.analysis import Analysis
from footfall.experiments.assignment import assign, has_moved
from footfall.experiments.experiment import Experiment, Variant
from footfall.experiments.exposure import make_exposure
from footfall.experiments.first import FirstQuestion
from footfall.experiments.register import ID_PREFIX, Experiments
from footfall.experiments.report import ExperimentQuestion, find_whole_range
from footfall.experiments.success import FindGoal, Success, find_success
from footfall.experiments.tally import Unit
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender
from footfall.model.time_range import TimeRange
from footfall.reports.port import Reports
from footfall.reports.scope import Scope

FindVisitor = Callable[[Sender, str], int]
"""Finds the visitor of a sender; the text is the visitor's own id, '' for none."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A visitor's variant of an experiment."""

    experiment: Experiment
    variant: Variant


@dataclass(frozen=True, slots=True)
class Laboratory:
    """Assigns visitors and analyses experiments."""

    experiments: Experiments
    intake: Intake
    reports: Reports
    clock: Clock
    find_visitor: FindVisitor
    find_goal: FindGoal

    async def assign(self, sender: Sender, reference: str, visitor_id: str = "") -> Assigned:
        """Return a visitor's variant of a running experiment and record the exposure; the same
        for every call of the same visitor, also after weights or traffic were changed. Who does
        not take part gets the control and leaves no trace.

        Raises NotFoundError, InvalidInputError when it is not running, UnavailableError.
        """
        experiment = await self._find_running(sender.project, reference)
        visitor = self.find_visitor(sender, visitor_id)
        key = visitor_id or str(visitor)
        variant = assign(experiment, key)
        if has_moved(experiment, key):
            variant = await self._find_first(experiment, visitor) or variant
        if variant is None:
            return Assigned(experiment, experiment.control)
        signal = make_exposure(experiment, variant, client_id=f"{experiment.id} {visitor:x}")
        signal.visitor_id = visitor_id
        await self.intake.take(sender, (signal,))
        return Assigned(experiment, variant)

    async def analyse(
        self, experiment: Experiment, span: TimeRange | None = None, *, unit: Unit = "visitor"
    ) -> Analysis:
        """Return the analysis of an experiment by its own metric, over all of its time or a part,
        without adjustment for earlier behaviour, which no door shows.

        Raises InvalidInputError, UnavailableError.
        """
        span = span or find_whole_range(experiment, self.clock.now_us())
        return await self.reports.ask(
            ExperimentQuestion(
                scope=Scope(experiment.project, span),
                experiment=experiment,
                successes=(await asyncio.to_thread(self.find_own_success, experiment),),
                unit=unit,
                is_adjusted=False,
            )
        )

    def find_own_success(self, experiment: Experiment) -> tuple[str, Success | None]:
        """Return what counts for an experiment, with its name. Blocks."""
        name = experiment.goal_id or experiment.metric or "conversion"
        return name, find_success(experiment, self.find_goal)

    async def _find_running(self, project: int, reference: str) -> Experiment:
        wanted = {reference, reference.removeprefix(ID_PREFIX)}
        for experiment in self.experiments.list_running(project):
            if experiment.id in wanted:
                return experiment
        experiment = await asyncio.to_thread(self.experiments.find, project, reference)
        if experiment.status == "running":
            return experiment  # another node has just started it
        raise InvalidInputError(
            f"experiment '{reference[:60]}' is {experiment.status}; visitors are assigned only "
            "while it is running",
            field="status",
        )

    async def _find_first(self, experiment: Experiment, visitor: int) -> Variant | None:
        span = find_whole_range(experiment, self.clock.now_us())
        question = FirstQuestion(
            Scope(experiment.project, span, bots="include"), experiment, visitor
        )
        return await self.reports.ask(question)
