"""Errors in Pulse's words: always `{"error": "<sentence>"}`, with the documented sentences.
Call sites raise; the sentence and the status are chosen here and in `http.status`."""

import msgspec

from footfall.errors import (
    FootfallError,
    InvalidInputError,
    MissingCredentialError,
    UnauthenticatedError,
)
from footfall.http.asgi import Headers
from footfall.http.response import JSON, Answer, log_fault
from footfall.http.status import retry_after_s, status_of

MISSING_KEY = "Missing API key. Provide it via X-Pulse-Key header or ?key= query parameter."
INVALID_KEY = "Invalid API key."
UNAUTHORIZED = "Unauthorized"
INTERNAL = "Internal server error."

ADMIN_PREFIX = "/api/admin/"


def missing_scope(scope: str) -> str:
    """The sentence for a key without the scope that an endpoint needs."""
    return f"API key does not have the required '{scope}' scope for this endpoint."


def missing_module(module: str) -> str:
    """The sentence for a key that is limited to other modules."""
    return f"API key does not have access to module '{module}'"


def render_sentence(error: BaseException, *, path: str, method: str) -> str:
    """Return the sentence of an error on a path."""
    if isinstance(error, UnauthenticatedError):
        if path.startswith(ADMIN_PREFIX):
            return UNAUTHORIZED
        return MISSING_KEY if isinstance(error, MissingCredentialError) else INVALID_KEY
    if isinstance(error, InvalidInputError):
        if method in {"POST", "PUT", "PATCH"}:
            return _end(f"Invalid request body: {error.message}")
        return _end(f"Invalid request: {error.message}")
    status = status_of(error)
    if status == 503:
        return f"The server cannot take this right now. Retry after {retry_after_s(error)} seconds."
    if isinstance(error, FootfallError) and status < 500:
        return error.message
    return INTERNAL


def render_error(error: Exception, *, path: str, method: str, cors: Headers) -> Answer:
    """Return the whole answer for an error on a hot path; a fault of ours is logged."""
    status = status_of(error)
    if status == 500:
        log_fault(error)
    headers: Headers = (JSON, *cors)
    seconds = retry_after_s(error)
    if seconds is not None:
        headers += ((b"retry-after", str(seconds).encode()),)
    if status == 413:
        headers += ((b"connection", b"close"),)  # the rest of the body is not read
    sentence = render_sentence(error, path=path, method=method)
    return Answer(status, msgspec.json.encode({"error": sentence}), headers)


def _end(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."
