"""Credentials as they come in headers, and comparing them without telling how far they agreed."""

import hmac


def parse_bearer(header: str | None) -> str | None:
    """Return the token of an Authorization header; None when it carries no bearer token."""
    scheme, _, token = (header or "").strip().partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def is_same_secret(given: str | None, expected: str) -> bool:
    """Compare in constant time. An empty expectation is met by nothing: an unset credential
    closes a door, it never opens one."""
    if not given or not expected:
        return False
    return hmac.compare_digest(given.encode(), expected.encode())
