"""How a family of reports is offered: one route `POST /api/reports/<name>`, described by the types
of its body and of its answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from footfall.api.family.scope import ReportBody, ScopeBody
from footfall.api.saved import SavedDefinitions
from footfall.projects.project import Project
from footfall.reports.family import Question

Parse = Callable[[Any, Project, int], Question[Any]]
"""Takes the decoded body, the project and the present; may block; raises InvalidInputError and
NotFoundError."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family: from a body to a question, from its answer to a body."""

    name: str
    """The last part of the path."""
    title: str
    description: str
    body: type[ScopeBody]
    answer: type[ReportBody]
    parse: Parse | None
    """None: it looks something up, and the router is given its parser by the family's name."""
    render: Callable[[Any, Any, Project], ReportBody]
    """Takes the answer, its question and the project."""
    example: dict[str, Any]
    """A body that stands in the documentation; a test asks it."""
    fill: Callable[[Any, SavedDefinitions, Project], Any] | None = None
    """Set: puts saved definitions in the place of their ids, in what is this family's own; filters
    are filled for every family. It may block; raises NotFoundError."""

    @property
    def path(self) -> str:
        """The route."""
        return f"/api/reports/{self.name}"

    def make_decoder(self) -> msgspec.json.Decoder[ScopeBody]:
        """Return the decoder of bodies."""
        return msgspec.json.Decoder(self.body)
