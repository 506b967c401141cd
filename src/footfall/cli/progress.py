"""A progress bar in plain text: redrawn in place on a terminal, a line now and then elsewhere."""

import time
from typing import TextIO

_REDRAW_S = 0.1
_LINE_S = 10.0
"""In a log file, ten seconds between lines say that it lives without filling the file."""

_WIDTH = 30


class Progress:
    """Shows how much of a long job is done."""

    def __init__(self, out: TextIO, label: str) -> None:
        self._out = out
        self._label = label
        self._is_terminal = out.isatty()
        self._start_s = time.monotonic()
        self._shown_s = self._start_s if not self._is_terminal else 0.0

    def show(self, share: float, text: str) -> None:
        """Show the share done (0 to 1) and a few words, unless the last time was just now."""
        now_s = time.monotonic()
        if now_s - self._shown_s < (_REDRAW_S if self._is_terminal else _LINE_S):
            return
        self._shown_s = now_s
        self._draw(share, text)

    def end(self, text: str) -> None:
        """Show that all is done, and leave the line standing."""
        if self._is_terminal:
            self._draw(1.0, text)
            self._out.write("\n")
            self._out.flush()

    def _draw(self, share: float, text: str) -> None:
        share = min(max(share, 0.0), 1.0)
        if self._is_terminal:
            full = round(share * _WIDTH)
            bar = "█" * full + "░" * (_WIDTH - full)
            self._out.write(f"\r\x1b[K{self._label} {bar} {share:4.0%}  {text}{self._rest(share)}")
        else:
            self._out.write(f"{self._label} {share:.0%}  {text}\n")
        self._out.flush()

    def _rest(self, share: float) -> str:
        spent_s = time.monotonic() - self._start_s
        if not 0.02 < share < 1 or spent_s < 2:
            return ""
        rest_s = round(spent_s / share - spent_s)
        return f"  {rest_s // 60}:{rest_s % 60:02} left"
