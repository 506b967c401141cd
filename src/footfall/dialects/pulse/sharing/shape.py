"""What the routes of shared dashboards take and answer."""

import msgspec


class CreateShare(msgspec.Struct):
    """A link to make."""

    name: str | None = None
    """Default 'Shared Dashboard'."""
    modules: list[str] | None = None
    """What it shows; empty: the core modules."""
    password: str | None = None
    expires_at: str | None = None
    embed_origins: list[str] | None = None
    """Origins whose pages may frame it with ?embed=1, or '*'. Not in Pulse's document."""


class ShareBody(msgspec.Struct):
    """A link that opens the dashboard for reading."""

    id: str
    name: str
    token: str
    url: str
    modules: list[str]
    """Empty: the core modules."""
    password_protected: bool
    embed_origins: list[str]
    expires_at: str | None
    created_at: str


class ShareList(msgspec.Struct):
    """The links of a project, newest first."""

    data: list[ShareBody]
