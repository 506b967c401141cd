"""Text that strangers typed, as it may be shown: without characters that turn the direction of what
stands around them, move a cursor or hide. Escaping is the business of whatever shows it."""

import re
from typing import Final

MARK: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character was taken out, so that nobody takes the rest for what was typed."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates of direction (UAX 9); marks that right-to-left names need are
left alone."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def show_text(text: str) -> str:
    """Return a text with what turns or hides other text replaced by a mark."""
    return _TURNING.sub(MARK, _CONTROL.sub(MARK, text))


def show_line(text: str, most: int = 0) -> str:
    """Return a text as one line, cut to `most` characters where that is not 0."""
    line = " ".join(show_text(text).split())
    return f"{line[: most - 1]}…" if most and len(line) > most else line
