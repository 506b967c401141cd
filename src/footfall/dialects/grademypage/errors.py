"""Errors in GradeMyPage's words: always `{"error": "<sentence>"}` [inferred]. Call sites raise; the
sentence is chosen here and the status in `http.status`."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from footfall.dialects.grademypage.wire import ErrorBody
from footfall.errors import FootfallError, InvalidInputError
from footfall.http.asgi import Headers
from footfall.http.response import JSON, Answer, log_fault
from footfall.http.status import METHOD_NOT_ALLOWED, retry_after_s, status_of

INTERNAL = "Internal server error."


def render_sentence(error: BaseException) -> str:
    """Return the sentence of an error."""
    status = status_of(error)
    if isinstance(error, InvalidInputError):
        sentence = f"Invalid request body: {error.message}"
        return sentence if sentence.endswith(".") else f"{sentence}."
    if status == 503:
        return f"The server cannot take this right now. Retry after {retry_after_s(error)} seconds."
    return error.message if isinstance(error, FootfallError) and status < 500 else INTERNAL


def render_error(error: Exception, cors: Headers) -> Answer:
    """Return the whole answer for an error on a hot path; a fault of ours is logged."""
    status = status_of(error)
    if status == 500:
        log_fault(error)
    headers: Headers = (JSON, *cors)
    seconds = retry_after_s(error)
    if seconds is not None:
        headers += ((b"retry-after", str(seconds).encode()),)
    if status == 401:
        headers += ((b"www-authenticate", b"Bearer"),)
    if status == 413:
        headers += ((b"connection", b"close"),)  # the rest of the body is not read
    return Answer(status, msgspec.json.encode(ErrorBody(render_sentence(error))), headers)


def refuse_method(method: str, allowed: str, cors: Headers) -> Answer:
    """Return the answer to a method that a path does not take; `allowed` as in 'GET, HEAD'."""
    sentence = f"Method {method} is not allowed here; send {allowed}."
    headers: Headers = (JSON, *cors, (b"allow", f"{allowed}, OPTIONS".encode()))
    return Answer(METHOD_NOT_ALLOWED, msgspec.json.encode(ErrorBody(sentence)), headers)


def render_problem(_request: Request[Any, Any, Any], error: Exception) -> Response[ErrorBody]:
    """Return the answer for an error on a route of the web framework."""
    if isinstance(error, HTTPException):
        sentence = error.detail if error.status_code < 500 else INTERNAL
        return Response(ErrorBody(sentence), status_code=error.status_code)
    status = status_of(error)
    if status == 500:
        log_fault(error)
    seconds = retry_after_s(error)
    headers = {} if seconds is None else {"retry-after": str(seconds)}
    return Response(ErrorBody(render_sentence(error)), status_code=status, headers=headers)
