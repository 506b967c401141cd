"""Brings sessions of the past back to mind. The pipeline remembers the sessions of the last day;
an import that goes on where an earlier one stopped must find the visits that were open there."""

import asyncio
from typing import Protocol

from footfall.identity.session import Attribution, SessionRegistry
from footfall.identity.snapshot import refill_sessions
from footfall.model.session import SESSION_TIMEOUT_US
from footfall.model.time_range import from_us
from footfall.store.warehouse import Rows


class Queries(Protocol):
    """The part of the warehouse that is asked."""

    def query(self, sql: str) -> Rows:
        """Run one SELECT."""
        ...


class SessionRecall:
    """Puts a project's stored sessions of a time into the registry."""

    def __init__(self, registry: SessionRegistry, warehouse: Queries) -> None:
        self._registry = registry
        self._warehouse = warehouse

    async def recall(self, project: int, first_us: int, last_us: int) -> int:
        """Take in the sessions that events between the two instants may belong to.

        Returns how many there are. Sessions that are in mind already stay as they are.
        """
        sql = _render_sql(project, first_us - SESSION_TIMEOUT_US, last_us + SESSION_TIMEOUT_US)
        rows = await asyncio.to_thread(self._warehouse.query, sql)
        return refill_sessions(self._registry, rows)


def _render_sql(project: int, first_us: int, last_us: int) -> str:
    """Both engines read a quoted instant as one of the column's own type."""
    names = ", ".join(
        f'"{name}"'
        for name in ("session", "visitor", "start", "end", *Attribution.__struct_fields__)
    )
    return (
        f"SELECT {names} FROM sessions WHERE project = {int(project)} "  # noqa: S608 - numbers only
        f"AND \"end\" >= '{_render_instant(first_us)}' "
        f"AND \"start\" <= '{_render_instant(last_us)}'"
    )


def _render_instant(us: int) -> str:
    return from_us(us).strftime("%Y-%m-%d %H:%M:%S.%f")
