from collections.abc import Iterator

import pytest

from footfall.errors import (
    FootfallError,
    NotFoundError,
    RateLimitedError,
    StoreError,
    UnavailableError,
)
from footfall.http.status import STATUS_OF_CODE, retry_after_s, status_of


def every_error(root: type[FootfallError]) -> Iterator[type[FootfallError]]:
    yield root
    for child in root.__subclasses__():
        yield from every_error(child)


def test_every_error_has_a_status_and_every_status_an_error() -> None:
    errors = (e for e in every_error(FootfallError) if e.__module__ == "footfall.errors")
    assert {error.code for error in errors} == set(STATUS_OF_CODE)


@pytest.mark.parametrize(
    ("error", "status", "seconds"),
    [
        (NotFoundError("Project", "x"), 404, None),
        (RateLimitedError(retry_after_s=1), 429, 1),
        (UnavailableError(retry_after_s=7), 503, 7),
        (StoreError(), 503, 5),
        (ValueError("ours"), 500, None),
    ],
)
def test_knows_the_status_and_when_to_come_back(
    error: Exception, status: int, seconds: int | None
) -> None:
    assert (status_of(error), retry_after_s(error)) == (status, seconds)
