"""The one verb that readers know."""

from typing import Protocol

from footfall.reports.query import Query, Result


class Reports(Protocol):
    """Answers queries. It sees everything acknowledged before the call."""

    async def run(self, query: Query) -> Result:
        """Answer one query.

        Raises InvalidInputError naming the field for an unknown metric, dimension, zone or limit,
        UnavailableError when what was acknowledged cannot be loaded within 30 s.
        """
        ...
