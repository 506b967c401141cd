"""Signatures of webhooks: HMAC-SHA256 over the raw body. Secrets are looked up when a call is made
and go nowhere else."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs the calls of one kind of sender."""

    header: str
    """The header that carries the signature."""
    find_secret: Callable[[str], str | None]
    """Gives the secret of a sender; None: its calls are not signed. Blocks. Raises NotFoundError
    when there is no such sender any more."""


def render_signature(secret: str, body: bytes) -> str:
    """Return the lower-case hexadecimal HMAC-SHA256 of a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
