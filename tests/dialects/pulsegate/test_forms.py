"""Sites, forms and keys of integrations through PulseGate's door, and what pages load of them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.site import Site, open_site
from tests.unit.http.asgi_call import Answered

ADMIN = "admin-key-of-the-tests"
MARKETING = "marketing-key-of-the-tests"
PAGE = [("Origin", "https://www.shop.example:8443")]

FORM = {
    "title": "Enquire",
    "theme": "light",
    "fields": [
        {"name": "FIRSTNAME", "label": "Name", "type": "text", "required": True},
        {"name": "EMAIL", "label": "E-mail", "type": "email", "required": True},
    ],
    "hidden": {"PROJECT": "Skyline", "SOURCE": "WebSite"},
    "somethingOfTheirs": {"kept": [1, 2]},
}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    keys = {"ANALYTICS_API_KEY": ADMIN, "ANALYTICS_MARKETING_API_KEY": MARKETING}
    async with open_site(tmp_path, settings=keys) as opened:
        yield opened


async def ask(
    site: Site, method: str, path: str, body: Any = None, *, status: int = 200, key: str = ADMIN
) -> Any:
    answer = await site.call(
        method, f"/analytics{path}", body, headers=[("Authorization", f"Bearer {key}")]
    )
    assert answer.status == status, (answer.status, answer.body)
    return msgspec.json.decode(answer.body)


async def make_form(site: Site, content: Any = FORM) -> tuple[dict[str, Any], dict[str, Any]]:
    made = await ask(site, "POST", "/sites", {"name": "Shop", "site_key": "pk_live_s"}, status=201)
    await ask(site, "POST", f"/sites/{made['id']}/domains", {"domain": "shop.example"}, status=201)
    body = {"site_id": made["id"], "form_id": "enquiry_form", "form_json": content}
    return made, await ask(site, "POST", "/forms", body, status=201)


async def load(
    site: Site, query: str = "siteKey=pk_live_s&formId=enquiry_form", headers: Any = PAGE
) -> Answered:
    return await site.call("GET", f"/forms/config?{query}", headers=headers)


def said(answer: Answered) -> Any:
    return msgspec.json.decode(answer.body)


async def test_a_page_of_the_site_loads_its_form(site: Site) -> None:
    await make_form(site)
    answer = await load(site)
    assert answer.status == 200
    assert said(answer) == {**FORM, "siteKey": "pk_live_s", "formId": "enquiry_form"}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-cache"
    by_referrer = await load(site, headers=[("Referer", "https://shop.example/flats?x=1")])
    assert by_referrer.body == answer.body


async def test_a_form_that_came_as_text_is_answered_as_an_object(site: Site) -> None:
    _, made = await make_form(site, msgspec.json.encode(FORM).decode())
    assert made["form_json"] == FORM
    assert said(await load(site))["fields"] == FORM["fields"]


@pytest.mark.parametrize(
    ("query", "headers", "status", "error", "reason"),
    [
        ("formId=enquiry_form", PAGE, 400, "missing required field 'siteKey'", "empty_site_key"),
        (
            "siteKey=pk_live_s&formId=enquiry_form",
            [],
            403,
            "Origin or Referer is required: only pages of the site may ask",
            "missing_origin_referer",
        ),
        (
            "siteKey=pk_live_s&formId=enquiry_form",
            [("Origin", "null")],
            403,
            "Origin or Referer is required: only pages of the site may ask",
            "missing_origin_referer",
        ),
        (
            "siteKey=pk_live_other&formId=enquiry_form",
            PAGE,
            403,
            "Domain not allowed for this site",
            "site_not_found",
        ),
        (
            "siteKey=pk_live_s&formId=enquiry_form",
            [("Origin", "https://evil.example"), ("Referer", "https://shop.example/")],
            403,
            "Domain not allowed for this site",
            "hostname_not_in_site_domains",
        ),
    ],
)
async def test_other_pages_are_refused_and_counted(
    site: Site, query: str, headers: Any, status: int, error: str, reason: str
) -> None:
    await make_form(site)
    paths = ("/forms/config", "/track/config") if "siteKey" in query else ("/forms/config",)
    for path in paths:
        answer = await site.call("GET", f"{path}?{query}", headers=headers)
        assert (answer.status, said(answer)) == (status, {"error": error})
        assert answer.headers["access-control-allow-origin"] == "*"
    assert site.footfall.form_gate.refusals == {reason: len(paths)}
    [sample] = [s for s in site.footfall.read_samples() if "form_refusals" in s.name]
    assert (sample.value, sample.labels) == (len(paths), (("reason", reason),))


async def test_names_what_is_missing_or_unknown_of_a_form(site: Site) -> None:
    await make_form(site)
    missing = await load(site, "siteKey=pk_live_s")
    assert (missing.status, said(missing)) == (400, {"error": "missing required field 'formId'"})
    unknown = await load(site, "siteKey=pk_live_s&formId=other")
    assert (unknown.status, said(unknown)) == (404, {"error": "Form 'other' not found."})
    posted = await site.call("POST", "/forms/config", {}, headers=PAGE)
    assert (posted.status, posted.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    preflight = await site.call("OPTIONS", "/forms/config", headers=PAGE)
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"


async def test_what_is_switched_off_is_refused_at_once(site: Site) -> None:
    made, form = await make_form(site)
    await ask(site, "PATCH", f"/forms/{form['id']}", {"enabled": False})
    refused = await load(site)
    assert (refused.status, said(refused)) == (403, {"error": "This form is disabled"})
    await ask(site, "PATCH", "/forms/enquiry_form", {"enabled": True})
    assert (await load(site)).status == 200
    await ask(site, "PATCH", f"/sites/{made['id']}", {"enabled": False})
    refused = await load(site)
    assert (refused.status, said(refused)) == (403, {"error": "This site is disabled"})


async def test_says_whether_visits_are_recorded(site: Site) -> None:
    made, _ = await make_form(site)

    async def read() -> Any:
        return said(await site.call("GET", "/track/config?siteKey=pk_live_s", headers=PAGE))

    assert await read() == {"recordSession": False, "fingerprint": False}
    without = await site.call("GET", "/track/config")
    assert said(without) == {"recordSession": False, "fingerprint": False}
    change = {"record_session": True, "fingerprint": True}
    await ask(site, "PATCH", f"/sites/{made['id']}", change)
    assert await read() == {"recordSession": True, "fingerprint": True}


async def test_a_site_shows_its_domains_and_forms(site: Site) -> None:
    made, form = await make_form(site)
    found = await ask(site, "GET", f"/sites/{made['id']}")
    assert [d["domain"] for d in found["domains"]] == ["shop.example"]
    assert found["forms"] == [form]
    assert (found["name"], found["project"], found["enabled"]) == ("Shop", "default", True)
    assert await ask(site, "GET", "/sites") == [found]
    renamed = await ask(site, "PATCH", f"/sites/{made['id']}", {"name": "Flats"})
    assert renamed["name"] == "Flats"


async def test_a_site_belongs_to_the_project_that_is_named(site: Site) -> None:
    made = await ask(site, "POST", "/sites", {"project": site.project.slug}, status=201)
    assert made["project"] == site.project.slug
    assert made["site_key"].startswith("pk_live_")
    assert len(made["site_key"]) == 40
    assert site.footfall.forms.lookup.find_project(made["site_key"]) == site.project.number


async def test_a_removed_domain_is_refused_at_once(site: Site) -> None:
    made, _ = await make_form(site)
    [domain] = (await ask(site, "GET", f"/sites/{made['id']}"))["domains"]
    other = await ask(site, "POST", "/sites", {"site_key": "pk_live_t"}, status=201)
    path = f"/domains/{domain['id']}"
    await ask(site, "DELETE", f"/sites/{other['id']}{path}", status=404)
    assert await ask(site, "DELETE", f"/sites/{made['id']}{path}") == {"deleted": True}
    assert (await load(site)).status == 403


async def test_a_form_changes_and_goes(site: Site) -> None:
    made, form = await make_form(site)
    listed = await ask(site, "GET", f"/forms?site_id={made['id']}")
    assert listed == [form]
    assert await ask(site, "GET", f"/forms/{form['id']}") == form
    content = {**FORM, "title": "Call me"}
    changed = await ask(site, "PATCH", f"/forms/{form['id']}", {"form_json": content, "name": "F"})
    assert changed["form_json"]["title"] == "Call me"
    assert said(await load(site))["title"] == "Call me"
    assert said(await load(site))["name"] == "F"
    assert await ask(site, "DELETE", f"/forms/{form['id']}") == {"deleted": True}
    assert (await load(site)).status == 404
    await ask(site, "GET", f"/forms/{form['id']}", status=404)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("POST", "/sites", {"site_key": "a b"}, 400, "site_key 'a b' must be 6 to 64"),
        ("POST", "/sites", {"site_key": "pk_live_s"}, 409, "is taken"),
        ("POST", "/sites", {"project": "nowhere"}, 400, "project 'nowhere' is unknown"),
        ("POST", "/sites", {"name": "x" * 201}, 400, "201 characters"),
        ("PATCH", "/sites/1", {}, 400, "nothing to change"),
        ("PATCH", "/sites/99", {"name": "x"}, 404, "Site '99' not found."),
        ("PATCH", "/sites/1", {"enabled": "no"}, 400, "true or false"),
        ("GET", "/sites/abc", None, 404, "Site 'abc' not found."),
        ("POST", "/sites/1/domains", {"domain": "no host"}, 400, "'no host' is no host name"),
        ("POST", "/sites/1/domains", {"domain": "www.shop.example:81"}, 409, "is registered"),
        ("POST", "/sites/1/domains", {}, 400, "missing required field 'domain'"),
        ("POST", "/sites/9/domains", {"domain": "a.example"}, 404, "Site '9' not found."),
        ("GET", "/forms?site_id=9", None, 404, "Site '9' not found."),
        ("POST", "/forms", {"site_id": 1, "form_id": "x"}, 400, "'form_json'"),
        ("POST", "/forms", {"site_id": 1, "form_id": "x", "form_json": {}}, 400, "fields is"),
        ("POST", "/forms", {"site_id": 9, "form_id": "x", "form_json": FORM}, 404, "Site '9'"),
        ("POST", "/forms", {"site_id": 1, "form_id": "x y", "form_json": FORM}, 400, "'x y'"),
        (
            "POST",
            "/forms",
            {"site_id": 1, "form_id": "enquiry_form", "form_json": FORM},
            409,
            "form_id 'enquiry_form' is taken on this site",
        ),
        ("PATCH", "/forms/1", {"form_json": {"fields": 1}}, 400, "fields is missing or empty"),
        ("DELETE", "/integrations/7", None, 404, "Integration '7' not found."),
    ],
)
async def test_says_what_is_wrong(
    site: Site, method: str, path: str, body: Any, status: int, words: str
) -> None:
    await make_form(site)
    answer = await ask(site, method, path, body, status=status)
    assert words in answer["error"]


async def test_a_form_id_of_two_sites_must_be_named_by_number(site: Site) -> None:
    _, first = await make_form(site)
    other = await ask(site, "POST", "/sites", {"site_key": "pk_live_t"}, status=201)
    body = {"site_id": other["id"], "form_id": "enquiry_form", "form_json": FORM}
    second = await ask(site, "POST", "/forms", body, status=201)
    refused = await ask(site, "GET", "/forms/enquiry_form", status=400)
    assert f"{first['id']}, {second['id']}" in refused["error"]


async def test_a_key_of_an_integration_is_shown_once(site: Site) -> None:
    made = await ask(site, "POST", "/integrations", {"name": "Portal"}, status=201)
    secret = made["api_key"]
    assert site.footfall.forms.lookup.find_integration(secret) is not None
    [listed] = await ask(site, "GET", "/integrations")
    assert listed["name"] == "Portal"
    assert secret.startswith(listed["api_key"].rstrip("•"))
    assert len(listed["api_key"].rstrip("•")) == 11
    assert await ask(site, "DELETE", f"/integrations/{made['id']}") == {"deleted": True}
    assert site.footfall.forms.lookup.find_integration(secret) is None
    assert await ask(site, "GET", "/integrations") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", path) for path in ("/sites", "/sites/1", "/forms", "/forms/1")),
        *(("POST", path) for path in ("/sites", "/sites/1/domains", "/forms", "/integrations")),
        *(("PATCH", path) for path in ("/sites/1", "/forms/1")),
        *(("DELETE", f"/{p}/1") for p in ("sites/1/domains", "forms", "integrations")),
        ("GET", "/integrations"),
    ],
)
async def test_a_marketing_key_manages_nothing(site: Site, method: str, path: str) -> None:
    refused = await ask(site, method, path, {}, status=403, key=MARKETING)
    assert refused == {"error": "Forbidden"}


async def test_what_is_stored_survives_a_restart(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"ANALYTICS_API_KEY": ADMIN}) as site:
        await make_form(site)
        made = await ask(site, "POST", "/integrations", {}, status=201)
    async with open_site(tmp_path, settings={"ANALYTICS_API_KEY": ADMIN}) as site:
        assert (await load(site)).status == 200
        assert site.footfall.forms.lookup.find_integration(made["api_key"]) is not None
