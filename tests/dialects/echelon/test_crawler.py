"""Crawlers by name, from the request to every place that shows them, on real figures."""

from pathlib import Path
from typing import Any

import msgspec

from tests.dialects.echelon.beacon import HEADERS, view
from tests.dialects.echelon.test_api import SECRET, read
from tests.site import CHROME, Site, open_site

GPTBOT = (
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.1;"
    " +https://openai.com/gptbot"
)
AHREFS = "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)"
OWN = "Acme-Crawler/1.0 (+https://acme.example/bot)"


async def ask(site: Site, dimension: str, **more: Any) -> dict[str, int]:
    answered = await site.call(
        "POST",
        "/api/query",
        {
            "project": site.project.slug,
            "metrics": ["signals"],
            "dimensions": [dimension],
            "range": "7d",
            **more,
        },
        headers=[("Authorization", f"Bearer {site.key}")],
    )
    assert answered.status == 200, answered.body
    rows = msgspec.json.decode(answered.body)["rows"]
    return {row["dimensions"][dimension]: row["metrics"]["signals"] for row in rows}


async def test_crawlers_have_their_names_in_every_report(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"ECHELON_SECRET": SECRET}) as site:
        for n, (agent, count) in enumerate({GPTBOT: 3, AHREFS: 2, OWN: 1, CHROME: 4}.items()):
            for _ in range(count):
                headers = (("User-Agent", agent), *HEADERS[1:])
                await view(site, "/", s="shop", sid=None, ip=f"198.51.100.{n}", headers=headers)
        await site.post("198.51.100.77", GPTBOT, {"type": "pageview", "path": "/p"})
        only = {"bots": "only"}
        assert await ask(site, "crawler", **only) == {
            "GPTBot": 4,
            "AhrefsBot": 2,
            "Acme-Crawler": 1,
        }
        assert await ask(site, "crawler_kind", **only) == {"AI": 4, "SEO": 2, "Other": 1}
        assert await ask(site, "crawler") == {}, "people are no crawlers"
        assert await ask(site, "browser", **only) == await ask(site, "crawler", **only)
        of_ai = {"dimension": "crawler_kind", "operator": "is", "values": ["AI"]}
        assert await ask(site, "page", filters=of_ai, **only) == {"/": 3, "/p": 1}
        found = await read(site, "/bots/suspicious?site_id=shop&min_score=50")
        assert sorted(row["browsers"] for row in found) == [
            "Acme-Crawler",
            "AhrefsBot",
            "GPTBot",
            "GPTBot",
        ]
        site.set_clock(60)
        await check_page(site)


async def check_page(site: Site) -> None:
    form = ("Content-Type", "application/x-www-form-urlencoded")
    signed = await site.call(
        "POST", "/dashboard/login", b"secret=admin-token-of-the-tests", headers=[form]
    )
    cookie = [("Cookie", signed.headers["set-cookie"].partition(";")[0])]
    url = f"/dashboard/p/{site.project.slug}"
    page = (await site.call("GET", f"{url}/bots?period=today", headers=cookie)).body.decode()
    assert "Crawlers by name" in page
    assert page.index("GPTBot") < page.index("AhrefsBot") < page.index("Acme-Crawler")
    listed = (
        await site.call("GET", f"{url}/crawlers?bots=only&period=today", headers=cookie)
    ).body.decode()
    assert "AhrefsBot" in listed
    sheet = await site.call("GET", f"{url}/csv/crawlers?bots=only&period=today", headers=cookie)
    assert b"GPTBot,4" in sheet.body
