"""Passwords as slow hashes: `pbkdf2$<rounds>$<salt>$<hash>`, SHA-256, salt and hash in hex."""

import hashlib
import hmac
import re
import secrets

ROUNDS = 600_000
"""OWASP's figure for PBKDF2 with SHA-256."""

MOST_ROUNDS = 10_000_000
PASSWORD_LIMIT = 1_024

_FORM = re.compile(r"pbkdf2\$(\d{1,8})\$([0-9a-fA-F]+)\$([0-9a-fA-F]{64})")


def hash_password(password: str) -> str:
    """Return the hash of a password, with a salt of its own; takes a quarter of a second."""
    salt = secrets.token_bytes(16)
    return f"pbkdf2${ROUNDS}${salt.hex()}${_digest(password, salt, ROUNDS).hex()}"


def is_hash(text: str) -> bool:
    """Tell whether a text has the form of a hash."""
    return _FORM.fullmatch(text) is not None


def is_password(given: str, kept: str) -> bool:
    """Tell whether a password belongs to a hash; nothing belongs to what is none."""
    form = _FORM.fullmatch(kept)
    if form is None or not given or len(given) > PASSWORD_LIMIT:
        return False
    rounds = int(form[1])
    if not 1 <= rounds <= MOST_ROUNDS or len(form[2]) % 2:
        return False
    return hmac.compare_digest(
        _digest(given, bytes.fromhex(form[2]), rounds), bytes.fromhex(form[3])
    )


def _digest(password: str, salt: bytes, rounds: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, rounds)
