"""The dashboard's page of alerts over the whole program: what a form makes is what is evaluated."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.site import ADMIN_TOKEN, CHROME, Site, open_site
from tests.unit.http.asgi_call import Answered

PAGE = "/dashboard/p/shop/alerts"

FORM = {
    "name": "Many bounces",
    "metric": "bounce_rate",
    "operator": "gte",
    "threshold": "62,5",
    "window": "15",
    "cooldown": "30",
    "emails": "ops@example.com\nbo@example.com",
    "webhooks": "",
}


async def sign_in(site: Site, secret: str = ADMIN_TOKEN) -> str:
    """Sign in and return the cookie."""
    answered = await send(site, "/dashboard/login", {"secret": secret}, "")
    assert answered.status == 303
    return answered.headers["set-cookie"].partition(";")[0]


async def send(site: Site, path: str, fields: dict[str, str], cookie: str) -> Answered:
    """Send a form as a browser does."""
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Host", "footfall.test"),
        ("Origin", "http://footfall.test"),
        ("Cookie", cookie),
    ]
    return await site.call("POST", path, urlencode(fields).encode(), headers=headers)


async def read(site: Site, path: str, cookie: str) -> str:
    answered = await site.call("GET", path, headers=[("Cookie", cookie)])
    assert answered.status == 200, answered.body
    return answered.body.decode()


async def test_form_makes_changes_switches_and_removes_a_rule(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        cookie = await sign_in(site)
        assert "No rule yet." in await read(site, PAGE, cookie)
        assert (await send(site, PAGE, FORM, cookie)).status == 303
        page = await read(site, PAGE, cookie)
        said = (
            "Bounce rate of the last 15 minutes at or above 62.5 %: mails ops@example.com, "
            "bo@example.com, then keeps quiet for 30 minutes."
        )
        assert said in page
        rules = site.footfall.mailroom.alerts
        (rule,) = rules.list_rules(site.project.number)
        assert rule.condition.threshold == 0.625
        form = await read(site, f"{PAGE}?rule={rule.id}", cookie)
        assert 'value="62.5"' in form
        changed = {**FORM, "rule": rule.id, "name": "Renamed", "threshold": "70"}
        assert (await send(site, PAGE, changed, cookie)).status == 303
        (rule,) = rules.list_rules(site.project.number)
        assert (rule.condition.name, rule.condition.threshold) == ("Renamed", 0.7)
        await send(site, f"{PAGE}/{rule.id}/toggle", {}, cookie)
        assert not rules.find(site.project.number, rule.id).is_enabled
        await send(site, f"{PAGE}/{rule.id}/remove", {}, cookie)
        assert rules.list_rules(site.project.number) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"threshold": "many"}, "the threshold is &#39;many&#39;; write a number such as 50"),
        ({"emails": "ops"}, "is no mail address"),
        ({"webhooks": "https://127.0.0.1/"}, "private or local address"),
        ({"metric": "<b>"}, "unknown metric &#39;&lt;b&gt;&#39;"),
    ],
)
async def test_bad_form_comes_back_with_what_was_written_and_what_is_wrong(
    tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    async with open_site(tmp_path) as site:
        cookie = await sign_in(site)
        answered = await send(site, PAGE, {**FORM, **changes}, cookie)
        assert answered.status == 400
        page = answered.body.decode()
        assert sentence in page
        assert 'value="Many bounces"' in page
        assert site.footfall.mailroom.alerts.list_rules(site.project.number) == []


async def test_preview_says_what_the_fields_mean(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        cookie = await sign_in(site)
        fields = {**FORM, "metric": "errors", "threshold": "50", "emails": "", "webhooks": "a b"}
        said = await read(site, f"{PAGE}/preview?{urlencode(fields)}", cookie)
        assert said.strip() == (
            "Errors of the last 15 minutes at or above 50: calls 2 webhooks, "
            "then keeps quiet for 30 minutes."
        )


async def test_failed_delivery_is_shown_with_its_reason_and_tried_again(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        cookie = await sign_in(site)
        fields = {**FORM, "metric": "pageviews", "threshold": "1", "emails": "ops@example.com"}
        await send(site, PAGE, fields, cookie)
        await site.send(0, "203.0.113.1", CHROME, {"type": "pageview", "path": "/"})
        await site.footfall.mailroom.evaluator.run()
        await site.footfall.mailroom.worker.run_until_idle()
        page = await read(site, PAGE, cookie)
        assert "no mail server is set" in page
        assert "1 Mar 2026, 12:00" in page
        outbox = site.footfall.mailroom.outbox
        (dead,) = outbox.list_deliveries(site.project.number)
        assert dead.state == "dead"
        site.set_clock(60)
        await send(site, f"{PAGE}/deliveries/{dead.id}/retry", {}, cookie)
        await site.footfall.mailroom.worker.run_until_idle()
        (again,) = outbox.list_deliveries(site.project.number)
        assert again.id == dead.id
        assert again.finished_at_us == site.clock.now_us()


async def test_readers_keys_and_other_sites_get_nowhere(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        cookie = await sign_in(site, site.key)
        answered = await site.call("GET", PAGE, headers=[("Cookie", cookie)])
        assert answered.status == 403
        assert (await send(site, PAGE, FORM, cookie)).status == 403
        operator = await sign_in(site)
        headers = [("Origin", "https://evil.example"), ("Cookie", operator)]
        answered = await site.call("POST", PAGE, urlencode(FORM).encode(), headers=headers)
        assert answered.status == 403
        assert site.footfall.mailroom.alerts.list_rules(site.project.number) == []
