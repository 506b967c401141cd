"""Errors in Echelon's words: `{"error": "<code>", "message": "<sentence>"}`. Call sites raise; the
code and the status are chosen here and in `http.status`."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from footfall.errors import (
    ConflictError,
    FootfallError,
    ForbiddenError,
    InvalidInputError,
    MissingFieldError,
    NotFoundError,
    TooLargeError,
    UnauthenticatedError,
)
from footfall.http.response import log_fault
from footfall.http.status import retry_after_s, status_of

CSRF = "CSRF validation failed — origin mismatch"
"""Stands alone, without a message [original]."""


class ErrorBody(msgspec.Struct, omit_defaults=True):
    """Every error."""

    error: str
    message: str = ""


class ReadOnlyError(ForbiddenError):
    """This instance is public and read-only."""

    code = "forbidden"


class RedactedError(ForbiddenError):
    """This is not shown in public mode."""

    code = "forbidden"


class CsrfError(ForbiddenError):
    """The request did not come from a page of this server."""

    code = "forbidden"


class InvalidTransitionError(InvalidInputError):
    """The status cannot follow the present one."""

    code = "invalid_input"


_CODES: tuple[tuple[type[FootfallError], str], ...] = (
    (ReadOnlyError, "read_only"),
    (RedactedError, "redacted"),
    (CsrfError, CSRF),
    (InvalidTransitionError, "invalid_transition"),
    (UnauthenticatedError, "unauthorized"),
    (NotFoundError, "not_found"),
    (ConflictError, "conflict"),
    (TooLargeError, "payload_too_large"),
)

_CODES_OF_FIELDS = {"id": "invalid_id", "site_id": "invalid_site_id", "experiment_id": "invalid_id"}

_ALONE = frozenset({CSRF, "unauthorized", "not_found", "redacted"})
"""Codes that need no sentence [original]."""


def render_body(error: FootfallError, *, is_query: bool) -> ErrorBody:
    """Return the body of an error of ours; `is_query`: of a request without a body."""
    for kind, code in _CODES:
        if isinstance(error, kind):
            return ErrorBody(code, "" if code in _ALONE else error.message)
    if isinstance(error, MissingFieldError) and is_query:
        return ErrorBody("missing_param", error.message)
    if isinstance(error, InvalidInputError):
        code = _CODES_OF_FIELDS.get(error.field or "", "invalid_payload")
        if is_query and code == "invalid_payload":
            code = "invalid_param"
        if isinstance(error, MissingFieldError):
            code = "invalid_payload"
        return ErrorBody(code, error.message)
    if status_of(error) < 500:
        return ErrorBody(error.code, error.message)
    return ErrorBody("internal", "The server cannot answer right now.")


def render_problem(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorBody]:
    """Return the answer for an exception."""
    is_query = request.method in {"GET", "HEAD", "DELETE"}
    if isinstance(error, FootfallError):
        status, seconds = status_of(error), retry_after_s(error)
        headers = {} if seconds is None else {"retry-after": str(seconds)}
        if status == 401:
            headers["www-authenticate"] = "Bearer"
        return Response(render_body(error, is_query=is_query), status_code=status, headers=headers)
    if isinstance(error, HTTPException) and error.status_code < 500:
        code = {404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}
        word = code.get(error.status_code, "invalid_param" if is_query else "invalid_payload")
        message = "" if word in _ALONE else error.detail
        headers = dict(error.headers or {})
        return Response(ErrorBody(word, message), status_code=error.status_code, headers=headers)
    log_fault(error)
    return Response(ErrorBody("internal", "Unexpected error."), status_code=500)
