"""What is remembered of sessions for events that do not repeat it. It may be forgotten: then an
event belongs to whoever it says, or to the address it came from."""

from collections import OrderedDict
from dataclasses import dataclass

SESSIONS_LIMIT = 50_000
"""Sessions whose visitor and page are remembered for events that do not repeat them, 25 MB."""

_PAGE_LIMIT = 512
"""Characters of a page that is remembered."""


@dataclass(slots=True)
class KnownSession:
    """Whose a session is, and where it was last seen."""

    visitor_id: str
    page: str


class KnownSessions:
    """Remembers whose a session is and where it was last seen; the longest silent go first."""

    def __init__(self, limit: int = SESSIONS_LIMIT) -> None:
        self._limit = limit
        self._known: OrderedDict[str, KnownSession] = OrderedDict()

    def find(self, session_id: str) -> KnownSession:
        """Return what is known, nothing for a stranger's session."""
        return self._known.get(session_id) or KnownSession("", "")

    def put(self, session_id: str, visitor_id: str, page: str) -> None:
        """Remember a session that begins."""
        self._known[session_id] = KnownSession(visitor_id, page[:_PAGE_LIMIT])
        if len(self._known) > self._limit:
            self._known.popitem(last=False)

    def move(self, session_id: str, page: str) -> None:
        """Remember where a session went; a stranger's is not taken up."""
        known = self._known.get(session_id)
        if known is not None:
            self._known.move_to_end(session_id)
            known.page = page[:_PAGE_LIMIT] or known.page
