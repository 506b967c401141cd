"""Every setting that Echelon documents, under its own name: each is set, and what it does is
seen."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from footfall.alias import EXPLAINED
from footfall.clock import US_PER_DAY
from footfall.config import SETTINGS, parse_config
from tests.dialects.echelon.beacon import HEADERS, send, solve, view
from tests.site import NOON, Site, open_site

DOCUMENTED = (
    "PORT DB_PATH SECRET USERNAME PASSWORD_HASH RETENTION_DAYS SUSPECT_COUNTRIES SUSPECT_POINTS"
    " SITE_SUSPECT_COUNTRIES ALLOWED_ORIGINS ALLOWED_SITES RATE_LIMIT_MAX RATE_LIMIT_WINDOW_MS"
    " VIEW_FLUSH_MS EVENT_FLUSH_MS TRUST_PROXY BEHIND_CLOUDFLARE TRUST_GEO_HEADERS COOKIE_CONSENT"
    " IGNORED_SITES CHALLENGE_WINDOW_MINUTES PUBLIC_MODE ANONYMIZE_SITES BOT_UA_PATTERNS"
    " BOT_DISCARD_THRESHOLD LIVE_STATS_MINUTES DISPLAY_TIMEZONE TELEMETRY SHUTDOWN_TIMEOUT_MS"
)
NAMES = {f"ECHELON_{name}" for name in DOCUMENTED.split()}

PASSWORD = "correct horse"
SALT = "00" * 16
HASH = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), bytes.fromhex(SALT), 600_000).hex()
GEO = ("X-Country-Code", "NL")
Effect = Callable[[Site], Awaitable[object]]


async def read_last(site: Site) -> dict[str, object]:
    """Return the latest event, {} for none."""
    await site.footfall.loader.wait_loaded()
    rows = site.footfall.warehouse.query("SELECT * FROM events ORDER BY ts, event_id")
    return dict(zip(rows.columns, rows.rows[-1], strict=True)) if rows.rows else {}


async def see(
    site: Site, *more: tuple[str, str], ip: str = "198.51.100.1", s: str = "default"
) -> str:
    """Send a view and return why it was dropped, '' when it was taken."""
    answered = await view(site, ip=ip, s=s, headers=(*HEADERS, *more))
    return answered.headers.get("footfall-dropped", "")


async def score(site: Site, *more: tuple[str, str], s: str = "default") -> object:
    await see(site, *more, s=s)
    return (await read_last(site)).get("bot_score")


async def bearer(site: Site) -> object:
    headers = [("Authorization", "Bearer own")]
    return (await site.call("GET", "/api/campaigns", headers=headers)).status


async def sign_in(site: Site) -> object:
    body = f"username=ann&password={PASSWORD.replace(' ', '+')}".encode()
    form = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Host", "here.example"),
        ("Origin", "http://here.example"),
    ]
    return (await site.call("POST", "/admin/login", body, headers=form)).status


async def age(site: Site) -> object:
    """See a page on each of two days, erase what is old, and count what is left."""
    for days in (40, 10):
        site.clock.set_us(NOON - days * US_PER_DAY)
        await see(site)
    site.set_clock(0)
    await site.footfall.loader.wait_loaded()
    await site.footfall.retention.run()
    return site.footfall.warehouse.query("SELECT count(*) FROM events").rows[0][0]


async def load_script(site: Site) -> object:
    headers = [("Referer", "https://other.example/")]
    return (await site.call("GET", "/ea.js", headers=headers)).status


async def show_consent(site: Site) -> object:
    return b'"k":1' in (await site.call("GET", "/ea.js")).body


async def flood(site: Site) -> object:
    return [await see(site) for _ in range(3)]


async def flood_slowly(site: Site) -> object:
    found = []
    for n in range(3):
        site.set_clock(n * 1.5)
        found.append(await see(site))
    return found


async def wait_for_load(site: Site) -> object:
    """Tell whether a view still lies in the spool after more than a second."""
    await see(site)
    await send(site, {"type": "click"})
    await asyncio.sleep(1.4)
    found = site.footfall.spool.count_waiting()
    return found.views, found.events


async def count_addresses(site: Site, *headers: tuple[tuple[str, str], ...]) -> object:
    for more in headers:
        await see(site, *more, ip="127.0.0.1")
    await site.footfall.loader.wait_loaded()
    sql = "SELECT count(DISTINCT visitor) FROM events"
    return site.footfall.warehouse.query(sql).rows[0][0]


async def forward(site: Site) -> object:
    hops = [(("X-Forwarded-For", f"203.0.113.{n}"),) for n in (1, 2)]
    return await count_addresses(site, *hops, (("X-Real-IP", "203.0.113.3"),))


async def be_proxied(site: Site) -> object:
    names = [(("CF-Connecting-IP", f"203.0.113.{n}"),) for n in (1, 2)]
    return await count_addresses(site, *names)


async def find_country(site: Site) -> object:
    await see(site, GEO)
    return (await read_last(site)).get("country")


async def answer_late(site: Site) -> object:
    token = solve(site)
    site.set_clock(5 * 60)
    await view(site, token=token)
    return (await read_last(site))["bot_score"]


async def write_openly(site: Site) -> object:
    return (await site.call("GET", "/api/campaigns")).status


async def hide(site: Site) -> object:
    await see(site)
    return (await read_last(site))["browser"] != "Chrome"


async def ignore(site: Site) -> object:
    return await see(site), await see(site, s="shop")


SUSPECT = {"ECHELON_TRUST_GEO_HEADERS": "on", "ECHELON_SUSPECT_COUNTRIES": "NL"}

EFFECTS: Mapping[str, tuple[Mapping[str, str], str, Effect, object, object]] = {
    # name: (what else is set, value, effect, without it, with it)
    "SECRET": ({}, "own", bearer, 401, 200),
    "USERNAME": (
        {"ECHELON_PASSWORD_HASH": f"pbkdf2$600000${SALT}${HASH}"},
        "ann",
        sign_in,
        401,
        303,
    ),
    "PASSWORD_HASH": (
        {"ECHELON_USERNAME": "ann"},
        f"pbkdf2$600000${SALT}${HASH}",
        sign_in,
        401,
        303,
    ),
    "RETENTION_DAYS": ({}, "30", age, 2, 1),
    "SUSPECT_COUNTRIES": (
        {"ECHELON_TRUST_GEO_HEADERS": "on"},
        "NL",
        lambda site: score(site, GEO),
        0,
        30,
    ),
    "SUSPECT_POINTS": (SUSPECT, "45", lambda site: score(site, GEO), 30, 45),
    "SITE_SUSPECT_COUNTRIES": (
        SUSPECT,
        "shop:NL;other:DE",
        lambda site: score(site, GEO, s="shop"),
        30,
        60,
    ),
    "ALLOWED_ORIGINS": ({}, "shop.example", load_script, 200, 403),
    "ALLOWED_SITES": ({}, "shop", ignore, ("", ""), ("excluded", "")),
    "IGNORED_SITES": ({}, "default", ignore, ("", ""), ("excluded", "")),
    "RATE_LIMIT_MAX": ({}, "2", flood, ["", "", ""], ["", "", "rate_limited"]),
    "RATE_LIMIT_WINDOW_MS": (
        {"ECHELON_RATE_LIMIT_MAX": "1"},
        "1500",
        flood_slowly,
        ["", "rate_limited", "rate_limited"],
        ["", "", ""],
    ),
    "VIEW_FLUSH_MS": ({}, "500", wait_for_load, (1, 1), (0, 0)),
    "EVENT_FLUSH_MS": ({}, "500", wait_for_load, (1, 1), (0, 0)),
    "TRUST_PROXY": ({}, "true", forward, 1, 3),
    "BEHIND_CLOUDFLARE": ({}, "true", be_proxied, 1, 2),
    "TRUST_GEO_HEADERS": ({}, "true", find_country, "", "NL"),
    "COOKIE_CONSENT": ({}, "true", show_consent, False, True),
    "CHALLENGE_WINDOW_MINUTES": ({}, "2", answer_late, 0, 25),
    "PUBLIC_MODE": ({}, "true", write_openly, 401, 200),
    "ANONYMIZE_SITES": ({}, "default,shop", hide, False, True),
    "BOT_UA_PATTERNS": ({}, "Chrome/131", score, 0, 100),
    "BOT_DISCARD_THRESHOLD": (
        {"ECHELON_BOT_UA_PATTERNS": "Chrome/131"},
        "50",
        see,
        "",
        "bot",
    ),
}
"""What each does to a running server."""

AT_THE_START = {"PORT", "DB_PATH", "SHUTDOWN_TIMEOUT_MS"}
"""Seen in `tests/unit/test_alias.py`, on the real program, and below."""


def test_every_documented_setting_exists_and_has_its_effect_shown() -> None:
    ours = {s.name for s in SETTINGS if s.name.startswith("ECHELON_")}
    own = {"ECHELON_POW_MISSING_POINTS", "ECHELON_POW_INVALID_POINTS"}
    assert ours - own == NAMES
    shown = {f"ECHELON_{name}" for name in {*EFFECTS, *AT_THE_START}} | EXPLAINED.keys()
    assert shown == NAMES


@pytest.mark.parametrize("name", EFFECTS)
async def test_a_setting_does_what_it_says(tmp_path: Path, name: str) -> None:
    others, value, effect, without, with_it = EFFECTS[name]
    at_us = NOON - 50 * US_PER_DAY if effect is age else NOON
    for folder, settings, expected in (
        ("without", dict(others), without),
        ("with", {**others, f"ECHELON_{name}": value}, with_it),
    ):
        async with open_site(tmp_path / folder, settings=settings, at_us=at_us) as site:
            assert await effect(site) == expected, folder


async def test_a_stop_waits_for_the_last_events_as_long_as_it_says(tmp_path: Path) -> None:
    waited: list[float] = []
    async with open_site(tmp_path, settings={"ECHELON_SHUTDOWN_TIMEOUT_MS": "1500"}) as site:
        drain = site.footfall.loader.drain

        def note(timeout_s: float) -> bool:
            waited.append(timeout_s)
            return drain(timeout_s)

        site.footfall.loader.drain = note  # type: ignore[method-assign]
    assert waited == [1.5]


@pytest.mark.parametrize("name", sorted(EXPLAINED))
def test_what_changes_nothing_is_taken_and_explained(name: str) -> None:
    notes = parse_config({name: "10", "ECHELON_RETENTION_DAYS": "0"}).notes
    assert notes == (f"{name}: changes nothing; {EXPLAINED[name]}",)
