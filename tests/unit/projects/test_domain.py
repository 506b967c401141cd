import pytest

from footfall.errors import InvalidInputError
from footfall.projects.domain import hosts_of, parse_domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("app.example.com", "app.example.com"),
        (" HTTPS://Shop.Example/cart?x#y ", "shop.example"),
        ("localhost:3000", "localhost:3000"),
        ("shop.example.", "shop.example"),
        ("https://user:secret@shop.example:8443/", "shop.example:8443"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("192.0.2.7", "192.0.2.7"),
        ("http://[2001:db8::1]:80/", "[2001:db8::1]:80"),
        ("my_site.example", "my_site.example"),
    ],
)
def test_reads_domains_as_people_write_them(text: str, domain: str) -> None:
    assert parse_domain(text) == domain


@pytest.mark.parametrize(
    "text",
    ["", "a b", "-x.example", "x..y", "a.example:http", "a.example:99999", "[::zz]", "ü" * 80],
)
def test_refuses_what_no_browser_can_visit(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is no host name"):
        parse_domain(text)


def test_www_is_the_same_site() -> None:
    assert hosts_of("www.a.example:80") == hosts_of("a.example") == {"a.example", "www.a.example"}
    assert hosts_of("") == frozenset()
