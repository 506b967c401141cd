"""Ids as PulseGate shows them: hashes of what a browser or the server gave [original]."""

import uuid
from hashlib import blake2b, sha256


def hash_visitor(fingerprint: str) -> str:
    """Return the visitor id of a fingerprint, hex [original]."""
    return sha256(f"visitor:{fingerprint}".encode("utf-8", "replace")).hexdigest()


def hash_device(user_agent: str, fingerprint: str) -> str:
    """Return the device id of a browser, hex [original]."""
    text = f"device:{user_agent}|{fingerprint}"
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def render_event_id(event_id: int) -> str:
    """Return the UUID that stands for an event."""
    number = event_id.to_bytes(8, "big", signed=True)
    return str(uuid.UUID(bytes=blake2b(number, digest_size=16).digest(), version=4))
