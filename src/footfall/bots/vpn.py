"""How much speaks for a visitor behind a VPN, 0 to 24, when a session begins [PulseGate]. Of each
visitor the last 24 hours are remembered, in memory and as keyed hashes only: from how many
addresses and networks it came. There is no database of autonomous systems; a network is the
address's /16 (IPv6: /32), and hosting companies are known by their own list."""

import secrets
import socket
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from hashlib import blake2b

import msgspec

from footfall.bots.network import HostingNetworks
from footfall.clock import US_PER_DAY
from footfall.ingest.request import Sender

FindBotScore = Callable[[Sender], int]
"""Gives the bot score, 0 to 100, of what a sender shows of itself."""

ADDRESSES = 3
NETWORKS = 2
SESSIONS = 10
"""More than so many within a day are a signal."""

BOT_FROM = 70
"""Cloudflare's score of 0 to 30, which runs the other way: 1 is a program, 99 a person."""

_MOST_VISITORS = 50_000
"""Visitors remembered at once, about 60 MB at worst; the longest unseen is forgotten first."""

_MOST_SESSIONS = 64
"""Sessions remembered of one visitor: every threshold lies far below."""

_NETWORK_BYTES = {socket.AF_INET: 2, socket.AF_INET6: 4}


class VpnSignal(Enum):
    """What is looked at, with its points."""

    HOSTING = ("hosting", 3)
    MANY_ADDRESSES = ("many_addresses", 5)
    MANY_NETWORKS = ("many_networks", 5)
    MANY_SESSIONS = ("many_sessions", 3)
    NEW_NETWORK = ("new_network", 5)
    BOT = ("bot", 3)

    def __init__(self, code: str, points: int) -> None:
        self.code = code
        self.points = points


@dataclass(frozen=True, slots=True)
class VpnScore:
    """The verdict over one session."""

    signals: tuple[VpnSignal, ...] = ()

    @property
    def points(self) -> int:
        """The sum, 0 to 24."""
        return sum(signal.points for signal in self.signals)

    @property
    def reasons(self) -> str:
        """The codes, joined by commas."""
        return ",".join(signal.code for signal in self.signals)


class _Start(msgspec.Struct, gc=False):
    ts_us: int
    address: bytes
    network: bytes


class VpnJudge:
    """Scores sessions as they begin, and remembers them for a day."""

    def __init__(self, find_bot_score: FindBotScore, networks: HostingNetworks) -> None:
        self._find_bot_score = find_bot_score
        self._networks = networks
        self._key = secrets.token_bytes(16)
        self._starts: OrderedDict[bytes, deque[_Start]] = OrderedDict()

    def judge(self, sender: Sender, visitor_id: str) -> VpnScore:
        """Return the score of a session that begins now, and remember it."""
        starts = self._remember(sender, visitor_id)
        before = starts[-2] if len(starts) > 1 else None
        found = {
            VpnSignal.HOSTING: self._networks.has(sender.ip),
            VpnSignal.MANY_ADDRESSES: len({s.address for s in starts}) > ADDRESSES,
            VpnSignal.MANY_NETWORKS: len({s.network for s in starts}) > NETWORKS,
            VpnSignal.MANY_SESSIONS: len(starts) > SESSIONS,
            VpnSignal.NEW_NETWORK: before is not None and before.network != starts[-1].network,
            VpnSignal.BOT: self._find_bot_score(sender) >= BOT_FROM,
        }
        return VpnScore(tuple(signal for signal, holds in found.items() if holds))

    def forget(self) -> None:
        """Forget every visitor and the key they were hashed with."""
        self._key = secrets.token_bytes(16)
        self._starts.clear()

    def _remember(self, sender: Sender, visitor_id: str) -> deque[_Start]:
        now_us = sender.received_at_us
        visitor = self._hash(f"v{sender.project}\0{visitor_id}".encode())
        starts = self._starts.pop(visitor, None) or deque(maxlen=_MOST_SESSIONS)
        while starts and now_us - starts[0].ts_us >= US_PER_DAY:
            starts.popleft()
        network = self._hash(b"n" + find_network(sender.ip))
        starts.append(_Start(now_us, self._hash(f"a{sender.ip}".encode()), network))
        self._starts[visitor] = starts
        self._sweep(now_us)
        return starts

    def _sweep(self, now_us: int) -> None:
        # The longest unseen stand first: each newcomer takes at most two of them along.
        for _ in range(2):
            oldest = next(iter(self._starts))
            is_over = now_us - self._starts[oldest][-1].ts_us >= US_PER_DAY
            if not is_over and len(self._starts) <= _MOST_VISITORS:
                return
            del self._starts[oldest]

    def _hash(self, data: bytes) -> bytes:
        return blake2b(data, key=self._key, digest_size=8).digest()


def find_network(address: str) -> bytes:
    """Return what stands for the network of an address: its first 16 bits, of IPv6 its first 32;
    the text itself for what is no address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        packed = socket.inet_pton(family, address)
    except OSError:
        return address.encode()
    return packed[: _NETWORK_BYTES[family]]
