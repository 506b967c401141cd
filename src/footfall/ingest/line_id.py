"""Gives each line of a log an id that depends on nothing but the line and how often the same line
came before in the file. A second import of the file, or of the file grown longer, finds the same
ids; equal lines inside one file stay separate."""

from array import array
from hashlib import blake2b

_HOUR_US = 3_600_000_000
_OPEN_HOURS = 48
"""Logs are nearly in order, so equal lines meet within an hour or two. 48 open hours cover files
merged from several zones; older hours are kept at 8 bytes a pageview and opened again on demand."""


class LineIds:
    """Numbers equal lines. Memory: 8 bytes for each line asked about, beside the open hours."""

    def __init__(self) -> None:
        self._open: dict[int, dict[int, int]] = {}
        self._sealed: dict[int, array[int]] = {}

    def take(self, line: bytes, ts_us: int) -> str:
        """Return the id of the next occurrence of this line, whose time is `ts_us`."""
        digest = blake2b(line, digest_size=16).digest()
        counts = self._hour(ts_us // _HOUR_US)
        key = int.from_bytes(digest[:8], "big", signed=True)
        seen = counts.get(key, 0)
        counts[key] = seen + 1
        return f"{digest.hex()}.{seen}"

    def _hour(self, hour: int) -> dict[int, int]:
        counts = self._open.pop(hour, None)
        if counts is None:
            counts = self._unseal(hour)
            if len(self._open) >= _OPEN_HOURS:
                self._seal(next(iter(self._open)))
        self._open[hour] = counts
        return counts

    def _seal(self, hour: int) -> None:
        counts = self._open.pop(hour)
        self._sealed[hour] = array(
            "q", sorted(key for key, seen in counts.items() for _ in range(seen))
        )

    def _unseal(self, hour: int) -> dict[int, int]:
        keys = self._sealed.pop(hour, None)
        counts: dict[int, int] = {}
        for key in keys or ():
            counts[key] = counts.get(key, 0) + 1
        return counts
