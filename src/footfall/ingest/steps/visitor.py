"""Who it was, as a hash that nobody can undo after two days. A visitor whose session runs over
midnight keeps the hash it began with."""

from collections.abc import Callable
from functools import lru_cache

from footfall.clock import US_PER_DAY
from footfall.identity.session import SessionBook, SessionRegistry
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.agent import AGENT_LIMIT
from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Sender, Signal
from footfall.ingest.step import Step

HasDailyVisitors = Callable[[int], bool]
"""Whether a project number wants ids that senders give to last for a day. Called often: cheap."""

_GIVEN = "\0given"
"""Stands where a user agent stands, and is none: an id and an address never meet."""

_CACHED_VISITORS = 65_536
"""Hashes kept at hand, about 250 bytes each; computing one takes 1 µs more."""


class VisitorFinder:
    """Finds the visitor of a sender at an instant; forgets addresses when a salt is destroyed."""

    def __init__(self, hasher: VisitorHasher) -> None:
        self._hasher = hasher
        self._hash = lru_cache(maxsize=_CACHED_VISITORS)(self._hash_days)
        self.find_given: Callable[[int, str], int] = lru_cache(maxsize=_CACHED_VISITORS)(
            hasher.hash_given_visitor
        )

    def find(self, sender: Sender, ts_us: int, sessions: SessionRegistry) -> int:
        """Return the visitor: the hash of the event's UTC day, unless the session it belongs to
        began under the neighbouring day's hash."""
        own, before, after = self._hash(
            sender.project, sender.ip, sender.user_agent[:AGENT_LIMIT], ts_us // US_PER_DAY
        )
        has_visitor = sessions.has_visitor
        if not (before and has_visitor(before)) and not (after and has_visitor(after)):
            return own
        visitor, nearest = own, sessions.find(own, ts_us)
        for other in (before, after):
            visit = sessions.find(other, ts_us) if other else None
            if visit is not None and (nearest is None or visit.is_nearer(nearest, ts_us)):
                visitor, nearest = other, visit
        return visitor

    def find_daily(self, project: int, visitor_id: str, ts_us: int) -> int:
        """Return the visitor that an id is on the event's UTC day; the next day it is another,
        and nobody can tell that they were one."""
        return self._hash(project, visitor_id, _GIVEN, ts_us // US_PER_DAY)[0]

    def forget(self) -> None:
        """Empty the caches."""
        self._hash.cache_clear()

    def _hash_days(
        self, project: int, address: str, user_agent: str, day: int
    ) -> tuple[int, int, int]:
        own = self._hasher.hash_visitor(project, address, user_agent, day)
        before = self._hasher.find_visitor(project, address, user_agent, day - 1) or 0
        after = self._hasher.find_visitor(project, address, user_agent, day + 1) or 0
        return own, before, after


def put_visitor(
    finder: VisitorFinder, sessions: SessionBook, has_daily_visitors: HasDailyVisitors
) -> Step:
    """Return the step that puts the visitor: the sender's own id where it gives one."""
    find = finder.find
    find_given = finder.find_given
    live, history = sessions.live, sessions.history

    def put_visitor(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        visitor_id = signal.visitor_id
        if visitor_id and has_daily_visitors(sender.project):
            draft.visitor = finder.find_daily(sender.project, visitor_id, draft.ts)
        elif visitor_id:
            draft.visitor = find_given(sender.project, visitor_id)
        else:
            registry = history if sender.is_trusted_clock else live
            draft.visitor = find(sender, draft.ts, registry)
        return None

    return put_visitor
