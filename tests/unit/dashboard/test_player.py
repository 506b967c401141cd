"""What a page that plays recordings may load, and where things stand in it."""

import pytest

from footfall.dashboard.links import recording_link
from footfall.dashboard.player import make_policy
from footfall.dashboard.recording.timeline import make_lines, render_clock
from footfall.reports.journal import JournalEntry

T = 1_772_366_400_000_000


def sources(policy: str, name: str) -> set[str]:
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    return set(rules[name].split())


def test_pictures_come_from_the_recorded_site_alone() -> None:
    policy = make_policy("shop.example")
    own = {"https://shop.example:*", "http://shop.example:*", "https://*.shop.example:*"}
    assert sources(policy, "img-src") == {"'self'", "data:", "blob:", *own}
    assert sources(policy, "font-src") == {"'self'", "data:", *own}
    assert sources(policy, "script-src") == {"'self'"}
    assert sources(policy, "connect-src") == {"'self'"}
    assert sources(policy, "frame-src") == {"'none'"}


@pytest.mark.parametrize(
    "host",
    ["", "*", "a b", "x;script-src *", "'unsafe-inline'", "shop.example; connect-src *", "\n"],
)
def test_no_host_says_more_than_a_host(host: str) -> None:
    policy = make_policy(host)
    assert sources(policy, "script-src") == {"'self'"}
    assert sources(policy, "connect-src") == {"'self'"}
    assert sources(policy, "img-src") == {"'self'", "data:", "blob:"}


def test_an_address_has_no_subdomains() -> None:
    assert "*." not in make_policy("127.0.0.1")


def entry(kind: str, after_ms: int, name: str = "", path: str = "/p") -> JournalEntry:
    texts = {
        "site": "",
        "channel": "",
        "source": "",
        "country": "",
        "browser": "",
        "os": "",
        "browser_version": "",
        "device": "",
        "door": "",
        "bot_reasons": "",
    }
    return JournalEntry(
        event_id=1,
        ts_us=T + after_ms * 1_000,
        visitor=1,
        session=1,
        kind=kind,
        name=name,
        path=path,
        value=0.0,
        bot_score=0,
        props={},
        **texts,
    )


def test_timeline_says_what_a_person_did() -> None:
    entries = [
        entry("pageview", -300, path="/start"),
        entry("activity", 10, "mousemove"),
        entry("click", 1_500, "A#buy"),
        entry("event", 61_000, "brochure"),
        entry("event", 62_000, "lead", "/enquire"),
        entry("error", 3_725_000, "x is not defined"),
        entry("session_end", 3_726_000),
    ]
    lines = make_lines(entries, T)
    assert [(x.at_ms, x.clock, x.kind, x.word, x.detail) for x in lines] == [
        # The page is counted before the recorder is there.
        (0, "0:00", "view", "Page", "/start"),
        (1_500, "0:01", "click", "Click", "A#buy"),
        (61_000, "1:01", "event", "Event", "brochure"),
        (62_000, "1:02", "form", "Form sent", "/enquire"),
        (3_725_000, "1:02:05", "error", "Error", "x is not defined"),
    ]
    assert render_clock(-1) == "0:00"


def test_link_to_a_recording_holds_any_id() -> None:
    assert recording_link("/dashboard/p/shop", "a/b?c") == "/dashboard/p/shop/recordings/a%2Fb%3Fc"
