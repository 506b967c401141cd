"""Visitors: keyed 64-bit hashes that stand for a browser. The address that goes in does not come
out and is not kept; once the day's salt is destroyed nobody can compute the hash again."""

from hashlib import blake2b

from footfall.identity.salt import Salts

_VISITOR_BYTES = 8


class VisitorHasher:
    """Computes visitor and session ids from what a sender shows or gives."""

    def __init__(self, salts: Salts) -> None:
        self._salts = salts

    def hash_visitor(self, project: int, address: str, user_agent: str, day: int) -> int:
        """Return the visitor that an address and user agent are on a UTC day.

        blake2b with 8 bytes, keyed with the day's salt, over the three parts apart.
        """
        return _hash(self._salts.salt_of(day), f"{project}\0{address}\0{user_agent}")

    def find_visitor(self, project: int, address: str, user_agent: str, day: int) -> int | None:
        """Return the visitor of that day if the day's salt exists; draws no salt."""
        salt = self._salts.find_salt(day)
        return None if salt is None else _hash(salt, f"{project}\0{address}\0{user_agent}")

    def hash_given_visitor(self, project: int, visitor_id: str) -> int:
        """Return the visitor for an id that the sender's own dialect gave; the same for good."""
        return _hash(self._salts.secret, f"v\0{project}\0{visitor_id}")

    def hash_of_day(self, day: int, what: str, value: str) -> int:
        """Return a number that stands for a value on a UTC day; `what` tells apart values of
        different sorts. The next day it is another one."""
        return _hash(self._salts.salt_of(day), f"w\0{what}\0{value}")

    def hash_given_session(self, project: int, session_id: str) -> int:
        """Return the session for an id that the sender gave: negative, as ours are positive."""
        return -(_hash(self._salts.secret, f"s\0{project}\0{session_id}") & _POSITIVE) - 1


_POSITIVE = (1 << 63) - 1


def _hash(key: bytes, text: str) -> int:
    # Lone surrogates can come from a door's own decoding; they must not stop the event.
    data = text.encode("utf-8", "surrogatepass")
    digest = blake2b(data, digest_size=_VISITOR_BYTES, key=key).digest()
    return int.from_bytes(digest, "big", signed=True)
