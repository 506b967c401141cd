"""Bots are found by what agrees; people with odd browsers are left in peace."""

import itertools
from typing import Any

import pytest

from footfall.bots.crawler import classify_agent
from footfall.bots.factor import Factor, score
from footfall.bots.network import HostingNetworks
from footfall.bots.rate import FAST_EVENTS, VERY_FAST_EVENTS
from footfall.bots.scorer import BotScorer
from footfall.ingest.request import Sender
from footfall.model.event import BOT_THRESHOLD

NOON = 1_790_251_200_000_000
HOME = "84.112.10.20"
HOSTED = "88.198.10.20"
BROWSER_HEADERS = frozenset({"accept", "accept-language", "sec-fetch-mode", "user-agent"})
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36"
)
WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A.240205.004; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/121.0.6167.178 Mobile Safari/537.36"
)
PEOPLE = [
    CHROME,
    WEBVIEW,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/450.0.0.38.108;FBBV/564431005;FBDV/iPhone15,2]",
    "Mozilla/5.0 (Linux; Android 13; SM-G991B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 Instagram 312.0.0.32.118 Android",
    "Mozilla/5.0 (Windows NT 10.0; rv:115.0) Gecko/20100101 Firefox/115.0",
    "Mozilla/5.0 (Linux; Android 10; CUBOT_X30) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/118.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36 Vivaldi/6.6",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/122.0.0.0 Mobile DuckDuckGo/5 Safari/537.36",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/3.2 Chrome/76.0.3809.146 TV Safari/537.36",
]


def make_sender(**changes: Any) -> Sender:
    values: dict[str, Any] = {
        "project": 1,
        "door": "pulse",
        "ip": HOME,
        "user_agent": CHROME,
        "received_at_us": NOON,
        "headers_seen": BROWSER_HEADERS,
    }
    return Sender(**(values | changes))


def judge(**changes: Any) -> tuple[int, str]:
    return BotScorer().score(make_sender(**changes), 1)


@pytest.mark.parametrize("user_agent", PEOPLE)
def test_people_are_not_marked_at_home_nor_through_a_rented_machine(user_agent: str) -> None:
    assert judge(user_agent=user_agent) == (0, "")
    assert judge(user_agent=user_agent, ip=HOSTED)[0] < BOT_THRESHOLD
    assert judge(user_agent=user_agent, headers_seen=frozenset({"accept"}))[0] < BOT_THRESHOLD


@pytest.mark.parametrize(
    ("user_agent", "code"),
    [
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler"),
        ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)", "crawler"),
        ("UniversalFeedParser/4.2 +http://feedparser.org/", "crawler"),
        ("LumiBot 2.0", "crawler"),
    ],
)
def test_who_names_itself_a_robot_is_believed_alone(user_agent: str, code: str) -> None:
    found, reasons = judge(user_agent=user_agent)
    assert found >= BOT_THRESHOLD
    assert reasons == code


def test_browser_run_by_a_program_needs_a_second_sign() -> None:
    headless = CHROME.replace("Chrome/", "HeadlessChrome/")
    assert judge(user_agent=headless) == (BOT_THRESHOLD - 5, "automation")
    found, reasons = judge(user_agent=headless, ip=HOSTED)
    assert found >= BOT_THRESHOLD
    assert reasons == "automation,hosting"
    # A log shows the user agent and little else.
    assert judge(user_agent=headless, door="import", is_trusted_clock=True)[0] >= BOT_THRESHOLD


@pytest.mark.parametrize(
    ("user_agent", "agent_class"),
    [
        ("", "none"),
        ("-", "none"),
        ("Mozilla/5.0", "odd"),
        ("abc", "odd"),
        ("something without any product or comment", "odd"),
        ("curl/8.5.0", "library"),
        ("python-requests/2.32", "library"),
        ("node", "library"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:27.0) Gecko/20100101 Firefox/27.0", "old"),
        (CHROME.replace("122", "32"), "old"),
    ],
)
def test_tells_what_a_user_agent_is(user_agent: str, agent_class: str) -> None:
    assert classify_agent(user_agent) == agent_class


def test_a_backend_may_send_events_from_a_rented_machine() -> None:
    scorer = BotScorer()
    sender = make_sender(user_agent="axios/1.7.2", ip=HOSTED, headers_seen=frozenset({"accept"}))
    scores = [scorer.score(sender, 1)[0] for _ in range(VERY_FAST_EVENTS * 2)]
    assert max(scores) < BOT_THRESHOLD


def test_a_library_that_reads_pages_is_a_bot() -> None:
    found, reasons = judge(
        user_agent="python-requests/2.3", is_trusted_clock=True, headers_seen=frozenset()
    )
    assert found >= BOT_THRESHOLD
    assert reasons == "library"


def test_what_is_old_today_was_new_in_an_old_log() -> None:
    sender = {"user_agent": CHROME.replace("122", "32"), "headers_seen": frozenset()}
    assert judge(**sender, is_trusted_clock=True) == (0, "")
    assert judge(**sender) == (15, "old_browser")


def test_two_kinds_that_agree_are_enough() -> None:
    found, reasons = judge(ip=HOSTED, headers_seen=frozenset({"host"}))
    assert found >= BOT_THRESHOLD
    assert reasons == "no_language,no_accept,no_fetch_metadata,hosting"


def test_speed_alone_is_not_enough_but_counts_with_another_sign() -> None:
    scorer = BotScorer()
    sender = make_sender()
    scores = [scorer.score(sender, 1) for _ in range(VERY_FAST_EVENTS + 1)]
    assert scores[FAST_EVENTS - 1] == (0, "")
    assert scores[FAST_EVENTS] == (20, "fast")
    assert scores[-1] == (35, "very_fast")
    hosted = make_sender(ip=HOSTED)
    assert scorer.score(hosted, 1)[0] >= BOT_THRESHOLD
    assert scorer.score(make_sender(received_at_us=NOON + 60_000_000), 1) == (0, "")


def test_speed_says_nothing_behind_a_private_address_or_in_an_import() -> None:
    for changes in ({"ip": "10.0.0.1"}, {"is_trusted_clock": True}):
        scorer = BotScorer()
        sender = make_sender(headers_seen=frozenset({"host"}), **changes)
        assert max(scorer.score(sender, 1)[0] for _ in range(1000)) < BOT_THRESHOLD


def test_no_single_kind_reaches_the_threshold() -> None:
    for kind in ("user_agent", "headers", "network", "rate"):
        factors = [f for f in Factor if f.value.kind == kind and not f.value.is_enough]
        for size in range(1, len(factors) + 1):
            for some in itertools.combinations(factors, size):
                assert score(some)[0] < BOT_THRESHOLD


def test_codes_are_unique_words_without_commas() -> None:
    in_logs = {Factor.LIBRARY_VISIT, Factor.AUTOMATION_VISIT}
    codes = [f.value.code for f in Factor if f not in in_logs]
    assert len(set(codes)) == len(codes)
    assert not any("," in code for code in codes)


@pytest.mark.parametrize(
    ("address", "is_hosting"),
    [
        (HOSTED, True),
        ("52.95.110.1", True),
        ("2a01:4f8::1", True),
        (HOME, False),
        ("127.0.0.1", False),
        ("::1", False),
        ("nonsense", False),
        ("", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
    ],
)
def test_knows_networks_of_hosting_companies(address: str, is_hosting: bool) -> None:  # noqa: FBT001
    assert HostingNetworks().has(address) is is_hosting
