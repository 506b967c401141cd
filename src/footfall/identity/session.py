"""Which session an event belongs to: 30 minutes without a signal end one, midnight does not.
Keeps spans and where they came from, nothing of who it was; memory is bounded."""

import secrets
from collections.abc import Iterator

import msgspec

from footfall.clock import US_PER_HOUR
from footfall.model.session import SESSION_TIMEOUT_US

SESSION_LIMIT = 200_000
"""Visitors kept at once, about 450 bytes each (90 MB). Beyond it the longest unseen go first:
at 200,000 visitors within a day only late events of the forgotten lose their session."""

_KEPT_US = 48 * US_PER_HOUR
"""Clocks are believed within ±24 h, so two events of one visitor lie at most 48 h apart."""

_COUNTER_BITS = 30


class Attribution(msgspec.Struct, gc=False):
    """Where a session came from: what its first event to arrive said. Every event carries it."""

    referrer: str = ""
    source: str = ""
    channel: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    click_id: str = ""
    entry_page: str = ""


class Visit(msgspec.Struct, gc=False):
    """One session in memory. `older` leads to the same visitor's session before it."""

    session: int
    start: int
    end: int
    older: "Visit | None" = None
    attribution: Attribution | None = None

    def is_nearer(self, other: "Visit", ts_us: int) -> bool:
        """Tell whether an instant that both reach belongs to this one: the nearest that started
        before it, else the first to start after it."""
        if self.start <= ts_us:
            return other.start > ts_us or self.start > other.start
        return other.start > ts_us and self.start < other.start


class SessionRegistry:
    """The sessions of the last day by visitor (or by an id that the sender gave)."""

    def __init__(self, limit: int = SESSION_LIMIT) -> None:
        # Two generations instead of a linked list: what is touched moves to the young one, and
        # when that is full the old one is dropped. A touch costs one look-up.
        self._half = max(1, limit // 2)
        self._young: dict[int, Visit] = {}
        self._old: dict[int, Visit] = {}
        self._young_links: dict[int, Visit] = {}
        self._old_links: dict[int, Visit] = {}
        self._base = secrets.randbits(33) << _COUNTER_BITS
        self._counter = 0

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def join(self, visitor: int, ts_us: int) -> Visit | None:
        """Return the visitor's session whose span, widened by 30 minutes on both sides, contains
        the instant, and stretch it to there; None when there is none.

        Of several the nearest that started before the instant. Sessions never merge.
        """
        visit = self._young.get(visitor)
        if visit is None:
            visit = self._take_old(visitor)
            if visit is None:
                return None
        if visit.start <= ts_us <= visit.end + SESSION_TIMEOUT_US:
            if ts_us > visit.end:
                visit.end = ts_us
            return visit
        found = _find_in_chain(visit, ts_us)
        if found is not None:
            found.start = min(found.start, ts_us)
            found.end = max(found.end, ts_us)
        return found

    def find(self, visitor: int, ts_us: int) -> Visit | None:
        """Return the session that `join` would return; changes nothing."""
        visit = self._young.get(visitor) or self._old.get(visitor)
        return None if visit is None else _find_in_chain(visit, ts_us)

    def start(self, visitor: int, ts_us: int) -> Visit:
        """Start a session of the visitor; call it when `join` found none."""
        self._counter += 1
        if self._counter >> _COUNTER_BITS:
            self._base = secrets.randbits(33) << _COUNTER_BITS
            self._counter = 1
        visit = Visit(self._base | self._counter, ts_us, ts_us, None)
        self._insert(visitor, visit)
        return visit

    def join_given(self, session: int, ts_us: int) -> Visit | None:
        """Return the session that the sender named and stretch it; None when it is not known."""
        visit = self._young.get(session) or self._take_old(session)
        if visit is not None:
            visit.start = min(visit.start, ts_us)
            visit.end = max(visit.end, ts_us)
        return visit

    def start_given(self, session: int, ts_us: int) -> Visit:
        """Start the session that the sender named."""
        visit = Visit(session, ts_us, ts_us, None)
        self._put(session, visit)
        return visit

    def link(self, visitor: int, visit: Visit) -> None:
        """Remember the session that the sender named as the visitor's newest."""
        if len(self._young_links) >= self._half:
            self._old_links, self._young_links = self._young_links, {}
        self._young_links[visitor] = visit

    def join_linked(self, visitor: int, ts_us: int) -> Visit | None:
        """Return the visitor's newest session of those that a sender named, and stretch it, for a
        signal that names none, such as one of the project's own server; None when it is out of
        reach."""
        visit = self._young_links.get(visitor) or self._old_links.get(visitor)
        if visit is None or _find_in_chain(visit, ts_us) is not visit:
            return None
        visit.start = min(visit.start, ts_us)
        visit.end = max(visit.end, ts_us)
        return visit

    def has_visitor(self, visitor: int) -> bool:
        """Tell whether any session of the visitor is kept."""
        return visitor in self._young or visitor in self._old

    def put_known(self, key: int, known: Visit) -> None:
        """Take in a session known from elsewhere (snapshot, warehouse); equal ids become one."""
        visit = self._young.get(key) or self._old.get(key)
        while visit is not None:
            if visit.session == known.session:
                visit.start = min(visit.start, known.start)
                visit.end = max(visit.end, known.end)
                return
            visit = visit.older
        self._insert(key, known)

    def visits(self) -> Iterator[tuple[int, Visit]]:
        """Yield (key, session) for everything kept, the longest untouched first."""
        for generation in (self._old, self._young):
            for key, head in generation.items():
                visit: Visit | None = head
                while visit is not None:
                    yield key, visit
                    visit = visit.older
        for links in (self._old_links, self._young_links):
            yield from links.items()

    def rotate(self) -> None:
        """Forget whom nobody touched since the last call; once a day keeps at least a day."""
        self._old, self._young = self._young, {}
        self._old_links, self._young_links = self._young_links, {}

    def _take_old(self, key: int) -> Visit | None:
        visit = self._old.pop(key, None)
        if visit is not None:
            self._put(key, visit)
        return visit

    def _put(self, key: int, visit: Visit) -> None:
        if len(self._young) >= self._half:
            self.rotate()
        self._young[key] = visit

    def _insert(self, key: int, visit: Visit) -> None:
        head = self._young.get(key) or self._take_old(key)
        if head is None:
            self._put(key, visit)
            return
        if visit.start >= head.start:
            visit.older = head
            self._young[key] = visit
            newest = visit
        else:
            newest = before = head
            while before.older is not None and before.older.start > visit.start:
                before = before.older
            visit.older = before.older
            before.older = visit
        _prune(newest)


class SessionBook:
    """Two registries: an import of years must not push out whom the live site is talking to."""

    def __init__(
        self, live: SessionRegistry | None = None, history: SessionRegistry | None = None
    ) -> None:
        self.live = SessionRegistry() if live is None else live
        self.history = SessionRegistry() if history is None else history
        """For trusted clocks: imports and generated history."""

    def rotate(self) -> None:
        """Forget whom nobody touched since the last call; once a day keeps at least a day."""
        self.live.rotate()
        self.history.rotate()


def _find_in_chain(head: Visit, ts_us: int) -> Visit | None:
    # Newest start first: the first that started by `ts_us` and reaches it is the nearest one.
    later: Visit | None = None
    visit: Visit | None = head
    while visit is not None:
        if visit.start <= ts_us:
            if ts_us <= visit.end + SESSION_TIMEOUT_US:
                return visit
            break
        if visit.start - SESSION_TIMEOUT_US <= ts_us:
            later = visit
        visit = visit.older
    return later


def _prune(newest: Visit) -> None:
    oldest_us = newest.start - _KEPT_US
    visit = newest
    while visit.older is not None:
        if visit.older.end < oldest_us:
            visit.older = None
            return
        visit = visit.older
