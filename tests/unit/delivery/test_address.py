"""What outgoing calls may reach: a table of ways to write an address that is not public."""

import ipaddress

import pytest

from footfall.delivery.address import Rule, is_public, parse_url
from footfall.errors import InvalidInputError

PRIVATE = (
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.2.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:c0a8:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)

PUBLIC = ("8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")


@pytest.mark.parametrize("text", PRIVATE)
def test_address_that_is_not_public_is_refused(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    assert not Rule().allows(text)
    assert Rule(allows_private=True).allows(text)


@pytest.mark.parametrize("text", PUBLIC)
def test_public_address_is_allowed(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0177.0.0.1/x",
        "https://0x7f000001/x",
        "https://0x7f.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]:8443/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00:ec2::254]/",
    ],
)
def test_private_address_in_numbers_is_refused_at_creation(url: str) -> None:
    with pytest.raises(InvalidInputError, match="private or local address"):
        parse_url(url, Rule())
    assert parse_url(url, Rule(allows_private=True)) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com/x",
        "http://hooks.example.com/x",
        "ftp://hooks.example.com/x",
        "file:///etc/passwd",
        "https:///x",
        "https://hooks.example.com:99999/x",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nX-Evil: 1",
        "https://[::1",
        "https://bad_host!.example/",
        "https://user:secret@hooks.example.com/x",
        "https://hooks.example.com/" + "x" * 2048,
    ],
)
def test_what_is_no_address_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        parse_url(url, Rule())
    assert "secret" not in refusal.value.message


def test_address_is_kept_as_written_without_its_fragment() -> None:
    url = "https://hooks.example.com:8443/services/T00?x=1"
    assert parse_url(f" {url}#here ", Rule()) == url
    assert parse_url("http://10.0.0.5/x", Rule(allows_private=True)) == "http://10.0.0.5/x"
