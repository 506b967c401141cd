"""What the pages need from the rest of the house, as small ports that `app` fills.
Nothing here knows how a key is stored or where an address comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from footfall.alerts.register import Alerts
from footfall.alerts.summary import Summaries
from footfall.clock import Clock
from footfall.dashboard.lead.desk import LeadDesk
from footfall.dashboard.retention_desk import RetentionDesk
from footfall.dashboard.survey_desk import SurveyDesk
from footfall.delivery.outbox import Outbox
from footfall.experiments.laboratory import Laboratory
from footfall.forms.register import FormRegister
from footfall.projects.module import ModuleChange, ModuleState
from footfall.projects.project import Key, Project, Scope
from footfall.projects.server_key import Rotation
from footfall.projects.share import Share, ShareWish
from footfall.replay.visit import RecordedVisits
from footfall.reports.definition import Funnels, Goals
from footfall.reports.port import Reports


@dataclass(frozen=True, slots=True)
class DashboardUser:
    """Who is signed in: the operator, or the holder of a key that may read one project."""

    subject: str
    """Stable and opaque; the cookie carries it. It ends with its secret: `find` then says None."""
    name: str
    """What the page calls them: 'Operator' or the key's name."""
    is_operator: bool
    projects: frozenset[int] | None
    """Numbers of the projects they may see; None: all."""
    modules: frozenset[str] | None = None
    """The only modules they may see; None: all."""
    sees_people: bool = False
    """Leads are theirs to see and to move."""

    def may_see(self, project: int) -> bool:
        """Tell whether this project is theirs to see."""
        return self.projects is None or project in self.projects


class Accounts(Protocol):
    """Turns a secret into a person, and a cookie's subject back into the same person."""

    async def authenticate(self, secret: str) -> DashboardUser | None:
        """Return who holds the secret (the admin token, or a valid key with scope query)."""
        ...

    async def find(self, subject: str) -> DashboardUser | None:
        """Return who the subject stands for now; None once the key is revoked or expired, or the
        admin token was replaced."""
        ...


class ProjectDirectory(Protocol):
    """Looks projects up."""

    async def list_projects(self) -> Sequence[Project]:
        """Return all projects, oldest first."""
        ...


class KeyDesk(Protocol):
    """Makes and ends keys. Only operators reach it."""

    async def list_keys(self, project: int) -> Sequence[Key]:
        """Return the keys of a project that are not revoked, newest first."""
        ...

    async def create_key(self, project: int, name: str, scopes: tuple[Scope, ...]) -> str:
        """Create a key and return its secret, which can be read only now."""
        ...

    async def revoke_key(self, project: int, key_id: str) -> None:
        """End a key of this project at once. Raises NotFoundError for any other."""
        ...


class ServerKeyDesk(Protocol):
    """Makes the keys of a project's own backend. Only operators reach it."""

    async def rotate(self, project: int) -> Rotation:
        """Make a new key; the one before it ends in a day."""
        ...

    def count(self, project: int) -> int:
        """Return how many keys open the project now."""
        ...


@dataclass(frozen=True, slots=True)
class OpenShare:
    """A shared link that opens a project now."""

    share: Share
    project: Project
    modules: frozenset[str]
    """What it shows."""


class ShareDesk(Protocol):
    """Finds, makes and ends shared links. Only operators reach more than the first two."""

    async def find_share(self, token: str) -> OpenShare | None:
        """Return what a link opens; None for one that is unknown, expired, revoked or switched
        off with its module."""
        ...

    async def is_password(self, share: Share, password: str) -> bool:
        """Tell whether this is the link's password."""
        ...

    async def list_shares(self, project: int) -> Sequence[Share]:
        """Return a project's links, newest first."""
        ...

    async def create_share(self, project: int, wish: ShareWish) -> Share:
        """Make a link. Raises InvalidInputError."""
        ...

    async def revoke_share(self, project: int, share_id: str) -> None:
        """Close a link of this project at once. Raises NotFoundError for any other."""
        ...

    async def is_sharing_on(self, project: int) -> bool:
        """Tell whether the project lets anybody share it."""
        ...

    async def switch_sharing_on(self, project: int) -> None:
        """Let the project be shared."""
        ...


class LiveReader(Protocol):
    """Who is there now."""

    async def active_visitors(self, project: int) -> int:
        """Return the distinct visitors of the last five minutes, bots left out."""
        ...


class PropertyReader(Protocol):
    """Which properties an event carries."""

    async def list_property_keys(self, project: int, event: str) -> Sequence[str]:
        """Return the names of properties seen on the event lately, most frequent first."""
        ...


@dataclass(frozen=True, slots=True)
class Peer:
    """A request as the server saw it."""

    address: str
    """The visitor's address after trusted proxies were peeled off."""
    connection: str
    """The address that opened the connection."""
    is_proxy_trusted: bool
    """True when the connection came from a trusted network."""
    forwarded: str
    """The X-Forwarded-For header as it arrived; '' for none."""
    trusted_networks: tuple[str, ...]


class PeerReader(Protocol):
    """Tells where a request came from; `http` stands behind it."""

    def read(self, scope: Mapping[str, Any]) -> Peer:
        """Return what an ASGI scope says of its sender."""
        ...


class ModuleDesk(Protocol):
    """Tells which modules of a project are on, and switches them."""

    async def list_readable(self, project: int) -> frozenset[str]:
        """Return the modules whose reports answer."""
        ...

    async def list_states(self, project: int) -> Mapping[str, ModuleState]:
        """Return the state of every module by its name."""
        ...

    async def save_state(self, project: int, name: str, change: ModuleChange) -> None:
        """Switch a module. Raises InvalidInputError for an unknown one. Only operators reach it."""
        ...


@dataclass(frozen=True, slots=True)
class AlertParts:
    """What the page of alerts works with. Calls block."""

    rules: Alerts
    summaries: Summaries
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class DashboardParts:
    """Everything the pages work with."""

    reports: Reports
    projects: ProjectDirectory
    accounts: Accounts
    keys: KeyDesk
    server_keys: ServerKeyDesk
    shares: ShareDesk
    live: LiveReader
    peers: PeerReader
    surveys: SurveyDesk
    goals: Goals
    """Its calls block, and so do those of `funnels`."""
    funnels: Funnels
    modules: ModuleDesk
    clock: Clock
    session_secret: bytes
    """At least 32 random bytes, kept in the data folder: cookies outlive a restart."""
    base_url: str = ""
    """How the world reaches us: 'https://stats.example'. '': as the request says."""
    properties: PropertyReader | None = None
    alerts: AlertParts | None = None
    laboratory: Laboratory | None = None
    forms: FormRegister | None = None
    retention: RetentionDesk | None = None
    leads: LeadDesk | None = None
    recorded_visits: RecordedVisits | None = None
