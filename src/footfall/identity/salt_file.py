"""Salts in a file of the data folder, readable by its owner only. Written whole, then renamed:
a crash leaves the old file or the new one. It keeps no copy of what it replaces."""

import os
from pathlib import Path

import msgspec

from footfall.errors import StoreError
from footfall.identity.salt import SaltBox

_OWNER_ONLY = 0o600


class SaltFile:
    """A `SaltStore` on a local file, for example `<data>/salts.json`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> SaltBox | None:
        """Return the saved salts; None when there is no file.

        Raises StoreError when the file cannot be understood: drawing a new secret in silence
        would make every visitor known by an id of its own a stranger.
        """
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return msgspec.json.decode(data, type=SaltBox)
        except msgspec.DecodeError as error:
            raise StoreError(
                f"'{self._path.name}' is damaged; restore it from a backup, or remove it: then "
                "visitors known by an id of their own count as new"
            ) from error

    def save(self, box: SaltBox) -> None:
        """Replace the file in one step, mode 0600."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(box))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


class SaltMemory:
    """A `SaltStore` that ends with the process; for tests and for figures nobody keeps."""

    def __init__(self) -> None:
        self.saved: SaltBox | None = None

    def load(self) -> SaltBox | None:
        """Return what was saved in this process."""
        return self.saved

    def save(self, box: SaltBox) -> None:
        """Keep the salts in memory."""
        self.saved = box
