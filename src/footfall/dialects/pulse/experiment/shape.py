"""What Pulse's routes of experiments take and answer."""

import msgspec


class VariantBody(msgspec.Struct):
    """One variant; weights should sum to 100, any sum is accepted."""

    name: str
    weight: float | int


class CreateExperiment(msgspec.Struct):
    """An experiment to create, as a draft."""

    name: str
    variants: list[VariantBody]
    description: str | None = None
    goal_id: str | None = None


class ChangeStatus(msgspec.Struct):
    """The status to bring an experiment into."""

    status: str


class AssignVisitor(msgspec.Struct):
    """The visitor to assign; without an id it is derived as for collected events."""

    visitor_id: str | None = None


class ExperimentLine(msgspec.Struct):
    """An experiment as lists show it."""

    id: str
    name: str
    status: str
    variants: int
    """How many."""
    created_at: str


class ExperimentList(msgspec.Struct):
    """The experiments of the project, oldest first."""

    data: list[ExperimentLine]


class CreatedExperiment(msgspec.Struct, kw_only=True):
    """A new experiment."""

    id: str
    name: str
    status: str
    variants: list[VariantBody]
    goal_id: str | None
    created_at: str


class ExperimentBody(CreatedExperiment, kw_only=True):
    """An experiment with everything."""

    description: str
    started_at: str | None
    ended_at: str | None


class VariantResult(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What came of one variant."""

    variant: str
    visitors: int
    """Assigned to it and to no other."""
    conversions: int
    """Visitors that reached the goal at or after their assignment."""
    conversion_rate: float
    """Percent of the visitors, two decimals."""
    revenue: float
    significance: str | None = None
    """Ours: what the sequential test, which may be looked at any time, says against the control:
    better, worse, undecided, too_early or broken; absent for the control."""


class Results(msgspec.Struct):
    """The results of an experiment."""

    experiment_id: str
    name: str
    status: str
    results: list[VariantResult]


class Assignment(msgspec.Struct):
    """The variant of a visitor."""

    experiment_id: str
    variant: str
