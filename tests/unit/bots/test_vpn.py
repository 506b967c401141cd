"""The score of a VPN: every signal alone, together, and what is forgotten."""

import pytest

from footfall.bots.network import HostingNetworks
from footfall.bots.vpn import VpnJudge, find_network
from footfall.clock import US_PER_DAY, US_PER_HOUR
from footfall.ingest.request import Sender
from tests.site import CHROME, NOON

HOSTING = "3.5.140.2"
"""Amazon's, on the list."""
HOME = "91.64.10.1"


def judge(starts: list[tuple[float, str]], bot_score: int = 0) -> list[tuple[int, str]]:
    vpn = VpnJudge(lambda _: bot_score, HostingNetworks())
    scores = []
    for after_h, address in starts:
        sender = Sender(1, "pulsegate", address, CHROME, NOON + int(after_h * US_PER_HOUR))
        found = vpn.judge(sender, "f" * 64)
        scores.append((found.points, found.reasons))
    return scores


CASES = [
    ("a first session at home", [(0, HOME)], 0, (0, "")),
    ("the same address again", [(0, HOME), (1, HOME)], 0, (0, "")),
    ("another address of the network", [(0, HOME), (1, "91.64.99.7")], 0, (0, "")),
    ("a hosting company", [(0, HOSTING)], 0, (3, "hosting")),
    ("another network", [(0, HOME), (1, "80.10.1.1")], 0, (5, "new_network")),
    ("three networks, then none new", [(0, HOME), (1, "80.10.1.1"), (2, "81.2.1.1"),
     (3, "81.2.1.1")], 0, (5, "many_networks")),
    ("four addresses of one network", [(h, f"91.64.1.{h}") for h in range(1, 5)], 0,
     (5, "many_addresses")),
    ("three addresses of one network", [(h, f"91.64.1.{h}") for h in range(1, 4)], 0, (0, "")),
    ("ten sessions", [(h, HOME) for h in range(10)], 0, (0, "")),
    ("eleven sessions", [(h, HOME) for h in range(11)], 0, (3, "many_sessions")),
    ("a program", [(0, HOME)], 70, (3, "bot")),
    ("almost a program", [(0, HOME)], 69, (0, "")),
    ("what lies a day back", [(0, "80.10.1.1"), (24, HOME)], 0, (0, "")),
    ("what lies almost a day back", [(0, "80.10.1.1"), (23.99, HOME)], 0, (5, "new_network")),
]  # fmt: skip


@pytest.mark.parametrize(("starts", "bot_score", "expected"), [c[1:] for c in CASES],
                         ids=[c[0] for c in CASES])  # fmt: skip
def test_last_session_scores(
    starts: list[tuple[float, str]], bot_score: int, expected: tuple[int, str]
) -> None:
    assert judge(starts, bot_score)[-1] == expected


def test_everything_together_is_24() -> None:
    starts = [(h, f"{80 + h}.10.1.1") for h in range(10)] + [(11.0, HOSTING)]
    points, reasons = judge(starts, 100)[-1]
    assert points == 24
    assert len(reasons.split(",")) == 6


def test_visitors_do_not_share_their_past() -> None:
    vpn = VpnJudge(lambda _: 0, HostingNetworks())
    one = Sender(1, "pulsegate", HOME, CHROME, NOON)
    other = Sender(1, "pulsegate", "80.10.1.1", CHROME, NOON)
    assert vpn.judge(one, "a").points == 0
    assert vpn.judge(other, "b").points == 0


def test_holds_no_address_and_forgets_who_was_not_seen_for_a_day() -> None:
    vpn = VpnJudge(lambda _: 0, HostingNetworks())
    for number in range(5):
        vpn.judge(Sender(1, "pulsegate", HOME, CHROME, NOON), f"visitor {number}")
    held = repr([(key, list(starts)) for key, starts in vpn._starts.items()])
    assert HOME not in held
    assert "visitor" not in held
    for number in range(5):
        late = NOON + US_PER_DAY + number
        vpn.judge(Sender(1, "pulsegate", HOME, CHROME, late), f"late {number}")
    assert len(vpn._starts) == 5


@pytest.mark.parametrize(
    ("address", "neighbour", "stranger"),
    [("91.64.1.2", "91.64.250.9", "91.65.1.2"), ("2001:db8:1::1", "2001:db8:2::2", "2001:db9::1")],
)
def test_network_of_an_address(address: str, neighbour: str, stranger: str) -> None:
    assert find_network(address) == find_network(neighbour) != find_network(stranger)
