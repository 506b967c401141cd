"""Reports that remember the queries and answer each from a table."""

from typing import Any

from footfall.reports.family import Question
from footfall.reports.query import Query, Result, Row, Value


class FakeReports:
    """Answers by the query's dimension ('' for none)."""

    def __init__(self) -> None:
        self.queries: list[Query] = []
        self.rows: dict[str, tuple[Row, ...]] = {}
        self.totals: tuple[Value, ...] = ()
        self.compare_totals: tuple[Value, ...] | None = None
        self.total_rows: int | None = None
        self.error: Exception | None = None

    async def run(self, query: Query) -> Result:
        if self.error is not None:
            raise self.error
        self.queries.append(query)
        rows = self.rows.get("".join(query.dimensions), ())
        totals = self.totals or (0,) * len(query.metrics)
        count = len(rows) if self.total_rows is None else self.total_rows
        return Result(query, rows, totals, count, self.compare_totals)

    async def ask(self, question: Question[Any]) -> Any:
        raise NotImplementedError(f"no answer to {question} is made up here")
