"""Errors in PulseGate's words: `{"error": "<sentence>"}`. Call sites raise; the sentence is chosen
here, the status in `http.status`."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    SerializationException,
    ValidationException,
)

from footfall.errors import (
    FootfallError,
    ForbiddenError,
    MissingCredentialError,
    NotConfiguredError,
    RateLimitedError,
    UnauthenticatedError,
)
from footfall.http.response import log_fault
from footfall.http.status import retry_after_s, status_of

KEY_REQUIRED = "API key required. Use Authorization: Bearer <key> or X-API-Key header."
KEY_INVALID = "Invalid API key"
FORBIDDEN = "Forbidden"
NOT_FOUND = "Not found"
METHOD_NOT_ALLOWED = "Method not allowed"
RATE_LIMITED = "Rate limit exceeded"
QUERY_FAILED = "Analytics query failed"
FAILED = "Internal server error"

PREFIX = "/analytics"


class ErrorBody(msgspec.Struct):
    """Every error."""

    error: str


def render_sentence(error: FootfallError) -> str:
    """Return the sentence of an error of ours; what is our own fault says nothing of it."""
    if isinstance(error, MissingCredentialError):
        return KEY_REQUIRED
    if isinstance(error, UnauthenticatedError):
        return KEY_INVALID
    if isinstance(error, ForbiddenError):
        # A reason is told where one was given; the bare class means the documented word.
        return FORBIDDEN if error.message == ForbiddenError.__doc__ else error.message
    if isinstance(error, RateLimitedError):
        return RATE_LIMITED
    return FAILED if status_of(error) == 500 else error.message


def render_problem(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorBody]:
    """Return the answer for an exception."""
    if isinstance(error, FootfallError):
        status, seconds = status_of(error), retry_after_s(error)
        headers = {} if seconds is None else {"retry-after": str(seconds)}
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        # What the operator did not set is no fault: whoever calls is told, the log is not.
        if status >= 500 and not isinstance(error, NotConfiguredError):
            log_fault(error)
        if status >= 500 and is_analytics(request.url.path):
            return Response(ErrorBody(QUERY_FAILED), status_code=status, headers=headers)
        return Response(ErrorBody(render_sentence(error)), status_code=status, headers=headers)
    if isinstance(error, ValidationException):
        return Response(ErrorBody(_render_validation(error)), status_code=400)
    if isinstance(error, HTTPException) and error.status_code < 500:
        words = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED}
        sentence = words.get(error.status_code, error.detail)
        if isinstance(error.__cause__, SerializationException):
            sentence = f"Invalid JSON body: {error.detail}"
        headers = dict(error.headers or {})
        return Response(ErrorBody(sentence), status_code=error.status_code, headers=headers)
    log_fault(error)
    sentence = QUERY_FAILED if is_analytics(request.url.path) else FAILED
    return Response(ErrorBody(sentence), status_code=500)


def _render_validation(error: ValidationException) -> str:
    """Return the first thing that was wrong; the library's own sentence quotes the request."""
    first = error.extra[0] if isinstance(error.extra, list) and error.extra else None
    if not isinstance(first, dict) or not first.get("message"):
        return error.detail
    key = str(first.get("key", ""))
    return f"{key}: {first['message']}" if key not in {"", "data"} else str(first["message"])


def is_analytics(path: str) -> bool:
    """Tell whether a path is one of the analytics."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")
