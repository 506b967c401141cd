"""The one table from error codes to HTTP statuses. No route chooses a status for an error."""

from footfall.errors import FootfallError

STATUS_OF_CODE: dict[str, int] = {
    "invalid_input": 400,
    "missing_field": 400,
    "unauthenticated": 401,
    "missing_credential": 401,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "too_large": 413,
    "rate_limited": 429,
    "internal": 500,
    "config": 500,
    "store_failed": 503,
    "unavailable": 503,
    "not_configured": 503,
}

METHOD_NOT_ALLOWED = 405


def status_of(error: BaseException) -> int:
    """Return the status of an error; what is not ours is our fault: 500."""
    return STATUS_OF_CODE[error.code] if isinstance(error, FootfallError) else 500


def retry_after_s(error: BaseException) -> int | None:
    """Return the seconds after which a repetition may succeed, if the error says so."""
    seconds = getattr(error, "retry_after_s", None)
    if isinstance(seconds, int):
        return seconds
    return 5 if isinstance(error, FootfallError) and status_of(error) == 503 else None
