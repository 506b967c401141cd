import ipaddress

import pytest

from footfall.http.client_address import ClientAddress
from tests.unit.http.asgi_call import make_scope

PROXY = ("10.0.0.1", 1)
TRUSTED = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "fd00::/8")]


def find(*forwarded: str, client: tuple[str, int] | None = PROXY) -> str:
    headers = [("X-Forwarded-For", value) for value in forwarded]
    scope = make_scope("/", headers=headers, client=client)
    addresses = ClientAddress(TRUSTED)
    address = addresses.find(scope)
    # A dictionary of the headers, which keeps only the last of several, changes nothing.
    assert addresses.find(scope, dict(scope["headers"])) == address
    return address


def test_believes_no_header_until_a_network_is_named() -> None:
    scope = make_scope("/", headers=[("X-Forwarded-For", "1.2.3.4")], client=PROXY)
    assert ClientAddress().find(scope) == "10.0.0.1"


def test_believes_no_header_of_an_unknown_peer() -> None:
    assert find("1.2.3.4", client=("198.51.100.1", 1)) == "198.51.100.1"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (["1.2.3.4"], "1.2.3.4"),
        (["6.6.6.6, 1.2.3.4, 10.0.0.7"], "1.2.3.4"),
        (["6.6.6.6", "1.2.3.4"], "1.2.3.4"),
        (["10.0.0.9, 10.0.0.8"], "10.0.0.9"),
        (["1.2.3.4:5678"], "1.2.3.4"),
        (["[2001:db8::1]:443"], "2001:db8::1"),
        (["2001:DB8::1"], "2001:db8::1"),
        (["::ffff:1.2.3.4"], "1.2.3.4"),
        (["6.6.6.6, unknown"], "10.0.0.1"),
        (["6.6.6.6, unknown, 10.0.0.5"], "10.0.0.5"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_takes_the_right_most_hop_that_is_not_trusted(forwarded: list[str], address: str) -> None:
    assert find(*forwarded) == address


def test_a_dual_stack_peer_is_trusted_like_its_ipv4_address() -> None:
    assert find("1.2.3.4", client=("::ffff:10.0.0.1", 1)) == "1.2.3.4"


def test_a_server_without_peer_knows_no_address() -> None:
    assert find("1.2.3.4", client=None) == ""
