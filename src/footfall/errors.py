"""The one tree of errors. A class carries a stable code and never an HTTP status:
`http.status` turns codes into statuses, each dialect turns them into its own words."""

from typing import ClassVar


class FootfallError(Exception):
    """Something went wrong in Footfall."""

    code: ClassVar[str] = "internal"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__ or self.code)

    @property
    def message(self) -> str:
        """The sentence for the caller; it quotes the bad value and says what is accepted."""
        return str(self.args[0])


class InvalidInputError(FootfallError):
    """The input cannot be understood."""

    code = "invalid_input"

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class MissingFieldError(InvalidInputError):
    """A required field is missing."""

    code = "missing_field"

    def __init__(self, field: str) -> None:
        super().__init__(f"missing required field '{field}'", field=field)


class TooLargeError(FootfallError):
    """The body is larger than this endpoint accepts."""

    code = "too_large"


class UnauthenticatedError(FootfallError):
    """No valid credential came with the request."""

    code = "unauthenticated"


class MissingCredentialError(UnauthenticatedError):
    """No credential came with the request."""

    code = "missing_credential"


class ForbiddenError(FootfallError):
    """The credential does not allow this."""

    code = "forbidden"


class NotFoundError(FootfallError):
    """There is no such thing."""

    code = "not_found"

    def __init__(self, noun: str, key: str) -> None:
        super().__init__(f"{noun} '{key}' not found.")
        self.noun = noun
        self.key = key


class ConflictError(FootfallError):
    """The change contradicts what is stored."""

    code = "conflict"


class RateLimitedError(FootfallError):
    """Too many requests."""

    code = "rate_limited"

    def __init__(self, message: str | None = None, *, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class UnavailableError(FootfallError):
    """Footfall cannot take this right now; try again later."""

    code = "unavailable"

    def __init__(self, message: str | None = None, *, retry_after_s: int = 5) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotConfiguredError(UnavailableError):
    """The operator has not set what this needs."""

    code = "not_configured"


class StoreError(FootfallError):
    """A store failed."""

    code = "store_failed"


class ConfigError(FootfallError):
    """The settings contradict each other; every problem is listed."""

    code = "config"
