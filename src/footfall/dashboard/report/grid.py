"""The table that all reports are shown in: rows with a bar behind their name, and figures. It holds
texts; whoever fills it has rendered them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from footfall.dashboard.links import Choice


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure."""

    text: str
    tone: str = ""
    """'good', 'fair', 'bad' or 'soft'."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row."""

    name: str
    cells: tuple[Cell, ...]
    width: int = 0
    """Length of the bar, 0 to 100."""
    url: str = ""
    hint: str = ""
    """What a click does."""
    note: str = ""
    """A second, soft line below the name."""
    spark: str = ""
    """Points of a small curve, as `make_spark` writes them."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    noun: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    total: int = 0
    """Rows there are in all, shown or not."""
    has_spark: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure with its name, above everything else."""

    title: str
    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """A report that is facts and one table, which most are."""

    facts: tuple[Fact, ...]
    grid: Grid
    choices: tuple[Choice, ...] = field(default=())


SPARK_WIDTH, SPARK_HEIGHT = 96, 24


def make_spark(values: Sequence[float]) -> str:
    """Return the points of a curve in a box of SPARK_WIDTH by SPARK_HEIGHT; '' for fewer than two
    values."""
    if len(values) < 2:
        return ""
    highest = max(values) or 1
    step = SPARK_WIDTH / (len(values) - 1)
    height = SPARK_HEIGHT - 4
    places = ((n * step, 2 + height - v / highest * height) for n, v in enumerate(values))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def find_width(value: float, largest: float) -> int:
    """Return the length of a bar beside the largest, 0 to 100."""
    return min(100, round(value / largest * 100)) if largest else 0
