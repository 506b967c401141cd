"""Reads one line of a web server's access log: the combined format and nginx's JSON.
Strict: a line that is not whole is refused with a reason, and the caller goes on with the next.
Which lines are pageviews is decided here too; files, order and ids are not."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from footfall.model.time_range import to_us


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as the web server wrote it down."""

    ts_us: int
    ip: str
    user_agent: str
    method: str
    """'' when the server could not read the request ('-', TLS bytes on a plain port)."""
    target: str
    """Request target as written: path and query, or a whole URL."""
    status: int
    referrer: str
    host: str
    """Host the request was for; '' when the log does not say."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that is no request, and why."""

    reason: str


PAGE_EXTENSIONS = frozenset({"html", "htm", "xhtml", "php"})

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_COMBINED = re.compile(
    r"(?:([A-Za-z0-9.-]+):\d+ )?"  # Apache's vhost_combined puts host and port first
    r"(\S+) \S+ [^\[]+ \[([^\]]+)\] " + _QUOTED + r" (\d{3}) (?:\d+|-) " + _QUOTED + " " + _QUOTED +
    r"(?: .*)?"  # nginx's usual 'main' format adds fields behind the user agent
)  # fmt: skip

_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an address", re.compile(r"(?:[A-Za-z0-9.-]+:\d+ )?\S+ ")),
    ("the two names behind the address", re.compile(r"\S+ [^\[]+ ")),
    ("the time in brackets", re.compile(r"\[[^\]]+\] ")),
    ("the request in quotes", re.compile(_QUOTED + " ")),
    ("the status, three digits", re.compile(r"\d{3} ")),
    ("the size, digits or '-'", re.compile(r"(?:\d+|-) ")),
    ("the referrer in quotes", re.compile(_QUOTED + " ")),
    ("the user agent in quotes", re.compile(_QUOTED + r"(?: |$)")),
)
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|(.))")
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"v": b"\v"}


class _NginxLine(msgspec.Struct):
    """The names nginx gives its variables; a log's author chooses among them."""

    remote_addr: str
    status: int | str
    msec: float | str | None = None
    time_iso8601: str | None = None
    time_local: str | None = None
    request: str | None = None
    request_method: str | None = None
    request_uri: str | None = None
    uri: str | None = None
    args: str | None = None
    http_referer: str | None = None
    http_referrer: str | None = None
    http_user_agent: str | None = None
    host: str | None = None
    http_host: str | None = None
    server_name: str | None = None


_NGINX = msgspec.json.Decoder(_NginxLine)


def parse_line(line: bytes) -> LoggedRequest | Damaged:
    """Read one line without its line end; the format is found out for each line."""
    try:
        return _parse_json(line) if line.startswith(b"{") else _parse_combined(line)
    except ValueError as error:
        return Damaged(str(error))


def path_of(target: str) -> str:
    """Return the path of a request target: no scheme, host, query or fragment.

    Percent-encoding and doubled slashes stay as written. '' when there is no path ('*').
    """
    if not target.startswith("/"):
        scheme, mark, rest = target.partition("://")
        if not mark or not scheme.isalpha():
            return ""
        host_end = min((i for i in map(rest.find, "/?#") if i >= 0), default=len(rest))
        target = rest[host_end:]
        if not target.startswith("/"):
            target = "/" + target
    return target.partition("?")[0].partition("#")[0]


def is_pageview(request: LoggedRequest) -> bool:
    """Tell whether a request is a page that a visitor saw.

    It is a GET answered 2xx or 304 whose path has no extension or one of `PAGE_EXTENSIONS`.
    An extension is what follows the last dot of the last segment, if anything does.
    """
    if request.method != "GET" or not (200 <= request.status < 300 or request.status == 304):
        return False
    path = path_of(request.target)
    if not path:
        return False
    extension = path.rpartition("/")[2].rpartition(".")
    return not extension[1] or not extension[2] or extension[2].lower() in PAGE_EXTENSIONS


def _parse_combined(line: bytes) -> LoggedRequest:
    text = line.decode("utf-8", "replace")
    match = _COMBINED.fullmatch(text)
    if match is None:
        raise ValueError(_find_fault(text))
    host, ip, time, request, status, referrer, agent = match.groups()
    method, target = _split_request(_unescape(request))
    return LoggedRequest(
        _parse_time_local(time),
        _parse_ip(ip),
        _absent(_unescape(agent)),
        method,
        target,
        _parse_status(status),
        _absent(_unescape(referrer)),
        host or "",
    )


def _parse_json(line: bytes) -> LoggedRequest:
    try:
        fields = _NGINX.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"no nginx JSON line: {error}") from None
    if fields.request is not None:
        method, target = _split_request(fields.request)
    elif fields.request_method is not None:
        method = fields.request_method
        target = fields.request_uri or fields.uri or ""
        if fields.request_uri is None and fields.args and fields.args != "-":
            target += "?" + fields.args
    else:
        raise ValueError("no field 'request', nor 'request_method' with 'request_uri' or 'uri'")
    return LoggedRequest(
        _parse_json_time(fields),
        _parse_ip(fields.remote_addr),
        _absent(fields.http_user_agent or ""),
        method,
        target,
        _parse_status(fields.status),
        _absent(fields.http_referer or fields.http_referrer or ""),
        _parse_host(fields.host or fields.http_host or fields.server_name or ""),
    )


def _parse_json_time(fields: _NginxLine) -> int:
    if fields.msec is not None:
        try:
            return _check_ts(round(float(fields.msec) * 1_000_000), fields.msec)
        except (ValueError, OverflowError):
            raise ValueError(f"msec '{fields.msec}' is no time in seconds since 1970") from None
    if fields.time_iso8601 is not None:
        try:
            moment = datetime.fromisoformat(fields.time_iso8601)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise ValueError(f"time_iso8601 '{fields.time_iso8601}' is no time with a zone")
        return _check_ts(to_us(moment), fields.time_iso8601)
    if fields.time_local is not None:
        return _parse_time_local(fields.time_local)
    raise ValueError("no field 'msec', 'time_iso8601' or 'time_local'")


@lru_cache(maxsize=1024)
def _parse_time_local(text: str) -> int:
    """Read '17/May/2015:10:05:03 +0000'. Neighbouring lines share their second: cached."""
    try:
        day, month, year = int(text[0:2]), _MONTHS[text[3:6]], int(text[7:11])
        hour, minute, second = int(text[12:14]), int(text[15:17]), int(text[18:20])
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        sign = {"+": 1, "-": -1}[text[21]]
        offset = sign * (int(text[22:24]) * 60 + int(text[24:26]))
        is_whole = text[2] + text[6] + text[11] + text[14] + text[17] + text[20] == "//::: "
    except (ValueError, KeyError, IndexError):
        is_whole = False
    if not is_whole or len(text) != 26 or second > 60:
        raise ValueError(f"time '{text}' is not like '17/May/2015:10:05:03 +0000'")
    return _check_ts(to_us(local) - offset * 60_000_000, text)


def _check_ts(ts_us: int, text: object) -> int:
    """Refuse what lies outside 1990 to 2100: a web server with a broken clock wrote it."""
    if not 631_152_000_000_000 <= ts_us < 4_102_444_800_000_000:
        raise ValueError(f"time '{text}' lies outside the years 1990 to 2100")
    return ts_us


@lru_cache(maxsize=8192)
def _parse_ip(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"'{text[:80]}' is no IP address") from None


def _parse_status(status: int | str) -> int:
    try:
        number = int(status)
    except ValueError:
        number = 0
    if not 100 <= number <= 599:
        raise ValueError(f"status '{status}' is not between 100 and 599")
    return number


def _parse_host(text: str) -> str:
    """Return a host name in lower case without its port; '' for the catch-all '_' and '-'."""
    if text in {"", "-", "_"}:
        return ""
    if text.startswith("["):
        return text.partition("]")[0].lstrip("[").lower()
    return text.partition(":")[0].lower()


def _split_request(text: str) -> tuple[str, str]:
    method, _, rest = text.partition(" ")
    if not rest or not method.isalpha() or not method.isupper():
        return "", ""
    target, mark, protocol = rest.rpartition(" ")
    return (method, target) if mark and protocol.startswith("HTTP/") else (method, rest)


def _absent(text: str) -> str:
    return "" if text == "-" else text


def _unescape(text: str) -> str:
    """Undo what Apache and nginx write for bytes that would break the line."""
    if "\\" not in text:
        return text
    raw = _ESCAPE.sub(_unescape_one, text.encode("utf-8"))
    return raw.decode("utf-8", "replace")


def _unescape_one(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return bytes([int(match[1], 16)])
    return _ESCAPES.get(match[2], match[2])


def _find_fault(text: str) -> str:
    """Say where a line stops being in the combined format."""
    position = 0
    for expected, pattern in _PARTS:
        match = pattern.match(text, position)
        if match is not None:
            position = match.end()
            continue
        if position >= len(text):
            return f"the line ends at column {len(text)}, before {expected}"
        if expected.endswith("quotes") and text[position] == '"':
            return f"{expected} begins at column {position + 1} and is not closed by a quote"
        return f"column {position + 1} is not {expected}"
    return "the line is not in the combined format"
