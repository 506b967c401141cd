"""Passwords that people choose, kept as slow hashes: scrypt of the standard library, with its cost
in front, so that it can be raised without locking anybody out."""

import hashlib
import hmac
import secrets

from footfall.errors import InvalidInputError

PASSWORD_LIMIT = 200
"""Characters; longer ones are pasted by mistake."""

_N, _R, _P = 1 << 15, 8, 1
"""32 MB and about 60 ms: what RFC 7914 calls interactive, doubled."""

_MEMORY_BYTES = 128 * 1024 * 1024
_SALT_BYTES = 16
_SCHEME = "scrypt"


def hash_password(password: str) -> str:
    """Return what is stored of a password: 'scrypt$n$r$p$salt$hash'. Blocks for its cost.

    Raises InvalidInputError for an empty or overlong one.
    """
    if not 1 <= len(password) <= PASSWORD_LIMIT:
        raise InvalidInputError(
            f"password has {len(password)} characters; accepted are 1 to {PASSWORD_LIMIT}",
            field="password",
        )
    salt = secrets.token_bytes(_SALT_BYTES)
    derived = _derive(password, salt, (_N, _R, _P))
    return f"{_SCHEME}${_N}${_R}${_P}${salt.hex()}${derived.hex()}"


def is_password(password: str, stored: str) -> bool:
    """Tell whether a password is the one that was hashed. Blocks for its cost."""
    _, n, r, p, salt, expected = stored.split("$")
    if len(password) > PASSWORD_LIMIT:
        return False
    derived = _derive(password, bytes.fromhex(salt), (int(n), int(r), int(p)))
    return hmac.compare_digest(derived, bytes.fromhex(expected))


def _derive(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    # Lone surrogates are text in Python and none in UTF-8; a password may hold what it likes.
    raw = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(raw, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY_BYTES, dklen=32)
