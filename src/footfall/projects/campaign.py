"""Registered campaigns: made, found, changed and removed here, and held in memory for the hot
path. Their tags are those of the events; this only says which of them are meant."""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from footfall.clock import Clock
from footfall.errors import InvalidInputError, NotFoundError
from footfall.store.records import Record, Records

Status = Literal["active", "paused", "archived"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)

ID_LIMIT = 128
TEXT_LIMIT = 256

_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_TABLE = "campaigns"


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign of one site."""

    id: str
    project: int
    site: str
    name: str
    utm_campaign: str
    status: Status
    created_at_us: int


class Campaigns:
    """Keeps registered campaigns. Calls block, except `is_recorded`: through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.Lock()
        self._active: frozenset[tuple[int, str, str]] = frozenset()

    def setup(self) -> None:
        """Read what is stored."""
        self._show(self.list_campaigns())

    def is_recorded(self, project: int, site: str, campaign: str) -> bool:
        """Tell whether a campaign is registered and active on a site."""
        return (project, site, campaign) in self._active

    def list_campaigns(self, *, limit: int = 10_000) -> list[Campaign]:
        """Return all campaigns, newest first."""
        with self._records.transaction() as t:
            return [_read(r) for r in t.find(_TABLE, {}, order="-number", limit=limit)]

    def find(self, campaign_id: str) -> Campaign:
        """Return a campaign. Raises NotFoundError."""
        with self._records.transaction() as t:
            found = t.find(_TABLE, {"id": campaign_id})
        if not found:
            raise NotFoundError("Campaign", campaign_id)
        return _read(found[0])

    def create(
        self, project: int, campaign_id: str, *, name: str, utm_campaign: str, site: str
    ) -> Campaign:
        """Register a campaign, active at once.

        Raises InvalidInputError naming the field, ConflictError when the id, or the campaign on
        this site, is registered already.
        """
        if not _ID.fullmatch(campaign_id):
            raise InvalidInputError(
                f"id '{campaign_id[:40]}' must be 1 to {ID_LIMIT} letters, digits, '.', '_' or '-'",
                field="id",
            )
        for field, text in (("name", name), ("utm_campaign", utm_campaign)):
            if not 1 <= len(text) <= TEXT_LIMIT:
                raise InvalidInputError(
                    f"{field} '{text[:40]}' has {len(text)} characters;"
                    f" accepted are 1 to {TEXT_LIMIT}",
                    field=field,
                )
        record = {
            "id": campaign_id,
            "project": project,
            "site": site,
            "name": name,
            "utm_campaign": utm_campaign,
            "status": "active",
            "created_at_us": self._clock.now_us(),
        }
        with self._changing:
            with self._records.transaction() as t:
                t.add(_TABLE, record)
            self.setup()
        return _read(record)

    def change_status(self, campaign_id: str, status: str) -> Campaign:
        """Change a campaign's status. Raises InvalidInputError, NotFoundError."""
        if status not in STATUSES:
            raise InvalidInputError(
                f"status is '{status[:40]}'; accepted are {', '.join(STATUSES)}", field="status"
            )
        with self._changing:
            with self._records.transaction() as t:
                changed = t.change(_TABLE, {"id": campaign_id}, {"status": status})
            if not changed:
                raise NotFoundError("Campaign", campaign_id)
            self.setup()
        return self.find(campaign_id)

    def remove(self, campaign_id: str) -> None:
        """Forget a campaign; its events stay. Raises NotFoundError."""
        with self._changing:
            with self._records.transaction() as t:
                removed = t.remove(_TABLE, {"id": campaign_id})
            if not removed:
                raise NotFoundError("Campaign", campaign_id)
            self.setup()

    def _show(self, campaigns: Iterable[Campaign]) -> None:
        self._active = frozenset(
            (c.project, c.site, c.utm_campaign) for c in campaigns if c.status == "active"
        )


def _read(record: Record) -> Campaign:
    return Campaign(**{k: v for k, v in record.items() if k != "number"})
