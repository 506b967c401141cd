"""Opens an access log, plain or gzip, and gives its lines one at a time with their numbers.
What a line means is not known here; a file is never held in memory whole."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, cast

from footfall.ingest.access_log import Damaged

MAX_LINE_BYTES = 64 * 1024
"""Web servers refuse requests far shorter; a longer line is a file that has lost its line ends."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its line end, or what stands in its place."""

    number: int
    content: bytes | Damaged


class AccessLogFile:
    """An open log. Use it in a `with` block."""

    def __init__(self, path: Path) -> None:
        """Open the file; gzip is recognised by its first two bytes. Raises OSError."""
        self._raw = path.open("rb")
        self.size_bytes = path.stat().st_size
        is_gzip = self._raw.read(2) == _GZIP_MAGIC
        self._raw.seek(0)
        self._file: BinaryIO = (
            cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=self._raw)))
            if is_gzip
            else self._raw
        )

    @property
    def position_bytes(self) -> int:
        """How far the file on disk has been read, of `size_bytes`."""
        return self._raw.tell()

    def lines(self) -> Iterator[Line]:
        """Give the lines in order, numbered from 1.

        A line over `MAX_LINE_BYTES` and a compressed file that ends too early or is broken give
        `Damaged` in the place of the line; after a broken compressed file nothing more comes.
        """
        number = 0
        while True:
            number += 1
            try:
                content = self._file.readline(MAX_LINE_BYTES + 2)
                is_long = len(content.rstrip(b"\r\n")) > MAX_LINE_BYTES
                while is_long and content and not content.endswith(b"\n"):
                    content = self._file.readline(MAX_LINE_BYTES)
            except (EOFError, gzip.BadGzipFile, zlib.error):
                yield Line(number, Damaged("the compressed file is broken or ends too early"))
                return
            if is_long:
                yield Line(number, Damaged(f"the line is longer than {MAX_LINE_BYTES} bytes"))
            elif not content:
                return
            else:
                yield Line(number, content.rstrip(b"\r\n"))

    def __enter__(self) -> "AccessLogFile":
        """Return the open log."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()
        self._raw.close()
