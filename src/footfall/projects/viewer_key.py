"""Keys that show some pages of the analytics and never a person behind a lead: for those who run
campaigns. They are kept as hashes and shown once, when they are made."""

import json
import secrets
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from footfall.clock import Clock
from footfall.errors import InvalidInputError, NotFoundError
from footfall.projects.directory import SECRET_LIMIT, hash_secret
from footfall.store.records import Record, Records

MOST = 1_000
"""Keys at once: one for each person who may look, of whom a house has fewer."""

NAME_LIMIT = 200

_PREFIX = "pg_mkt_"
_BYTES = 24
_SHOWN = 12
"""Characters of a key that its list shows, to recognise it."""

_TABLE = "viewer_keys"


@dataclass(frozen=True, slots=True)
class ViewerKey:
    """A key and what it shows."""

    id: str
    name: str
    prefix: str
    pages: tuple[str, ...]
    created_at_us: int


class StoredViewerKeys:
    """Keeps the keys. Calls block, except `find_pages`: through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.Lock()
        self._pages: dict[str, tuple[str, ...]] = {}
        """By hash."""

    def setup(self) -> None:
        """Read what is stored, also what other nodes changed."""
        with self._records.transaction() as t:
            rows = t.find(_TABLE, {}, limit=MOST)
        self._pages = {row["hash"]: tuple(json.loads(row["pages"])) for row in rows}

    def find_pages(self, secret: str) -> tuple[str, ...] | None:
        """Return the pages a key lists; None for a key that opens nothing."""
        return self._pages.get(hash_secret(secret)) if len(secret) <= SECRET_LIMIT else None

    def list_keys(self) -> list[ViewerKey]:
        """Return the keys, oldest first."""
        with self._records.transaction() as t:
            return [_read(row) for row in t.find(_TABLE, {}, limit=MOST)]

    def create(
        self, name: str, pages: Sequence[str], known: Sequence[str]
    ) -> tuple[ViewerKey, str]:
        """Make a key that shows some of the `known` pages; returns it and its secret.

        Raises InvalidInputError.
        """
        name = name.strip()
        if not name or len(name) > NAME_LIMIT:
            raise InvalidInputError(
                f"name '{name[:40]}' has {len(name)} characters; accepted are 1 to {NAME_LIMIT}",
                field="name",
            )
        for page in pages:
            if page not in known:
                raise InvalidInputError(
                    f"page '{page[:40]}' is unknown; accepted are {', '.join(known)}",
                    field="pages",
                )
        if not pages:
            raise InvalidInputError("pages is empty; list what the key shows", field="pages")
        secret = _PREFIX + secrets.token_urlsafe(_BYTES)
        kept = tuple(page for page in known if page in pages)
        key = ViewerKey(
            str(uuid.uuid4()), name, f"{secret[:_SHOWN]}...", kept, self._clock.now_us()
        )
        with self._changing:
            with self._records.transaction() as t:
                if t.count(_TABLE, {}) >= MOST:
                    raise InvalidInputError(f"there are {MOST} keys already; delete some first")
                t.add(
                    _TABLE,
                    {
                        "id": key.id,
                        "name": name,
                        "hash": hash_secret(secret),
                        "prefix": key.prefix,
                        "pages": json.dumps(kept),
                        "created_at_us": key.created_at_us,
                    },
                )
            self.setup()
        return key, secret

    def remove(self, key_id: str) -> None:
        """Delete a key: it opens nothing from now on. Raises NotFoundError."""
        with self._changing:
            with self._records.transaction() as t:
                if not t.remove(_TABLE, {"id": key_id}):
                    raise NotFoundError("Key", key_id[:60])
            self.setup()


def _read(row: Record) -> ViewerKey:
    pages = tuple(json.loads(row["pages"]))
    return ViewerKey(row["id"], row["name"], row["prefix"], pages, row["created_at_us"])
