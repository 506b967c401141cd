"""A generated site for comparing engines: every kind of event, odd texts, properties of every
type, a change of the clocks, equal instants, repeatable from its seed."""

import json
import random
from collections.abc import Iterator

import msgspec

from footfall.model.event import EMPTY_PROPS, Event

START_US = 1_774_310_400_000_000
"""2026-03-24 00:00 UTC: the week in which Europe's clocks change."""

DAY_US = 86_400_000_000
DAYS = 10
PROJECT = 7

PATHS = ("/", "/pricing", "/blog/a", "/blog/b", "/100%_off", "/straße", "/it's", "/back\\slash", "")
NAMES = ("signup", "buy", "sign up", "buy*", "line\nbreak")
TEXTS = {
    "site": ("a.example", "b.example"),
    "door": ("pulse", "import"),
    "referrer": ("", "news.example/front", "t.co/x"),
    "source": ("", "Google", "Hacker News"),
    "channel": ("Direct", "Organic Search", "Referral"),
    "utm_source": ("", "letter"),
    "utm_medium": ("", "email"),
    "utm_campaign": ("", "spring", "Spring"),
    "utm_content": ("", "top"),
    "utm_term": ("", "x y"),
    "click_id": ("", "gclid"),
    "country": ("", "DE", "NP", "US"),
    "region": ("", "Bavaria"),
    "city": ("", "München"),
    "browser": ("Chrome", "Firefox", ""),
    "browser_version": ("122", "9", "10"),
    "os": ("Windows", "Android"),
    "os_version": ("11", ""),
    "device": ("Desktop", "Mobile", ""),
    "screen": ("1920x1080", ""),
    "language": ("de-DE", "en"),
}
PROPS = (
    {},
    {"plan": "pro", "seats": 9},
    {"plan": "9", "seats": "9"},
    {"plan": True, "seats": 1.5},
    {"plan": None, "seats": 1.0},
    {"plan": "1.0", "a/b~c": "x", 'q"k': "y", "ключ": "значение"},
    {"plan": "", "deep": {"a": [1, 2]}, "seats": -0.25},
    {"plan": 'say "hi"\n', "seats": 12_345_678_901},
)
KINDS = (
    *("pageview",) * 8,
    *("event", "event", "engagement", "web_vital", "web_vital", "scroll_depth", "outlink"),
    *("download", "search", "error", "click", "click"),
    *("session_start", "session_end", "activity"),
)
VITALS = ("LCP", "FCP", "CLS", "INP", "TTFB")
LINKS = ("https://a.example/", "https://a.example/?q=ü", "b.pdf")
TERMS = ("price", "Price", "it's", "löschen\n", "")
MESSAGES = ("TypeError: x", "TypeError: y", "'\\")
SELECTORS = ("a.buy", "#x > b", "")
SIZES = (390, 1440, 1440.0, 1920, 0, -1, None, "1440")
NAMES_OF = {
    "event": NAMES,
    "web_vital": (*NAMES, *VITALS * 3),
    "outlink": LINKS,
    "download": LINKS,
    "search": TERMS,
    "error": MESSAGES,
    "click": SELECTORS,
}


def make_events(count: int, seed: int = 1) -> Iterator[Event]:
    """Yield about `count` events, session by session."""
    rolls = random.Random(seed)
    made = 0
    while made < count:
        session = rolls.getrandbits(62)
        visitor = rolls.randrange(-(2**63), 2**63) if rolls.random() < 0.6 else made % 5_000
        # Places and sources belong to the session; now and then one differs within it.
        common = {name: rolls.choice(values) for name, values in TEXTS.items()}
        ts = START_US + rolls.randrange(DAYS * DAY_US)
        bot = rolls.choice((0, 0, 0, 0, 0, 20, 50, 95))
        for _ in range(min(int(rolls.expovariate(0.35)) + 1, 40)):
            made += 1
            yield _make_event(rolls, made, ts, session, visitor, common, bot)
            ts += rolls.choice((0, 1, 999_999, rolls.randrange(29 * 60_000_000)))


def _make_event(  # one argument for each thing that an event shares with its session
    rolls: random.Random,
    number: int,
    ts: int,
    session: int,
    visitor: int,
    common: dict[str, str],
    bot: int,
) -> Event:
    kind = rolls.choice(KINDS)
    if rolls.random() < 0.02:
        common = common | {"country": rolls.choice(TEXTS["country"])}
    if bot:
        common = common | {"browser": ("GPTBot", "AhrefsBot", "")[visitor % 3]}
    props = _make_props(rolls, kind)
    encoded = json.dumps(props, separators=(",", ":"), ensure_ascii=False).encode()
    return Event(
        project=PROJECT,
        ts=ts,
        received_at=ts,
        event_id=number if rolls.random() < 0.5 else -number,
        visitor=visitor,
        session=0 if rolls.random() < 0.01 else session,
        kind=kind,
        interactive=int(kind in {"pageview", "event"} and rolls.random() < 0.9),
        name=rolls.choice(NAMES_OF.get(kind, ("",))),
        path=rolls.choice(PATHS),
        title=rolls.choice(("", "Home", "Häuser")),
        value=rolls.choice((0.1, 0.25, 2_500.0, rolls.random() * 4_000)),
        engagement_ms=rolls.randrange(30_000) if kind == "engagement" else 0,
        revenue_micros=rolls.choice((0, 0, 0, 19_990_000, 1, -500_000)),
        currency=rolls.choice(("", "EUR", "JPY")),
        bot_score=bot,
        bot_reasons="crawler,rate" if bot else "",
        props=msgspec.Raw(encoded) if props else EMPTY_PROPS,
        **common,
    )


def _make_props(rolls: random.Random, kind: str) -> dict[str, object]:
    if kind == "click":
        scale = rolls.choice((1, 1, 2, 1_500))
        place = rolls.choice((0, 0.5, 1, 1.5, 2.5, -3, 1e9, "12", None, True, rolls.random()))
        return {
            "x": rolls.choice((place, rolls.random() * scale)),
            "y": rolls.choice((place, rolls.random() * scale, round(rolls.random() * scale, 2))),
            "viewport_width": rolls.choice(SIZES),
            "viewport_height": rolls.choice(SIZES),
            "page_height": rolls.choice((*SIZES, 3_333.3)),
        }
    if kind == "search":
        count = rolls.choice((0, 0, 3, 12, 2.9, -4, 1e300, None, "7", [1]))
        return {"results_count": count, "query": rolls.choice((None, None, "long " * 60))}
    if kind == "error":
        return {"message": rolls.choice((None, None, "ß" * 300)), "lineno": 7, "stack": "a\n b"}
    if kind in {"outlink", "download"}:
        return {"url": rolls.choice((None, "https://c.example/" + "p" * 260))}
    return rolls.choice(PROPS)
