"""The real program with one fault built in, for tests that need it to break at a certain point:
`hold` never loads anything, `die` ends at once between a load's commit and the file's removal."""

import os
import sys
from collections.abc import Iterable

from footfall.cli.command import run_command
from footfall.ingest.loader import Loader
from footfall.ingest.spool import Closed, Spool


def hold(loader: Loader) -> None:
    """Load nothing."""


def die(spool: Spool, closed: Iterable[Closed]) -> None:
    """End the process the way a power cut does."""
    os._exit(9)


if __name__ == "__main__":
    if sys.argv[1] == "hold":
        Loader._load_all = hold  # type: ignore[method-assign]
    else:
        Spool.remove = die  # type: ignore[method-assign]
    sys.exit(run_command(["serve"]))
