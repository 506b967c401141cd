import pytest

from footfall.http.auth import is_same_secret, parse_bearer


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Basic abc", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("", None),
        (None, None),
    ],
)
def test_reads_bearer_tokens(header: str | None, token: str | None) -> None:
    assert parse_bearer(header) == token


def test_compares_secrets() -> None:
    assert is_same_secret("é", "é")
    assert not is_same_secret("a", "b")


@pytest.mark.parametrize("given", ["", None, "x"])
def test_an_unset_secret_opens_nothing(given: str | None) -> None:
    assert not is_same_secret(given, "")
