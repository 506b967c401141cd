"""Session ids that this server gives out: UUIDs that say, to nobody else, which project a session
belongs to and when it began. So a tab that was open before a restart, or that another node greeted,
is still known, and nothing has to be remembered for it."""

import secrets
import uuid
from dataclasses import dataclass
from hashlib import blake2b

from footfall.clock import US_PER_SECOND

_PROJECT_BITS = 20
"""A million projects; the sessions of later ones are like those of a stranger."""
_SECOND_BITS = 32
_RANDOM_BITS = 46
_MARK_BITS = 24
"""One in 16 million ids that are not ours is taken for one; it must then name a project, too."""

_PAYLOAD_BITS = _PROJECT_BITS + _SECOND_BITS + _RANDOM_BITS
_LOW_BITS, _MIDDLE_BITS = 62, 12
"""A UUID's free bits on both sides of its version and its variant (RFC 9562)."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Where and when a session began."""

    project: int
    second: int


class SessionIds:
    """Makes and reads session ids; the mark doubles as the initial value of the cipher (SIV)."""

    def __init__(self, secret: bytes) -> None:
        self._key = blake2b(b"pulsegate session", key=secret[:64], digest_size=32).digest()

    def make(self, project: int, now_us: int) -> str:
        """Return a new id for a session of a project that begins now."""
        if project >> _PROJECT_BITS:
            return str(uuid.uuid4())
        payload = project << _SECOND_BITS | now_us // US_PER_SECOND
        payload = payload << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        mark = self._derive(b"mark", payload, _MARK_BITS)
        cipher = payload ^ self._derive(b"mask", mark, _PAYLOAD_BITS)
        return str(_pack(mark << _PAYLOAD_BITS | cipher))

    def read(self, session_id: str) -> Begin | None:
        """Return where and when a session began; None for an id that is not ours."""
        try:
            bits = _unpack(uuid.UUID(session_id))
        except ValueError:
            return None
        mark, cipher = bits >> _PAYLOAD_BITS, bits & (1 << _PAYLOAD_BITS) - 1
        payload = cipher ^ self._derive(b"mask", mark, _PAYLOAD_BITS)
        if self._derive(b"mark", payload, _MARK_BITS) != mark:
            return None
        payload >>= _RANDOM_BITS
        return Begin(payload >> _SECOND_BITS, payload & (1 << _SECOND_BITS) - 1)

    def _derive(self, purpose: bytes, number: int, bits: int) -> int:
        data = purpose + number.to_bytes(16, "big")
        digest = blake2b(data, key=self._key, digest_size=16).digest()
        return int.from_bytes(digest, "big") >> (128 - bits)


def _pack(bits: int) -> uuid.UUID:
    low = bits & (1 << _LOW_BITS) - 1
    middle = bits >> _LOW_BITS & (1 << _MIDDLE_BITS) - 1
    high = bits >> (_LOW_BITS + _MIDDLE_BITS)
    return uuid.UUID(int=high << 80 | 4 << 76 | middle << 64 | 2 << 62 | low)


def _unpack(value: uuid.UUID) -> int:
    number = value.int
    high, middle = number >> 80, number >> 64 & (1 << _MIDDLE_BITS) - 1
    low = number & (1 << _LOW_BITS) - 1
    return (high << _MIDDLE_BITS | middle) << _LOW_BITS | low
