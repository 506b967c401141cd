"""Which recordings a page lists, as its address says it."""

from dataclasses import dataclass

from footfall.clock import US_PER_SECOND
from footfall.dashboard.figure import render_duration
from footfall.dashboard.screen import Screen
from footfall.dashboard.state import View
from footfall.errors import InvalidInputError
from footfall.replay.recording import Wanted
from footfall.replay.visit import Taste

PER_PAGE = 25

LENGTHS_S = (10, 30, 60, 180, 600)
"""Shortest lengths to choose from."""

SCORES = (21, 46, 71)
"""Least engagement to choose from: where it is called warm, hot and very hot."""

_OFFSET_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody looks for."""

    visitor: str = ""
    longer_s: int = 0
    score: int = 0
    country: str = ""
    entry: str = ""
    offset: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether nothing is asked for."""
        return not (self.visitor or self.longer_s or self.taste != Taste())

    @property
    def taste(self) -> Taste:
        """What is asked of the figures of a visit."""
        return Taste(self.score, self.country, self.entry)

    def make_wanted(self, screen: Screen) -> Wanted:
        """Return what is asked of the recording itself, in the period of the page."""
        span = screen.period.range
        return Wanted(
            screen.project.number,
            span.start_us,
            span.end_us,
            self.visitor,
            self.longer_s * US_PER_SECOND,
            limit=PER_PAGE,
            offset=self.offset,
        )


def read_choice(view: View, offset: str) -> Choice:
    """Read what is looked for. Raises InvalidInputError that quotes what is no number."""
    return Choice(
        visitor=view.own_of("visitor").strip(),
        longer_s=_read_number("longer", view.own_of("longer")),
        score=_read_number("score", view.own_of("score")),
        country=view.own_of("land").strip().upper()[:2],
        entry=view.own_of("entry").strip(),
        offset=_read_number("offset", offset),
    )


def list_lengths() -> list[tuple[str, str]]:
    """Return the lengths to choose from, as values with words."""
    return [(str(s), f"{render_duration(s)} and longer") for s in LENGTHS_S]


def list_scores() -> list[tuple[str, str]]:
    """Return the scores to choose from, as values with words."""
    return [(str(n), f"{n} and more") for n in SCORES]


def _read_number(name: str, text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and int(text[:10]) <= _OFFSET_MOST):
        raise InvalidInputError(
            f"{name} is '{text[:40]}'; accepted are whole numbers from 0 to {_OFFSET_MOST}",
            field=name,
        )
    return int(text)
