import pytest

from footfall.errors import InvalidInputError
from footfall.http.paging import Page, parse_page


def test_knows_defaults_and_the_cap() -> None:
    assert parse_page(None, None, default=10) == Page(10, 0)
    assert parse_page(5_000, 20, default=10) == Page(1_000, 20)


@pytest.mark.parametrize(("limit", "offset"), [(0, None), (-1, None), (None, -1), (None, 10**12)])
def test_refuses_pages_that_cannot_be(limit: int | None, offset: int | None) -> None:
    with pytest.raises(InvalidInputError, match="accepted are"):
        parse_page(limit, offset, default=10)
