"""Visitors by how much speaks against them: who they say they are, and the highest score of any of
their signals. Bots are part of it, whatever the scope says of them."""

from dataclasses import dataclass, replace
from typing import Any

from footfall.errors import InvalidInputError
from footfall.reports.family import Desk
from footfall.reports.scope import Scope

LIMIT = 200
MOST_SCORE = 100
FEATURES = ("site", "device", "country", "os", "browser")
"""Columns whose distinct values are told of each visitor."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One visitor."""

    visitor: int
    score: int
    """The highest of its signals."""
    pageviews: int
    first_seen_us: int
    last_seen_us: int
    features: dict[str, tuple[str, ...]]
    """Distinct values by name of FEATURES, sorted; unknown ones left out."""


@dataclass(frozen=True, slots=True)
class SuspectQuestion:
    """Visitors of a score and more, highest first; ties by pageviews, then by visitor."""

    scope: Scope
    least_score: int = 25
    limit: int = 50
    visitors: tuple[int, ...] = ()
    """Set: only these, whatever their score."""

    def check(self) -> None:
        """Refuse scores and limits out of range. Raises InvalidInputError."""
        for field, value, least, most in (
            ("min_score", self.least_score, 0, MOST_SCORE),
            ("limit", self.limit, 1, LIMIT),
        ):
            if not least <= value <= most:
                raise InvalidInputError(
                    f"{field} is {value}; {least} to {most} are accepted", field=field
                )

    def run(self, desk: Desk) -> tuple[Suspect, ...]:
        """Return the visitors."""
        from footfall.reports.suspect_sql import make_features, make_suspects

        desk = replace(desk, scope=replace(desk.scope, bots="include"))
        rows = desk.ask(make_suspects(desk, self.least_score, self.limit, self.visitors))
        found: dict[int, dict[str, set[str]]] = {int(row[0]): {} for row in rows}
        if found:
            for visitor, *values in desk.ask(make_features(desk, tuple(found), FEATURES)):
                told = found[int(visitor)]
                for name, value in zip(FEATURES, values, strict=True):
                    if value:
                        told.setdefault(name, set()).add(str(value))
        return tuple(_read_suspect(row, found[int(row[0])]) for row in rows)


def _read_suspect(row: tuple[Any, ...], told: dict[str, set[str]]) -> Suspect:
    visitor, score, pageviews, first_us, last_us = row
    features = {name: tuple(sorted(told.get(name, ()))) for name in FEATURES}
    return Suspect(int(visitor), int(score), int(pageviews), int(first_us), int(last_us), features)
