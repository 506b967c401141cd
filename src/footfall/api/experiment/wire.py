"""An experiment in the words of our management calls: GradeMyPage's shape, with what the other
doors know of it beside. Unknown fields are refused."""

from typing import Annotated

import msgspec
from msgspec import Meta

NOTHING = msgspec.Raw(b"null")


class ChangeBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """One change of a page."""

    selector: str
    change_type: str
    value: str
    property: str = ""


class VariantBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True):
    """One variant; without a control the first is it."""

    name: str
    weight: float | int
    id: str = ""
    is_control: bool = False
    changes: list[ChangeBody] = msgspec.field(default_factory=list)
    config: Annotated[msgspec.Raw, Meta(description="Any JSON value.")] = NOTHING


class CreateExperimentBody(
    msgspec.Struct, rename="camel", forbid_unknown_fields=True, kw_only=True
):
    """An experiment or a flag to create."""

    name: str
    variants: list[VariantBody]
    id: str = ""
    description: str = ""
    type: str = ""
    target_url: str = ""
    url_match_type: str = "all"
    traffic_percentage: float | int = 100
    goal_id: str = ""
    metric: str = ""
    status: str = "draft"


class StatusBody(msgspec.Struct, forbid_unknown_fields=True):
    """The status to bring an experiment into."""

    status: str


class SplitBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """What to change of the split; what is absent stays."""

    traffic_percentage: float | int | None = None
    weights: Annotated[
        dict[str, float | int] | None, Meta(description="By id or name of the variant.")
    ] = None


class ExperimentBody(msgspec.Struct, rename="camel", kw_only=True):
    """An experiment or flag as it is kept."""

    id: str
    name: str
    description: str
    type: str
    status: str
    target_url: str
    url_match_type: str
    traffic_percentage: float | int
    goal_id: str
    metric: str
    variants: list[VariantBody]
    created_at: str
    started_at: str | None
    ended_at: str | None


class ExperimentListBody(msgspec.Struct):
    """The experiments and flags of a project, oldest first."""

    experiments: list[ExperimentBody]


class ErrorBody(msgspec.Struct):
    """Every error of the admin realm."""

    error: str
