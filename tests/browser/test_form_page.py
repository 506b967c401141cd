"""The dashboard's page of lead forms with the real server behind it: from nothing to a form that a
page may load, with a preview that is the form itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.process import ADMIN_TOKEN, Server

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("form_page") / "data", ANALYTICS_API_KEY="k" * 24)
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture(params=[(1440, "light"), (390, "dark")], ids=["wide", "phone"])
def page(
    browser: Browser, server: Server, request: pytest.FixtureRequest, complaints: list[str]
) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
    )
    answer = context.request.post(f"{server.url}/dashboard/login", form={"secret": ADMIN_TOKEN})
    assert answer.ok
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield page
    context.close()
    assert complaints == []


def test_from_nothing_to_a_form_that_a_page_loads(page: Page, server: Server) -> None:
    home = f"{server.url}/dashboard/p/default/forms"
    page.goto(home)
    name = f"Shop {page.viewport_size['width']}" if page.viewport_size else "Shop"
    page.locator("form[action$='do/site']").get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add site").click()
    section = page.locator(".form-site").filter(has_text=name)
    section.get_by_label("Domain").fill("https://www.shop.example/flats")
    section.get_by_role("button", name="Add domain").click()
    expect(section.locator(".domains")).to_contain_text("shop.example")
    section.get_by_role("link", name="New form").click()
    page.locator("[name=form_id]").fill("enquiry_form")
    page.locator("[name=title]").fill("Arrange a viewing")
    page.get_by_role("button", name="Add a field").click()
    last = page.locator(".lead-field").last
    last.get_by_label("Label").fill("Flat")
    last.get_by_label("Kind").select_option("select")
    last.get_by_label("Sent as").fill("FLAT")
    last.get_by_label("Options, one a line").fill("Two rooms\nThree rooms")
    preview = page.locator("#preview")
    expect(preview.get_by_role("heading", name="Arrange a viewing")).to_be_visible()
    expect(preview.get_by_label("Flat").locator("option")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Make form").click()
    expect(section.get_by_role("link", name="enquiry_form")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tag = section.locator("pre").inner_text()
    site_key = tag.partition('data-site-key="')[2].partition('"')[0]
    status, _, config = server.request(
        "GET",
        f"/forms/config?siteKey={site_key}&formId=enquiry_form",
        headers={"Origin": "https://shop.example"},
    )
    assert status == 200
    assert config["title"] == "Arrange a viewing"
    assert config["fields"][-1] == {
        "name": "FLAT",
        "type": "select",
        "label": "Flat",
        "options": ["Two rooms", "Three rooms"],
    }


def test_says_what_is_wrong_and_keeps_what_was_written(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/dashboard/p/default/forms")
    page.get_by_role("link", name="New form").first.click()
    page.locator("[name=form_id]").fill("other_form")
    page.locator("[name=redirect]").fill("javascript:alert(1)")
    page.get_by_role("button", name="Make form").click()
    expect(page.get_by_role("alert")).to_contain_text('RedirectUrl is "javascript:alert(1)"')
    expect(page.locator("[name=redirect]")).to_have_value("javascript:alert(1)")


def test_a_key_is_shown_once(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/dashboard/p/default/forms")
    page.locator("form[action$='do/key']").get_by_label("Name").fill("Portal")
    page.get_by_role("button", name="Make key").click()
    secret = page.locator("#secret").inner_text()
    assert secret.startswith("pg_int_")
    page.goto(f"{server.url}/dashboard/p/default/forms")
    assert secret not in page.content()
