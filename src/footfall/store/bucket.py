"""Objects in a local folder or an S3 bucket, by way of `obstore`. Imported with the first object:
the library takes 5 MB of a server that may never keep one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, from_url

from footfall import errors


class ObstoreObjects:
    """Objects in whatever `obstore` reaches."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def save(self, name: str, data: bytes) -> None:
        """Keep `data` under the name, in whole or not at all; replaces what was there."""
        with _translated(name):
            obstore.put(self._store, name, data)

    def load(self, name: str) -> bytes:
        """Return what is kept under the name. Raises NotFoundError."""
        with _translated(name):
            return bytes(obstore.get(self._store, name).bytes())

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names in the folder `prefix` and below it, sorted."""
        with _translated(prefix):
            names = [
                str(found["path"])
                for batch in obstore.list(self._store, prefix.strip("/"))
                for found in batch
            ]
        yield from sorted(names)

    def remove(self, name: str) -> None:
        """Delete what is kept under the name; no error when there is nothing."""
        try:
            with _translated(name):
                obstore.delete(self._store, name)
        except errors.NotFoundError:
            return


def open_folder(folder: Path) -> ObstoreObjects:
    """Open a local folder, creating it when there is none."""
    return ObstoreObjects(LocalStore(folder, mkdir=True, automatic_cleanup=True))


def open_url(url: str) -> ObstoreObjects:
    """Open 's3://bucket/prefix' or 'memory://'. Raises ConfigError."""
    if url == "memory://":
        return ObstoreObjects(MemoryStore())
    try:
        return ObstoreObjects(from_url(url))
    except BaseError as error:
        raise errors.ConfigError(
            "FOOTFALL_OBJECTS_URL: cannot be opened; write s3://bucket/prefix"
        ) from error


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise errors.NotFoundError("Object", name) from error
    except (BaseError, OSError, ValueError) as error:
        raise errors.StoreError(f"The object store failed ({type(error).__name__}).") from error
