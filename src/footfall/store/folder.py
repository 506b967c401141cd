"""The data folder: one owner at a time, private files written whole or not at all."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from footfall.errors import ConflictError


class DataFolder:
    """Everything that one Footfall keeps on local disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_fd: int | None = None

    def open(self) -> None:
        """Create the folder if there is none and become its only owner. What the process writes
        from now on is for its own user only.

        Raises ConflictError when another process owns it.
        """
        os.umask(0o077)
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            raise ConflictError(
                f"the data folder '{self.path}' is in use by another footfall process"
            ) from None
        self._lock_fd = fd

    def close(self) -> None:
        """Give the folder up."""
        if self._lock_fd is not None:
            os.close(self._lock_fd)
            self._lock_fd = None

    def save_private(self, name: str, content: bytes) -> None:
        """Write a file of mode 0600 that is either the old one or the new one, never half."""
        target = self.path / name
        draft = target.with_name(f".{target.name}.new")
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        draft.replace(target)
        directory = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def load_json(self, name: str) -> dict[str, Any]:
        """Return a JSON object kept under that name; {} when there is none."""
        try:
            value = json.loads((self.path / name).read_bytes())
        except FileNotFoundError:
            return {}
        return value if isinstance(value, dict) else {}

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        (self.path / name).unlink(missing_ok=True)
