"""The two verbs that readers know: metrics by dimensions, and the families of reports."""

from typing import Protocol, TypeVar

from footfall.reports.family import Question
from footfall.reports.query import Query, Result

T = TypeVar("T")


class Reports(Protocol):
    """Answers queries. It sees everything acknowledged before the call."""

    async def run(self, query: Query) -> Result:
        """Answer one query.

        Raises InvalidInputError naming the field for an unknown metric, dimension, zone or limit,
        UnavailableError when what was acknowledged cannot be loaded within 30 s.
        """
        ...

    async def ask(self, question: Question[T]) -> T:
        """Answer a question of a family: a funnel, a retention table …

        Raises like `run`.
        """
        ...
