"""A survey as it is kept, and the states it can be in."""

from dataclasses import dataclass
from typing import Literal, get_args

from footfall.surveys.definition import Definition

Status = Literal["draft", "active", "paused", "completed", "archived"]
STATUSES: tuple[Status, ...] = get_args(Status)

EDITABLE: frozenset[Status] = frozenset({"draft", "paused"})
"""States in which a definition may change: nobody is answering it."""

ID_PREFIX = "srv-"


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey of a project."""

    number: int
    id: str
    """'srv-' and a UUID."""
    project: int
    status: Status
    definition: Definition
    created_at_us: int
    updated_at_us: int
    responses: int = 0
    """How many responses it has, half ones included."""

    @property
    def is_full(self) -> bool:
        """Tell whether it has all the responses it wanted."""
        limit = self.definition.response_limit
        return limit is not None and self.responses >= limit


def parse_survey_id(text: str) -> str:
    """Return an id with its prefix; the UUID alone is accepted as well."""
    return text if text.startswith(ID_PREFIX) else f"{ID_PREFIX}{text}"
