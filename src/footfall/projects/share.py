"""Shared links: who holds one sees a project's dashboard without signing in. Made, found and
revoked here; what a page then shows is decided by the dashboard."""

import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from footfall.clock import Clock
from footfall.errors import InvalidInputError, NotFoundError
from footfall.projects.module import CORE_MODULES, parse_module_names
from footfall.projects.password import hash_password
from footfall.projects.project import Project
from footfall.store.records import Record, Records

DEFAULT_NAME = "Shared Dashboard"
NAME_LIMIT = 200
TOKEN_BYTES = 18
"""144 random bits, as in a key: 24 characters that nobody guesses."""

SHARES_LIMIT = 1_000
"""Links of one project; a list that nobody reads to its end hides one that should be revoked."""

EMBED_LIMIT = 20
ANYWHERE = "*"
_ORIGIN = re.compile(r"https?://[a-z0-9_.-]{1,253}(?::[0-9]{1,5})?\Z")


@dataclass(frozen=True, slots=True)
class Share:
    """A link that opens a project's dashboard for reading."""

    number: int
    id: str
    """'shr-' and a UUID."""
    project: int
    name: str
    token: str
    modules: tuple[str, ...]
    """What was chosen; () for the core modules."""
    password_hash: str | None
    embed_origins: tuple[str, ...]
    """Where pages may frame it: origins, '*' for anywhere, () for nowhere."""
    expires_at_us: int | None
    created_at_us: int

    @property
    def shown_modules(self) -> frozenset[str]:
        """What the link shows, as far as the project has it on."""
        return frozenset(self.modules or CORE_MODULES)

    def is_valid_at(self, now_us: int) -> bool:
        """Tell whether the link opens anything at that instant."""
        return self.expires_at_us is None or now_us < self.expires_at_us


@dataclass(frozen=True, slots=True)
class ShareWish:
    """What somebody asks of a new link."""

    name: str = ""
    modules: Sequence[str] = ()
    """Names or aliases."""
    password: str = ""
    expires_at_us: int | None = None
    embed_origins: Sequence[str] = ()


class Shares:
    """Keeps shared links. Calls block: on the event loop, go through a thread. Every look-up goes
    to the store, so that a revoked link is closed on every node at once."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    def create(self, project: Project, wish: ShareWish) -> Share:
        """Make a link. Raises InvalidInputError that quotes what cannot be taken."""
        origins = tuple(dict.fromkeys(_parse_origin(o) for o in wish.embed_origins))
        now_us = self._clock.now_us()
        if len(origins) > EMBED_LIMIT:
            raise InvalidInputError(
                f"embed_origins holds {len(origins)}; accepted are {EMBED_LIMIT}",
                field="embed_origins",
            )
        if origins and wish.password:
            # Browsers keep cookies from framed pages of other sites: nobody could get in.
            raise InvalidInputError(
                "a link with a password cannot be embedded; leave out password or embed_origins",
                field="embed_origins",
            )
        if wish.expires_at_us is not None and wish.expires_at_us <= now_us:
            raise InvalidInputError(
                "expires_at is past; accepted is a time to come", field="expires_at"
            )
        modules = [m for name in wish.modules for m in parse_module_names(name)]
        record = {
            "id": f"shr-{uuid.uuid4()}",
            "project": project.number,
            "name": _parse_name(wish.name),
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "modules": ",".join(dict.fromkeys(modules)),
            "password_hash": hash_password(wish.password) if wish.password else None,
            "embed_origins": " ".join(origins),
            "expires_at_us": wish.expires_at_us,
            "created_at_us": now_us,
        }
        with self._records.transaction() as t:
            if t.count("shares", {"project": project.number}) >= SHARES_LIMIT:
                raise InvalidInputError(
                    f"the project has {SHARES_LIMIT} shared links; revoke one first", field="name"
                )
            number = t.add("shares", record)
        return _share(record | {"number": number})

    def list_shares(self, project: Project) -> list[Share]:
        """Return a project's links, newest first, expired ones too."""
        with self._records.transaction() as t:
            found = t.find("shares", {"project": project.number}, order="-number")
        return [_share(r) for r in found]

    def find_token(self, token: str) -> Share | None:
        """Return the link with this token, unless it has expired."""
        with self._records.transaction() as t:
            found = t.find("shares", {"token": token})
        share = _share(found[0]) if found else None
        return share if share and share.is_valid_at(self._clock.now_us()) else None

    def revoke(self, share_id: str, project: Project) -> None:
        """Close a link of this project at once. Raises NotFoundError."""
        full_id = share_id if share_id.startswith("shr-") else f"shr-{share_id}"
        with self._records.transaction() as t:
            if not t.remove("shares", {"id": full_id, "project": project.number}):
                raise NotFoundError("Shared dashboard", share_id)


def _share(record: Record) -> Share:
    modules, origins = record["modules"], record["embed_origins"]
    return Share(
        number=record["number"],
        id=record["id"],
        project=record["project"],
        name=record["name"],
        token=record["token"],
        modules=tuple(modules.split(",")) if modules else (),
        password_hash=record["password_hash"],
        embed_origins=tuple(origins.split()),
        expires_at_us=record["expires_at_us"],
        created_at_us=record["created_at_us"],
    )


def _parse_name(name: str) -> str:
    trimmed = name.strip() or DEFAULT_NAME
    if len(trimmed) > NAME_LIMIT:
        raise InvalidInputError(
            f"name '{trimmed[:40]}…' has {len(trimmed)} characters; accepted are {NAME_LIMIT}",
            field="name",
        )
    return trimmed


def _parse_origin(text: str) -> str:
    origin = text.strip().lower().rstrip("/")
    if origin != ANYWHERE and not _ORIGIN.match(origin):
        raise InvalidInputError(
            f"embed_origins holds '{text[:60]}'; accepted are origins such as "
            "https://intranet.example, or * for anywhere",
            field="embed_origins",
        )
    return origin
