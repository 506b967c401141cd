"""What one visitor was shown first. Asked only when a change of weights or traffic would give it
another variant than before."""

from dataclasses import dataclass

from footfall.experiments.experiment import Experiment, Variant
from footfall.reports.family import Desk
from footfall.reports.scope import Scope


@dataclass(frozen=True, slots=True)
class FirstQuestion:
    """Find the first exposure of a visitor to an experiment."""

    scope: Scope
    experiment: Experiment
    visitor: int

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> Variant | None:
        """Return the variant; None when it saw none."""
        from footfall.experiments.first_sql import make_first

        rows = desk.ask(make_first(desk, self.experiment.id, self.visitor))
        return self.experiment.find_variant(rows[0][0]) if rows else None
