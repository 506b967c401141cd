"""One line of a log: both formats, every way to be damaged, and the pageview rule."""

import json
from typing import Any

import pytest

from footfall.ingest.access_log import (
    Damaged,
    LoggedRequest,
    is_pageview,
    parse_line,
    path_of,
)

GOOD = (
    b'203.0.113.9 - - [17/May/2015:10:05:03 +0000] "GET /blog/?a=1 HTTP/1.1" 200 5 '
    b'"http://example.org/" "Mozilla/5.0"'
)
NGINX: dict[str, Any] = {
    "remote_addr": "203.0.113.9",
    "time_iso8601": "2015-05-17T12:05:03+02:00",
    "request": "GET /blog/?a=1 HTTP/1.1",
    "status": 200,
    "http_referer": "http://example.org/",
    "http_user_agent": "Mozilla/5.0",
}
TS = 1_431_857_103_000_000


def request_with(**fields: Any) -> LoggedRequest:
    line = json.dumps({**NGINX, **fields}).encode()
    found = parse_line(line)
    assert isinstance(found, LoggedRequest), found
    return found


def reason_of(line: bytes) -> str:
    found = parse_line(line)
    assert isinstance(found, Damaged), found
    return found.reason


def test_reads_a_combined_line() -> None:
    assert parse_line(GOOD) == LoggedRequest(
        TS, "203.0.113.9", "Mozilla/5.0", "GET", "/blog/?a=1", 200, "http://example.org/", ""
    )


def test_reads_the_same_request_from_nginx_json() -> None:
    assert parse_line(json.dumps(NGINX).encode()) == parse_line(GOOD)


@pytest.mark.parametrize(
    "time",
    [
        {"msec": "1431857103.000"},
        {"msec": 1431857103.0},
        {"time_local": "17/May/2015:06:05:03 -0400", "time_iso8601": None},
        {"time_local": "17/May/2015:15:50:03 +0545", "time_iso8601": None},
    ],
)
def test_reads_every_way_nginx_writes_the_time(time: dict[str, Any]) -> None:
    assert request_with(**time).ts_us == TS


def test_keeps_milliseconds() -> None:
    assert request_with(msec="1431857103.123").ts_us == TS + 123_000


def test_reads_method_and_target_apart() -> None:
    apart = {"request": None, "request_method": "GET"}
    assert request_with(**apart, request_uri="/a?b=1").target == "/a?b=1"
    assert request_with(**apart, uri="/a", args="b=1").target == "/a?b=1"
    assert request_with(**apart, uri="/a", args="-").target == "/a"


def test_takes_the_host_without_port_and_not_the_catch_all() -> None:
    assert request_with(host="Shop.Example:8443").host == "shop.example"
    assert request_with(server_name="_").host == ""


def test_ignores_a_forwarded_address() -> None:
    assert request_with(http_x_forwarded_for="198.51.100.1").ip == "203.0.113.9"


def test_reads_a_line_with_the_virtual_host_in_front() -> None:
    found = parse_line(b"shop.example:443 " + GOOD)
    assert isinstance(found, LoggedRequest)
    assert (found.host, found.ip) == ("shop.example", "203.0.113.9")


def test_reads_a_line_with_more_fields_behind_the_user_agent() -> None:
    assert parse_line(GOOD + b' "198.51.100.1" 0.004') == parse_line(GOOD)


def test_undoes_the_escapes_of_the_web_server() -> None:
    found = parse_line(
        GOOD.replace(b'"Mozilla/5.0"', rb'"a \"quoted\" \\ agent"').replace(
            b"example.org", rb"\xd0\xb0.example"
        )
    )
    assert isinstance(found, LoggedRequest)
    assert found.user_agent == 'a "quoted" \\ agent'
    assert found.referrer == "http://а.example/"


def test_reads_a_dash_as_absent() -> None:
    found = parse_line(
        GOOD.replace(b"http://example.org/", b"-")
        .replace(b"Mozilla/5.0", b"-")
        .replace(b"5 ", b"- ")
    )
    assert isinstance(found, LoggedRequest)
    assert (found.referrer, found.user_agent) == ("", "")


@pytest.mark.parametrize(
    "request_text", [b"-", rb"\x16\x03\x01\x02", b"", b"get / HTTP/1.1", b"GET"]
)
def test_counts_a_request_the_server_could_not_read_as_a_request(request_text: bytes) -> None:
    found = parse_line(GOOD.replace(b"GET /blog/?a=1 HTTP/1.1", request_text))
    assert isinstance(found, LoggedRequest)
    assert not is_pageview(found)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD[:-1], "the user agent in quotes begins at column 100 and is not closed by a quote"),
        (GOOD[:60], "the request in quotes begins at column 46 and is not closed by a quote"),
        (GOOD[:12], "the line ends at column 12, before"),
        (GOOD.replace(b" 200 ", b" 2000 "), "is not the status, three digits"),
        (GOOD.replace(b" 200 ", b" 700 "), "status '700' is not between 100 and 599"),
        (GOOD.replace(b"17/May", b"31/Feb"), "time '31/Feb/2015:10:05:03 +0000' is not like"),
        (GOOD.replace(b"2015", b"1970"), "lies outside the years 1990 to 2100"),
        (GOOD.replace(b"203.0.113.9", b"203.0.113.999"), "'203.0.113.999' is no IP address"),
        (b"\0" * 50, "column 1 is not an address"),
        (b"{", "no nginx JSON line"),
        (b'{"status": 200}', "missing required field `remote_addr`"),
    ],
)
def test_says_what_is_wrong_with_a_damaged_line(line: bytes, reason: str) -> None:
    assert reason in reason_of(line)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"time_iso8601": None}, "no field 'msec'"),
        ({"time_iso8601": "2015-05-17T12:05:03"}, "no time with a zone"),
        ({"msec": "soon"}, "msec 'soon' is no time"),
        ({"msec": float("inf")}, "no nginx JSON line"),
        ({"request": None}, "no field 'request'"),
        ({"status": "-"}, "status '-' is not between"),
    ],
)
def test_says_what_is_wrong_with_a_json_line(change: dict[str, Any], reason: str) -> None:
    assert reason in reason_of(json.dumps({**NGINX, **change}).encode())


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/blog", "/blog/", "/a/v1.0/", "/a.HTML", "/x.htm?y=.css", "/x.php", "/x.xhtml"),
        *("/dir.d/page", "/foo.", "//", "/a%20b", "http://other.example", "/.well-known/thing"),
        *("/?f=a.png", "/page#a.png"),
    ],
)
def test_a_page_is_a_pageview(target: str) -> None:
    assert is_pageview(request_with(request=f"GET {target} HTTP/1.1"))


@pytest.mark.parametrize(
    "target",
    [
        *("/a.css", "/favicon.ico", "/v1.0", "/.well-known", "/a.html.bak", "/a.tar.gz", "*"),
        *("/a.html;x=1", "/a.html%20", "http://other.example/a.png", "other.example:443"),
    ],
)
def test_a_file_is_no_pageview(target: str) -> None:
    assert not is_pageview(request_with(request=f"GET {target} HTTP/1.1"))


@pytest.mark.parametrize(
    ("method", "status", "answer"),
    [
        *(("GET", 200, "yes"), ("GET", 206, "yes"), ("GET", 299, "yes"), ("GET", 304, "yes")),
        *(("GET", 199, "no"), ("GET", 300, "no"), ("GET", 301, "no"), ("GET", 404, "no")),
        *(("HEAD", 200, "no"), ("POST", 200, "no"), ("GET", 500, "no")),
    ],
)
def test_only_an_answered_get_is_a_pageview(method: str, status: int, answer: str) -> None:
    assert is_pageview(request_with(request=f"{method} / HTTP/1.1", status=status)) is (
        answer == "yes"
    )


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/a?b#c", "/a"),
        ("/a#c?b", "/a"),
        ("//a//b", "//a//b"),
        ("/%41", "/%41"),
        ("https://x.example/a?b", "/a"),
        ("https://x.example?b=/c", "/"),
        ("*", ""),
        ("x.example:443", ""),
        ("", ""),
    ],
)
def test_the_path_is_the_target_without_host_and_query(target: str, path: str) -> None:
    assert path_of(target) == path
