"""Leases: of several nodes that share their records, one does a task that must be done once.
A node that dies loses its lease by the clock; clocks of nodes may differ by less than the term."""

import uuid
from contextlib import suppress

from footfall.clock import Clock
from footfall.errors import ConflictError
from footfall.store.records import AtMost, Records


class Lease:
    """One node's claim to a task. Calls block."""

    def __init__(self, records: Records, clock: Clock, name: str, *, term_us: int) -> None:
        self._records = records
        self._clock = clock
        self._name = name
        self._term_us = term_us
        self._holder = uuid.uuid4().hex

    def take(self) -> bool:
        """Take or prolong the lease by its term; False while another node holds it."""
        now_us = self._clock.now_us()
        values = {"holder": self._holder, "until_us": now_us + self._term_us}
        with self._records.transaction() as t:
            if t.change("leases", {"name": self._name, "holder": self._holder}, values):
                return True
            # The second of two nodes waits for the first one's row and then finds it prolonged.
            if t.change("leases", {"name": self._name, "until_us": AtMost(now_us)}, values):
                return True
            if t.count("leases", {"name": self._name}):
                return False
            with suppress(ConflictError):
                t.add("leases", {"name": self._name, **values})
                return True
        return False

    def drop(self) -> None:
        """Give the lease back, so that another node need not wait for its end."""
        with self._records.transaction() as t:
            t.remove("leases", {"name": self._name, "holder": self._holder})
