"""The port to large things that are no rows: recordings and raw exports, each under a name.
A local folder or an S3 bucket stands behind it. It keeps bytes and knows nothing of them."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Protocol

from footfall import errors


class Objects(Protocol):
    """Keeps bytes under names such as 'replay/7/recording-1'. Calls block: on the event loop, go
    through a thread. Every verb raises StoreError when the store fails."""

    def save(self, name: str, data: bytes) -> None:
        """Keep `data` under the name, in whole or not at all; replaces what was there."""
        ...

    def load(self, name: str) -> bytes:
        """Return what is kept under the name. Raises NotFoundError."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names in the folder `prefix` and below it, sorted."""
        ...

    def remove(self, name: str) -> None:
        """Delete what is kept under the name; no error when there is nothing."""
        ...


class FolderObjects:
    """Objects in a local folder, which is opened with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _opened(self) -> Objects:
        from footfall.store.bucket import open_folder

        return open_folder(self._folder)

    def save(self, name: str, data: bytes) -> None:
        """Keep `data` under the name, in whole or not at all; replaces what was there."""
        self._opened.save(name, data)

    def load(self, name: str) -> bytes:
        """Return what is kept under the name. Raises NotFoundError."""
        return self._opened.load(name)

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names in the folder `prefix` and below it, sorted."""
        return self._opened.list(prefix)

    def remove(self, name: str) -> None:
        """Delete what is kept under the name; no error when there is nothing."""
        self._opened.remove(name)


def open_objects(url: str, folder: Path) -> Objects:
    """Open the store that the URL names: 's3://bucket/prefix', or '' for `folder`.

    Credentials and endpoint of S3 come from the usual AWS_ variables. Raises ConfigError for a
    URL of another kind.
    """
    if not url:
        return FolderObjects(folder)
    if url != "memory://" and not url.startswith("s3://"):
        scheme = url.partition(":")[0]
        raise errors.ConfigError(
            f"FOOTFALL_OBJECTS_URL: '{scheme}' is not understood; write s3://bucket/prefix"
        )
    from footfall.store.bucket import open_url

    return open_url(url)
