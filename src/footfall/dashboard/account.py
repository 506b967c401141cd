"""People and keys as the pages see them, over the register of projects and the operator's token.
It decides who may sign in; the register decides what a key is."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256

from footfall.clock import Clock
from footfall.dashboard.port import DashboardUser
from footfall.errors import NotFoundError
from footfall.http.auth import is_same_secret
from footfall.projects.module import CORE_MODULES
from footfall.projects.project import Key, Project, Scope
from footfall.projects.register import Projects

_OPERATOR = "operator:"
_KEY = "key:"


class ProjectAccounts:
    """Accounts, project directory and key desk in one, over `Projects`."""

    def __init__(self, projects: Projects, admin_token: str, clock: Clock) -> None:
        self._projects = projects
        self._admin_token = admin_token
        self._clock = clock
        # A token that was replaced ends the sessions that it opened.
        mark = sha256(b"footfall operator session:" + admin_token.encode()).hexdigest()[:16]
        self._operator = _OPERATOR + mark

    async def authenticate(self, secret: str) -> DashboardUser | None:
        """See Accounts."""
        if is_same_secret(secret, self._admin_token):
            return self._make_operator()
        grant = self._projects.directory.find_grant(secret, self._clock.now_us())
        return None if grant is None else _make_reader(grant.key)

    async def find(self, subject: str) -> DashboardUser | None:
        """See Accounts."""
        if subject.startswith(_OPERATOR):
            return self._make_operator() if is_same_secret(subject, self._operator) else None
        number, _, key_id = subject.removeprefix(_KEY).partition(":")
        entry = self._projects.directory.find_number(int(number)) if number.isdigit() else None
        if entry is None:
            return None
        for key in await asyncio.to_thread(self._projects.list_keys, entry.project):
            if key.id == key_id and key.is_valid_at(self._clock.now_us()):
                return _make_reader(key)
        return None

    async def list_projects(self) -> Sequence[Project]:
        """See ProjectDirectory."""
        return self._projects.list_projects()

    async def list_keys(self, project: int) -> Sequence[Key]:
        """See KeyDesk."""
        found = self._find_project(project)
        keys = await asyncio.to_thread(self._projects.list_keys, found)
        return sorted(keys, key=lambda key: (-key.created_at_us, -key.number))

    async def create_key(self, project: int, name: str, scopes: tuple[Scope, ...]) -> str:
        """See KeyDesk."""
        found = self._find_project(project)
        _, secret = await asyncio.to_thread(self._projects.create_key, found, name, scopes=scopes)
        return secret

    async def revoke_key(self, project: int, key_id: str) -> None:
        """See KeyDesk."""
        found = self._find_project(project)
        await asyncio.to_thread(self._projects.revoke_key, key_id, found)

    def _find_project(self, number: int) -> Project:
        entry = self._projects.directory.find_number(number)
        if entry is None:
            raise NotFoundError("Project", str(number))
        return entry.project

    def _make_operator(self) -> DashboardUser:
        return DashboardUser(self._operator, "Operator", True, None, sees_people=True)


def _make_reader(key: Key) -> DashboardUser | None:
    if not key.has_scope("query"):
        return None
    subject = f"{_KEY}{key.project}:{key.id}"
    limits = key.allowed_modules
    modules = None if limits is None else frozenset({*CORE_MODULES, *limits})
    sees_people = modules is None and key.has_scope("admin")
    return DashboardUser(
        subject, key.name, False, frozenset({key.project}), modules, sees_people=sees_people
    )
