"""The rest of the house for tests of the dashboard: two projects, an operator, a reader's key."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from litestar import Litestar

from footfall.clock import FixedClock
from footfall.dashboard.port import DashboardParts, DashboardUser, OpenShare, Peer
from footfall.dashboard.router import make_dashboard_router
from footfall.dashboard.survey_desk import SurveyDesk
from footfall.errors import NotFoundError
from footfall.model.time_range import to_us
from footfall.projects.module import MODULES, ModuleChange, ModuleState, default_state
from footfall.projects.project import Key, Project, Scope
from footfall.projects.register import Projects
from footfall.projects.server_key import Rotation
from footfall.projects.share import Share, ShareWish
from footfall.reports.definition import Funnels, Goals
from footfall.surveys.register import Surveys
from footfall.surveys.response import Responses
from tests.unit.dashboard.fake_reports import FakeReports
from tests.unit.projects.fake_records import FakeRecords

OPERATOR_TOKEN = "operator-token-of-the-tests"
READ_KEY = "pa_live_readerreaderreaderreade"
NOW_US = to_us(datetime(2026, 11, 19, 15, 40, tzinfo=UTC))
MADE_SERVER_KEY = "gmp_sk_madebytestsmadebytestsmadebytest"
MADE_KEY = "pa_live_madebytestsmadebytestsma"


def make_project(number: int, name: str, *, time_zone: str = "UTC") -> Project:
    slug = name.replace(".", "-")
    return Project(number, f"id-{number}", name, slug, name, time_zone, NOW_US, NOW_US)


class FakeHouse:
    """Accounts, projects, keys, live counter and peers in one."""

    def __init__(self) -> None:
        self.projects = [make_project(1, "acme.example"), make_project(2, "docs.acme.example")]
        self.revoked: set[str] = set()
        self.made: list[tuple[int, str, tuple[Scope, ...]]] = []
        self.live = 23
        self.server_keys = 0
        self.shares: list[Share] = []
        self.is_sharing = True
        self.now_us = NOW_US
        self.modules = {m.name: default_state(m) for m in MODULES}
        self.peer = Peer("198.51.100.7", "198.51.100.7", False, "", ())
        self.keys = [
            Key(1, "key-1", 1, "Website", "pa_live_xK9m...", ("ingest",), None, None, NOW_US),
            Key(2, "key-2", 1, "Reader", "pa_live_read...", ("query",), None, None, NOW_US, NOW_US),
        ]

    async def authenticate(self, secret: str) -> DashboardUser | None:
        subjects = {OPERATOR_TOKEN: "operator", READ_KEY: "key-2"}
        return await self.find(subjects.get(secret, ""))

    async def find(self, subject: str) -> DashboardUser | None:
        if subject == "operator":
            return DashboardUser("operator", "Operator", True, None)
        if subject == "key-2" and subject not in self.revoked:
            return DashboardUser("key-2", "Reader", False, frozenset({1}))
        return None

    async def list_projects(self) -> Sequence[Project]:
        return self.projects

    async def list_keys(self, project: int) -> Sequence[Key]:
        return [k for k in self.keys if k.project == project and k.id not in self.revoked]

    async def create_key(self, project: int, name: str, scopes: tuple[Scope, ...]) -> str:
        self.made.append((project, name, scopes))
        return MADE_KEY

    async def revoke_key(self, project: int, key_id: str) -> None:
        if not any(k.id == key_id and k.project == project for k in self.keys):
            raise NotFoundError("Key", key_id)
        self.revoked.add(key_id)

    async def rotate(self, project: int) -> Rotation:
        self.server_keys += 1
        ends_us = NOW_US + 24 * 3_600_000_000 if self.server_keys > 1 else None
        return Rotation(MADE_SERVER_KEY, ends_us)

    def count(self, project: int) -> int:
        return self.server_keys

    async def find_share(self, token: str) -> OpenShare | None:
        share = next((s for s in self.shares if s.token == token), None)
        if share is None or not self.is_sharing or not share.is_valid_at(self.now_us):
            return None
        return OpenShare(share, self.projects[share.project - 1], share.shown_modules)

    async def is_password(self, share: Share, password: str) -> bool:
        return password == share.password_hash

    async def list_shares(self, project: int) -> Sequence[Share]:
        return [s for s in self.shares if s.project == project]

    async def create_share(self, project: int, wish: ShareWish) -> Share:
        return self.add_share(project, wish)

    def add_share(self, project: int, wish: ShareWish) -> Share:
        number = len(self.shares) + 1
        share = Share(
            number,
            f"shr-{number}",
            project,
            wish.name,
            f"token-{number}",
            tuple(wish.modules),
            wish.password or None,
            tuple(wish.embed_origins),
            wish.expires_at_us,
            NOW_US,
        )
        self.shares.append(share)
        return share

    async def revoke_share(self, project: int, share_id: str) -> None:
        self.shares = [s for s in self.shares if (s.project, s.id) != (project, share_id)]

    async def is_sharing_on(self, project: int) -> bool:
        return self.is_sharing

    async def switch_sharing_on(self, project: int) -> None:
        self.is_sharing = True

    async def active_visitors(self, project: int) -> int:
        return self.live

    async def list_property_keys(self, project: int, event: str) -> Sequence[str]:
        return ["plan", "seats"]

    async def list_readable(self, project: int) -> frozenset[str]:
        return frozenset(n for n, s in self.modules.items() if s.is_readable)

    async def list_states(self, project: int) -> Mapping[str, ModuleState]:
        return self.modules

    async def save_state(self, project: int, name: str, change: ModuleChange) -> None:
        self.modules[name] = ModuleState(bool(change.is_enabled), change.access or "all")

    def read(self, scope: Mapping[str, Any]) -> Peer:
        return self.peer


def make_parts(house: FakeHouse, reports: FakeReports, clock: FixedClock) -> DashboardParts:
    records = FakeRecords()
    surveys = SurveyDesk(Surveys(records, clock), Responses(records), Projects(records, clock))
    return DashboardParts(
        reports=reports,
        projects=house,
        accounts=house,
        keys=house,
        server_keys=house,
        shares=house,
        live=house,
        peers=house,
        surveys=surveys,
        goals=Goals(records, clock),
        funnels=Funnels(records, clock),
        modules=house,
        clock=clock,
        session_secret=b"s" * 32,
        properties=house,
    )


def make_app(house: FakeHouse, reports: FakeReports, clock: FixedClock) -> Litestar:
    return Litestar([make_dashboard_router(make_parts(house, reports, clock))], openapi_config=None)
