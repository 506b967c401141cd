"""Projects and the keys that open them. Secrets are kept as hashes only."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["ingest", "query", "admin"]
"""What a key may do; admin implies the others."""

SCOPES: tuple[Scope, ...] = ("ingest", "query", "admin")


@dataclass(frozen=True, slots=True)
class Project:
    """What people call a site or an app: everything is counted within one project."""

    number: int
    """Small number, the `project` column of the warehouse."""
    id: str
    """UUID, what APIs show."""
    name: str
    slug: str
    domain: str
    time_zone: str
    created_at_us: int
    updated_at_us: int
    settings: str = "{}"
    """JSON object."""


@dataclass(frozen=True, slots=True)
class Key:
    """An API key of a project."""

    number: int
    id: str
    """'key-' and a UUID."""
    project: int
    name: str
    prefix: str
    """First 12 characters and '...', to recognise it."""
    scopes: tuple[Scope, ...]
    allowed_modules: tuple[str, ...] | None
    expires_at_us: int | None
    created_at_us: int
    last_used_at_us: int | None = None
    revoked_at_us: int | None = None

    def is_valid_at(self, now_us: int) -> bool:
        """Tell whether the key opens anything at that instant."""
        if self.revoked_at_us is not None:
            return False
        return self.expires_at_us is None or now_us < self.expires_at_us

    def has_scope(self, scope: Scope) -> bool:
        """Tell whether the key may do this."""
        return scope in self.scopes or "admin" in self.scopes
