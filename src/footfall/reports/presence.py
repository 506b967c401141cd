"""Who is there just now: visits with a signal within the scope that nobody has ended."""

from dataclasses import dataclass

from footfall.reports.family import Desk
from footfall.reports.scope import Scope


@dataclass(frozen=True, slots=True)
class PresenceQuestion:
    """How many visits touch the scope and have not been ended by their sender."""

    scope: Scope

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> int:
        """Return the number of visits."""
        from footfall.reports.presence_sql import make_presence

        (row,) = desk.ask(make_presence(desk))
        return int(row[0])
