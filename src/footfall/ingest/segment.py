"""Segment files on disk: how they are named, opened, and mended after a crash. A file is events,
one JSON object a line; what follows the last whole line was never acknowledged."""

import os
from pathlib import Path
from typing import Protocol

import msgspec

from footfall.store.warehouse import Segment

SUFFIX = ".ndjson"

_VIEW = b',"kind":"pageview"'
_HEAD_BYTES = 220
"""The kind stands within so many bytes of a line's begin: fields come in the order of the columns,
and before it are six numbers. Properties, which may hold anything, stand at its end."""


def count_views(lines: bytes) -> int:
    """Return how many of some events are pageviews."""
    views = 0
    for line in lines.split(b"\n"):
        if line.find(_VIEW, 0, _HEAD_BYTES) > 0:
            views += 1
    return views


class Files(Protocol):
    """The calls that reach the disk; a test puts failing ones here."""

    def create(self, path: Path) -> int:
        """Create a file that must not exist, and return its descriptor."""
        ...

    def write(self, fd: int, data: bytes | memoryview) -> int:
        """Append some of `data`; returns how many bytes were taken."""
        ...

    def sync(self, fd: int) -> None:
        """Return after the file's data is on disk."""
        ...

    def truncate(self, path: Path, size_bytes: int) -> None:
        """Cut the file off at `size_bytes`."""
        ...

    def close(self, fd: int) -> None:
        """Close the descriptor."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """Return after the names in the folder are on disk."""
        ...


class SystemFiles:
    """The operating system's calls."""

    def create(self, path: Path) -> int:
        """Create a file that must not exist, and return its descriptor."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        """Append some of `data`; returns how many bytes were taken."""
        return os.write(fd, data)

    def sync(self, fd: int) -> None:
        """Return after the file's data is on disk."""
        os.fdatasync(fd)

    def truncate(self, path: Path, size_bytes: int) -> None:
        """Cut the file off at `size_bytes`."""
        os.truncate(path, size_bytes)

    def close(self, fd: int) -> None:
        """Close the descriptor."""
        os.close(fd)

    def sync_folder(self, folder: Path) -> None:
        """Return after the names in the folder are on disk."""
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def load_segments(folder: Path) -> list[tuple[Segment, int, int]]:
    """Return what an earlier run left, oldest first, each with its size in bytes and its views.

    Cuts torn tails off and deletes files in which nothing whole is left.
    """
    found = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        data = path.read_bytes()
        size_bytes = find_whole_size(data)
        if size_bytes < len(data):
            _cut(path, size_bytes)
        if size_bytes:
            events = data.count(b"\n", 0, size_bytes)
            views = count_views(data[:size_bytes])
            found.append((Segment(path.stem, path, events), size_bytes, views))
        else:
            path.unlink()
    return found


def find_whole_size(data: bytes) -> int:
    """Return where the last whole line of a segment ends, 0 when there is none.

    A line is whole when a newline ends it and it is JSON: after a power cut a tail may have its
    length without its bytes.
    """
    end = data.rfind(b"\n") + 1
    while end:
        start = data.rfind(b"\n", 0, end - 1) + 1
        try:
            msgspec.json.decode(data[start : end - 1])
        except msgspec.DecodeError:
            end = start
        else:
            break
    return end


def _cut(path: Path, size_bytes: int) -> None:
    with path.open("r+b") as file:
        file.truncate(size_bytes)
        os.fsync(file.fileno())
