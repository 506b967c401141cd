"""Addresses that may send no leads, and addresses that are known: the team's own and those of its
tests. An address is on one list or on none; hot paths ask the memory, never the store."""

import ipaddress
import threading
from dataclasses import dataclass
from typing import Final, Literal, get_args

from footfall.clock import Clock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.store.records import Record, Records

ListRule = Literal["blocked", "whitelisted"]

Usage = Literal["testing", "internal"]
USAGES: Final[tuple[Usage, ...]] = get_args(Usage)

REASON_LIMIT = 300
MOST = 100_000
"""Addresses of both lists: they are held in memory."""

_ROOM = "lead_addresses"

_OWN_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)
"""Loopback and the private networks of RFC 1918, 6598, 3927, 4193 and 4291."""


@dataclass(frozen=True, slots=True)
class ListedAddress:
    """An address on one of the lists."""

    number: int
    address: str
    rule: ListRule
    usage: str
    """Why it is known; '' on the list of blocked ones."""
    reason: str
    created_at_us: int


class AddressLists:
    """Keeps both lists. Calls block, all but those that begin with `is_`."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.Lock()
        self._rules: dict[str, tuple[ListRule, str]] = {}

    def reload(self) -> None:
        """Read the lists: at the start, and to see what other nodes changed."""
        with self._changing:
            with self._records.transaction() as t:
                found = t.find(_ROOM, {}, limit=MOST)
            self._rules = {r["address"]: (r["rule"], r["usage"]) for r in found}

    def is_blocked(self, address: str) -> bool:
        """Tell whether an address may send no leads."""
        return self._has(address, "blocked")

    def is_whitelisted(self, address: str) -> bool:
        """Tell whether an address is known: limits of requests do not hold for it."""
        return self._has(address, "whitelisted")

    def is_testing(self, address: str) -> bool:
        """Tell whether whatever comes from an address is a test."""
        return self._rules.get(_plain(address)) == ("whitelisted", "testing")

    def list_addresses(self, rule: ListRule) -> list[ListedAddress]:
        """Return a list, newest first."""
        with self._records.transaction() as t:
            return [_read(r) for r in t.find(_ROOM, {"rule": rule}, order="-number", limit=MOST)]

    def block(self, text: str, reason: str = "") -> ListedAddress:
        """Block an address; one that is blocked already stays so with its first reason.

        Raises InvalidInputError, and ConflictError for an address on the other list.
        """
        return self._put(text, "blocked", "", reason)

    def whitelist(self, text: str, usage: str, reason: str = "") -> ListedAddress:
        """Put an address on the list of known ones, or change its usage.

        Raises InvalidInputError, and ConflictError for a blocked address.
        """
        if usage not in USAGES:
            raise InvalidInputError(
                f"usage is '{usage[:40]}'; accepted are {', '.join(USAGES)}", field="usage"
            )
        return self._put(text, "whitelisted", usage, reason)

    def drop(self, text: str, rule: ListRule) -> None:
        """Take an address, or the entry with this number, off a list. Raises NotFoundError."""
        where = {"number": int(text)} if _is_number(text) else {"address": _plain(text)}
        with self._changing, self._records.transaction() as t:
            removed = t.remove(_ROOM, {**where, "rule": rule})
        if not removed:
            raise NotFoundError("Address", text[:60])
        self.reload()

    def _put(self, text: str, rule: ListRule, usage: str, reason: str) -> ListedAddress:
        address = parse_address(text)
        if len(reason) > REASON_LIMIT:
            raise InvalidInputError(
                f"reason has {len(reason)} characters; accepted are {REASON_LIMIT}", field="reason"
            )
        with self._changing:
            with self._records.transaction() as t:
                found = t.find(_ROOM, {"address": address})
                if not found:
                    record = {
                        "address": address,
                        "rule": rule,
                        "usage": usage,
                        "reason": reason,
                        "created_at_us": self._clock.now_us(),
                    }
                    number = t.add(_ROOM, record)
                elif found[0]["rule"] == rule:
                    number = found[0]["number"]
                    record = {**found[0], "usage": usage}
                    t.change(_ROOM, {"number": number}, {"usage": usage})
                else:
                    raise ConflictError(
                        f"Address '{address}' is {found[0]['rule']}; take it off that list first."
                    )
            self._rules = {**self._rules, address: (rule, usage)}
        return _read({**record, "number": number})

    def _has(self, address: str, rule: ListRule) -> bool:
        found = self._rules.get(_plain(address))
        return found is not None and found[0] == rule


def parse_address(text: str) -> str:
    """Return one network address in its shortest form. Raises InvalidInputError."""
    try:
        return str(_unwrap(ipaddress.ip_address(text.strip())))
    except ValueError:
        raise InvalidInputError(
            f"ip '{text.strip()[:60]}' is no address; write for example 198.51.100.20", field="ip"
        ) from None


def is_shared_address(text: str) -> bool:
    """Tell whether an address belongs to a network behind this server, where it may be a proxy's
    that everybody comes through."""
    try:
        address = _unwrap(ipaddress.ip_address(text))
    except ValueError:
        return True
    return any(address in network for network in _OWN_NETWORKS)


def _unwrap(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _plain(text: str) -> str:
    try:
        return parse_address(text)
    except InvalidInputError:
        return text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _read(record: Record) -> ListedAddress:
    return ListedAddress(**record)
