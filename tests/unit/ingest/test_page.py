"""URLs taken apart."""

import pytest

from footfall.ingest.page import NO_PAGE, Page, parse_host, parse_page


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("", NO_PAGE),
        ("/", Page("", "/")),
        ("/a/b?x=1&y", Page("", "/a/b", "x=1&y")),
        ("pricing", Page("", "/pricing")),
        ("https://Example.com", Page("example.com", "/")),
        ("https://user:pw@Example.com:8443/A?b#c", Page("example.com", "/A", "b")),
        ("https://[2001:db8::1]:80/x", Page("2001:db8::1", "/x")),
        ("//cdn", Page("", "//cdn")),
        ("https://e.com/#/cart", Page("e.com", "/#/cart")),
        ("https://e.com/#top", Page("e.com", "/")),
        ("/redirect/https://other.com/x", Page("", "/redirect/https://other.com/x")),
        ("/a?mc_eid=1&b=2&_hsenc=x", Page("", "/a", "b=2")),
        ("/a?gclid=secret", Page("", "/a", "", click_id="gclid")),
        ("/a?gclid=&fbclid=1", Page("", "/a", "", click_id="fbclid")),
        ("/a?UTM_Source=A+B%20C&utm_medium=email", Page("", "/a", "", "A B C", "email")),
        ("/a?utm_source=1&utm_source=2&utm_id=7", Page("", "/a", "", "1")),
        (
            "/a?utm_campaign=c&utm_content=d&utm_term=e",
            Page("", "/a", "", "", "", "c", "d", "e"),
        ),
    ],
)
def test_takes_a_url_apart(url: str, page: Page) -> None:
    assert parse_page(url) == page


def test_no_value_of_a_click_id_is_kept() -> None:
    assert "secret" not in repr(parse_page("https://e.com/?gclid=secret&msclkid=secret"))


@pytest.mark.parametrize(
    ("authority", "host"),
    [("a.b.", "a.b"), ("A.b:80", "a.b"), ("u@a.b", "a.b"), ("[::1]", "::1"), ("", "")],
)
def test_finds_the_host(authority: str, host: str) -> None:
    assert parse_host(authority) == host
