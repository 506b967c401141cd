"""Exceptions of the web framework and of the core as Pulse's error bodies. `app` uses it for
unknown paths under Pulse's prefixes too."""

import re
from typing import Any

from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    SerializationException,
    ValidationException,
)

from footfall.dialects.pulse.errors import render_sentence
from footfall.dialects.pulse.shape import ErrorBody
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.http.json_body import WORDS
from footfall.http.response import log_fault
from footfall.http.status import retry_after_s, status_of

_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_KIND = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`")

BODY = "data"
"""The name under which the framework hands over a body."""


def render_problem(request: Request[Any, Any, Any], error: Exception) -> Response[ErrorBody]:
    """Return the answer for an error: `{"error": "<sentence>"}`."""
    ours = _translate(request, error)
    if isinstance(ours, HTTPException):
        sentence = _render_http(request, ours)
        headers = dict(ours.headers or {})
        return Response(ErrorBody(sentence), status_code=ours.status_code, headers=headers)
    status = status_of(ours)
    if status == 500:
        log_fault(ours)
    sentence = render_sentence(ours, path=request.scope["path"], method=request.method)
    seconds = retry_after_s(ours)
    headers = {} if seconds is None else {"retry-after": str(seconds)}
    return Response(ErrorBody(sentence), status_code=status, headers=headers)


def _render_http(request: Request[Any, Any, Any], error: HTTPException) -> str:
    if error.status_code == 404:
        return f"There is no endpoint {request.scope['path'][:200]}."
    if error.status_code == 405:
        return f"Method {request.method} is not allowed here."
    if error.status_code == 413:
        return "The body is too large."
    return error.detail if error.status_code < 500 else "Internal server error."


def _translate(request: Request[Any, Any, Any], error: Exception) -> Exception:
    if isinstance(error, ValidationException):
        return _translate_validation(request, error)
    if isinstance(error, ClientException) and isinstance(error.__cause__, SerializationException):
        return InvalidInputError(f"it is not valid JSON: {error.detail}")
    return error


def _translate_validation(
    request: Request[Any, Any, Any], error: ValidationException
) -> InvalidInputError:
    extra = error.extra
    first: dict[str, Any] = extra[0] if isinstance(extra, list) and extra else {}
    message, key = str(first.get("message", "")), str(first.get("key", ""))
    missing = _MISSING.match(message)
    if missing and key not in {"", BODY}:
        return MissingFieldError(f"{key}.{missing['field']}")
    if missing:
        return MissingFieldError(missing["field"])
    if message == f"'{BODY}'":
        return InvalidInputError("it is empty; send a JSON object")
    kinds = _KIND.match(message)
    if kinds is None:
        return InvalidInputError(message or error.detail, field=key or None)
    accepted = " or ".join(WORDS.get(w, w) for w in kinds["expected"].split(" | ") if w != "null")
    if first.get("source") == "body":
        subject = "it" if key == BODY else f"field '{key}'"
        got = WORDS.get(kinds["got"], kinds["got"])
        return InvalidInputError(f"{subject} is {got}; accepted is {accepted}", field=key)
    given = str(request.query_params.get(key, ""))[:40]
    return InvalidInputError(f"{key} is '{given}'; accepted is {accepted}", field=key)
