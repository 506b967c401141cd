"""Shared dashboards: made through Pulse, opened as a stranger, over the whole running Footfall."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.site import ADMIN_TOKEN, CHROME, IPHONE, Site, open_site
from tests.unit.http.asgi_call import Answered

VIEW = {"type": "pageview", "path": "/pricing", "utm_campaign": "spring", "utm_source": "mail"}
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
HOST = [("Host", "stats.example")]
FRAGMENT = [("HX-Request", "true")]


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    # A busy machine must not turn figures into skeletons that would come later.
    monkeypatch.setattr("footfall.dashboard.overview.BUDGET_S", 30.0)
    async with open_site(tmp_path, modules=["sharing"]) as site:
        await site.send(-60, "203.0.113.1", CHROME, VIEW)
        await site.send(-50, "203.0.113.1", CHROME, {"type": "event", "name": "signup"})
        await site.send(-40, "203.0.113.2", IPHONE, {"type": "pageview", "path": "/"})
        site.set_clock(0)
        yield site


async def share(site: Site, **wish: Any) -> dict[str, Any]:
    made: dict[str, Any] = await site.manage("POST", "/sharing", wish, status=201)
    return made


async def look(site: Site, path: str, *headers: tuple[str, str]) -> Answered:
    """Open a page as somebody who holds nothing but the address."""
    return await site.call("GET", path, headers=[*HOST, *headers])


def text_of(answered: Answered) -> str:
    assert answered.status == 200, (answered.status, answered.body[:300])
    return answered.body.decode()


async def test_makes_lists_and_revokes_a_link(site: Site) -> None:
    made = await share(site)
    assert re.fullmatch(r"shr-[0-9a-f-]{36}", made["id"])
    assert made == {
        "id": made["id"],
        "name": "Shared Dashboard",
        "token": made["token"],
        "url": f"http://127.0.0.1/shared/{made['token']}",
        "modules": [],
        "password_protected": False,
        "embed_origins": [],
        "expires_at": None,
        "created_at": "2026-03-01T12:00:00Z",
    }
    assert await site.manage("GET", "/sharing") == {"data": [made]}
    await site.manage("DELETE", f"/sharing/{made['id']}", status=204)
    assert await site.manage("GET", "/sharing") == {"data": []}
    again = await site.manage("DELETE", f"/sharing/{made['id']}", status=404)
    assert again == {"error": f"Shared dashboard '{made['id']}' not found."}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"modules": ["shoes"]}, "unknown module 'shoes'; accepted are pageviews"),
        ({"modules": "utm"}, "field 'modules' is text; accepted is a list"),
        ({"expires_at": "soon"}, "expires_at 'soon' is no date"),
        ({"expires_at": "2020-01-01"}, "expires_at is past"),
        ({"embed_origins": ["evil"]}, "embed_origins holds 'evil'"),
    ],
)
async def test_a_bad_wish_is_refused(site: Site, body: dict[str, Any], sentence: str) -> None:
    answered = await site.manage("POST", "/sharing", body, status=400)
    assert sentence in answered["error"]


async def test_a_limited_key_shares_no_more_than_it_reads(site: Site) -> None:
    _, secret = site.footfall.projects.create_key(
        site.project, "k", scopes=["query"], allowed_modules=["sharing"]
    )
    for modules, status in ((["utm"], 403), (["geo"], 201), ([], 201)):
        answered = await site.call(
            "POST", "/api/v1/sharing", {"modules": modules}, headers=[("X-Pulse-Key", secret)]
        )
        assert answered.status == status, answered.body


async def test_a_stranger_sees_the_figures_and_nothing_else(site: Site) -> None:
    made = await share(site)
    answered = await look(site, f"/shared/{made['token']}")
    page = text_of(answered)
    assert '<a class="metric" id="metric-visitors"' in page
    assert re.search(r'id="metric-visitors".*?<strong>2</strong>', page, re.DOTALL)
    assert re.search(r'id="metric-pageviews".*?<strong>2</strong>', page, re.DOTALL)
    assert "/pricing" in page
    assert "signup" in page
    assert "spring" not in page
    assert "utm_campaign" not in page
    for secret in (ADMIN_TOKEN, site.key, "default", "settings", "Sign out", "/dashboard/p/"):
        assert secret not in page, secret
    assert answered.headers["x-robots-tag"] == "noindex, nofollow"
    assert answered.headers["referrer-policy"] == "same-origin"
    assert answered.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answered.headers["content-security-policy"]
    assert "set-cookie" not in answered.headers


async def test_every_address_on_the_pages_works_and_stays_within_the_link(site: Site) -> None:
    home = f"/shared/{(await share(site))['token']}"
    waiting, seen = [home], {home}
    while waiting and len(seen) < 60:
        answered = await look(site, waiting.pop(0), *FRAGMENT)
        assert answered.status in {200, 303}, (answered.status, answered.body[:200])
        page = answered.body.decode()
        for address in re.findall(r'(?:href|hx-get|action|src)="([^"]*)"', page):
            url = address.replace("&amp;", "&")
            if url.endswith("/filter"):  # a form; this is what a browser makes of it
                url += "?dimension=page&operator=is&value=/"
            assert url.startswith((home, "/dashboard/static/", "#")), url
            kind = re.sub(r"[?#].*", "", url)
            is_new = not any(re.sub(r"[?#].*", "", s) == kind for s in seen) or len(seen) < 30
            if url.startswith(home) and url not in seen and is_new:
                seen.add(url)
                waiting.append(url)
    kinds = {re.sub(r"\?.*", "", s).removeprefix(home) for s in seen}
    assert {"", "/realtime", "/live", "/zones", "/pages", "/csv/pages", "/csv/events"} <= kinds


@pytest.mark.parametrize(
    "rest",
    ["/settings", "/bots", "/waiting", "/first-key", "/settings/keys", "/reasons", "/a/b/c"],
)
async def test_what_is_not_shared_is_not_there(site: Site, rest: str) -> None:
    made = await share(site)
    assert (await look(site, f"/shared/{made['token']}{rest}")).status == 404
    answered = await site.call("POST", f"/shared/{made['token']}{rest}", headers=HOST)
    assert answered.status in {404, 405}


async def test_bots_stay_hidden_from_guests(site: Site) -> None:
    await site.send(-30, "203.0.113.3", CRAWLER, {"type": "pageview", "path": "/secret"})
    site.set_clock(0)
    made = await share(site)
    assert "/secret" not in text_of(
        await look(site, f"/shared/{made['token']}/csv/pages?bots=only")
    )


async def test_csv_and_live_figure_come_under_the_link(site: Site) -> None:
    home = f"/shared/{(await share(site))['token']}"
    answered = await look(site, f"{home}/csv/pages")
    assert text_of(answered).splitlines()[0] == "Page,Visitors,Pageviews,Time on page"
    assert sorted(line.split(",")[0] for line in answered.body.decode().splitlines()[1:]) == [
        "/",
        "/pricing",
    ]
    assert answered.headers["x-robots-tag"] == "noindex, nofollow"
    assert "2 people now" in text_of(await look(site, f"{home}/live", *FRAGMENT))


async def test_only_chosen_modules_are_shown_on_every_page(site: Site) -> None:
    home = f"/shared/{(await share(site, modules=['geo', 'utm']))['token']}"
    page = text_of(await look(site, home))
    assert "Places" in page
    assert "Campaigns" in page
    for hidden in ("Pages</h2>", "Devices</h2>", "Events</h2>", ">/pricing", "Chrome", "signup"):
        assert hidden not in page, hidden
    for hidden in ("metric-pageviews", "metric-sessions", "metric-bounce_rate", "people now"):
        assert hidden not in page, hidden
    for rest in ("/pages", "/devices", "/events", "/csv/pages", "/csv/events", "/live"):
        assert (await look(site, home + rest)).status == 404, rest
    assert (await look(site, f"{home}/realtime")).status == 404
    for target in ("panel-pages", "panel-devices", "panel-events", "panel-reasons"):
        assert (await look(site, home, *FRAGMENT, ("HX-Target", f"x#{target}"))).status == 404
    lines = text_of(await look(site, f"{home}/csv/sources?tab=campaign")).splitlines()
    assert lines[:2] == ["Campaign,Visitors", ",1"] or lines[1].startswith("spring,1")


@pytest.mark.parametrize(
    "query",
    [
        "is.page=/pricing",
        "contains.page=pri",
        "is.browser=Chrome",
        "is.event=signup",
        "is.prop:plan=pro",
        "is.bot_reasons=agent",
        "is.kind=event",
        "metric=pageviews",
        "metric=revenue",
    ],
)
async def test_a_filter_or_metric_tells_nothing_that_is_hidden(site: Site, query: str) -> None:
    home = f"/shared/{(await share(site, modules=['geo']))['token']}"
    for path in (home, f"{home}/places", f"{home}/csv/places"):
        answered = await look(site, f"{path}?{query}")
        assert answered.status == 403, path
        assert b"is not shown here" in answered.body
    allowed = await look(site, f"{home}?is.country=DE")
    assert allowed.status == 200


async def test_a_switched_off_module_closes_links_and_what_they_show(site: Site) -> None:
    home = f"/shared/{(await share(site, modules=['utm', 'geo']))['token']}"
    modules = f"/projects/{site.project.id}/modules"
    assert "Campaigns" in text_of(await look(site, home))
    await site.admin("POST", f"{modules}/utm/disable")
    assert "Campaigns" not in text_of(await look(site, home))
    await site.admin("POST", f"{modules}/sharing/disable")
    assert (await look(site, home)).status == 404
    await site.admin("POST", f"{modules}/sharing/enable")
    assert (await look(site, home)).status == 200


async def test_a_revoked_or_expired_link_shows_nothing_at_once(site: Site) -> None:
    first = await share(site)
    second = await share(site, expires_at="2026-03-01T12:00:10Z")
    pages = [f"/shared/{m['token']}{rest}" for m in (first, second) for rest in ("", "/csv/pages")]
    assert {(await look(site, p)).status for p in pages} == {200}
    await site.manage("DELETE", f"/sharing/{first['id']}", status=204)
    site.set_clock(10)
    for page in pages:
        gone = await look(site, page)
        assert gone.status == 404
        assert b"This link shows nothing" in gone.body
        assert b"Shop" not in gone.body
    assert (await look(site, "/shared/nobody-made-this")).status == 404


async def give(site: Site, home: str, password: str, ip: str = "203.0.113.9") -> Answered:
    body = f"password={quote(password)}".encode()
    headers = [*HOST, ("Origin", "http://stats.example")]
    return await site.call("POST", home, body, headers=headers, ip=ip)


async def test_a_password_stands_before_every_page(site: Site) -> None:
    made = await share(site, password="open sesame")
    assert made["password_protected"] is True
    home = f"/shared/{made['token']}"
    for rest in ("", "/pages", "/csv/pages", "/live", "/realtime", "/zones"):
        asked = await look(site, home + rest)
        assert asked.status == 401, rest
        assert b"Password" in asked.body
        assert b"Shop" not in asked.body
    wrong = await give(site, home, "open barley")
    assert wrong.status == 401
    assert b"That is not the password" in wrong.body
    right = await give(site, home, "open sesame")
    assert (right.status, right.headers["location"]) == (303, home)
    cookie = right.headers["set-cookie"]
    assert f"Path={home}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    pair = ("Cookie", cookie.partition(";")[0])
    assert (await look(site, home, pair)).status == 200
    assert (await look(site, f"{home}/csv/pages", pair)).status == 200
    other = await share(site, password="another")
    assert (await look(site, f"/shared/{other['token']}", pair)).status == 401
    session = ("Cookie", pair[1].replace("footfall_share", "footfall_session"))
    assert (await look(site, "/dashboard/p/shop", session)).status == 303
    site.set_clock(13 * 3600)
    assert (await look(site, home, pair)).status == 401


async def test_guessing_a_password_is_stopped(site: Site) -> None:
    home = f"/shared/{(await share(site, password='open sesame'))['token']}"
    for _ in range(10):
        assert (await give(site, home, "guess")).status == 401
    stopped = await give(site, home, "open sesame")
    assert stopped.status == 429
    assert stopped.headers["retry-after"] == "900"
    assert (await give(site, home, "open sesame", ip="203.0.113.10")).status == 303
    site.set_clock(16 * 60)
    assert (await give(site, home, "open sesame")).status == 303


async def test_a_password_from_another_site_is_refused(site: Site) -> None:
    home = f"/shared/{(await share(site, password='open sesame'))['token']}"
    headers = [*HOST, ("Origin", "https://evil.example")]
    answered = await site.call("POST", home, b"password=open+sesame", headers=headers)
    assert answered.status == 403


async def test_only_a_link_made_for_it_can_be_framed(site: Site) -> None:
    plain = f"/shared/{(await share(site))['token']}"
    assert (await look(site, f"{plain}?embed=1")).headers["x-frame-options"] == "DENY"
    made = await share(site, embed_origins=["https://intranet.example", "https://b.example:8443"])
    home = f"/shared/{made['token']}"
    assert (await look(site, home)).headers["x-frame-options"] == "DENY"
    framed = await look(site, f"{home}?embed=1")
    policy = framed.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://intranet.example https://b.example:8443")
    assert "x-frame-options" not in framed.headers
    page = text_of(framed)
    assert 'id="nav"' not in page
    links = re.findall(rf'href="({home}[^"]*)"', page)
    assert len(links) > 20
    assert all("embed=1" in link for link in links)


async def test_signing_in_changes_nothing_about_a_link(site: Site) -> None:
    headers = [*HOST, ("Origin", "http://stats.example")]
    body = f"secret={ADMIN_TOKEN}".encode()
    signed = await site.call("POST", "/dashboard/login", body, headers=headers)
    pair = ("Cookie", signed.headers["set-cookie"].partition(";")[0])
    home = f"/shared/{(await share(site, modules=['geo']))['token']}"
    assert "Settings" not in text_of(await look(site, home, pair))
    assert (await look(site, f"{home}/settings", pair)).status == 404


async def test_the_report_of_a_link_agrees_with_the_api(site: Site) -> None:
    home = f"/shared/{(await share(site))['token']}"
    stats = (await site.read("/stats"))["current"]
    page = text_of(await look(site, home))
    shown = re.search(r'id="metric-sessions".*?<strong>(\d+)</strong>', page, re.DOTALL)
    assert shown is not None
    assert int(shown[1]) == stats["sessions"] == 2
