"""Networks of hosting companies. An address found there speaks for a program, weakly: people
browse through machines they rent, too."""

import socket
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path


class HostingNetworks:
    """Ranges of addresses, looked up by bisection. The list is loaded with the first look-up."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.has = lru_cache(maxsize=16_384)(self._has)
        """`has(address)`: whether a hosting company has the address; False for what is none."""

    def forget(self) -> None:
        """Empty the cache of addresses."""
        self.has.cache_clear()

    def _has(self, address: str) -> bool:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            number = int.from_bytes(socket.inet_pton(family, address), "big")
        except OSError:
            return False
        starts, ends = _load(self._path)[family]
        at = bisect_right(starts, number) - 1
        return at >= 0 and number <= ends[at]


@lru_cache(maxsize=2)
def _load(path: Path | None) -> dict[int, tuple[Sequence[int], Sequence[int]]]:
    if path is None:
        text = (resources.files("footfall.bots") / "data/hosting.txt").read_text("ascii")
    else:
        text = path.read_text("ascii")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {
        socket.AF_INET: _parse_ranges(socket.AF_INET, (e for e in lines if ":" not in e)),
        socket.AF_INET6: _parse_ranges(socket.AF_INET6, (e for e in lines if ":" in e)),
    }


def _parse_ranges(family: int, lines: Iterable[str]) -> tuple[list[int], list[int]]:
    starts, ends = [], []
    for line in lines:
        start, _, end = line.partition("-")
        starts.append(int.from_bytes(socket.inet_pton(family, start), "big"))
        ends.append(int.from_bytes(socket.inet_pton(family, end), "big"))
    return starts, ends
