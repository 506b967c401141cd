"""A lead form on a page of somebody else's, with the real server behind it: filled in without a
mouse, its mistakes said aloud, its trap out of everybody's way, and refused to foreign pages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.acceptance.process import Server
from tests.browser.site import PAGES, Site

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

KEY = "admin-key-of-the-tests"
SITE_KEY = "pk_live_browser"

FIELDS = [
    {"name": "FIRSTNAME", "label": "Your name", "required": True},
    {"name": "EMAIL", "label": "E-mail", "type": "email", "required": True, "hint": "For us only."},
    {"name": "FLAT", "label": "Flat", "type": "select", "options": ["Two rooms", "Three rooms"]},
    {"name": "WHEN", "label": "When?", "type": "radio", "options": ["Morning", "Evening"]},
    {"name": "USER_MESSAGE", "label": "Message", "type": "textarea"},
    {"name": "CONSENT", "label": "I agree.", "type": "checkbox", "required": True},
    {"name": "CTA", "type": "hidden", "defaultValue": "hero"},
]
CONTENT = {
    "title": "Arrange a viewing",
    "submitLabel": "Send enquiry",
    "successMessage": "We will call you.",
    "fields": FIELDS,
    "hidden": {"PROJECT": "Skyline", "SOURCE": "WebSite"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("form") / "data", ANALYTICS_API_KEY=KEY)
    server.start()
    made = manage(server, "POST", "/sites", {"site_key": SITE_KEY})
    manage(server, "POST", f"/sites/{made['id']}/domains", {"domain": "127.0.0.1"})
    yield server
    assert server.stop() == 0


def manage(server: Server, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {KEY}"}
    status, _, answer = server.request(method, f"/analytics{path}", body, headers)
    assert status < 300, answer
    return answer


@pytest.fixture
def form(server: Server) -> Iterator[Any]:
    body = {"site_id": 1, "form_id": "enquiry", "form_json": CONTENT}
    made = manage(server, "POST", "/forms", body)
    yield made
    manage(server, "DELETE", f"/forms/{made['id']}")


@pytest.fixture
def host(server: Server, form: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site whose page has a place for the form and names it in the script's tag."""
    body = '<a href="#before">Before</a><div id="place"></div><p id="below">Below</p>'
    monkeypatch.setitem(PAGES, "/", ("Home", body))
    attributes = {"data-site-key": SITE_KEY, "data-form-id": "enquiry", "data-target": "#place"}
    with Site(server.url, attributes) as site:
        site.script = "/form.js"
        yield site


class Capture:
    """Stands in for the end of the way; writes down what a form sends."""

    def __init__(self, page: Page) -> None:
        self.requests: list[Request] = []
        self.answers: list[tuple[int, str]] = []
        self.delay_ms = 0
        self._page = page
        page.route("**/lead.capture", self._answer)

    def _answer(self, route: Any, request: Request) -> None:
        self.requests.append(request)
        if self.delay_ms:
            self._page.wait_for_timeout(self.delay_ms)
        status, body = self.answers.pop(0) if self.answers else (200, '{"success":true}')
        if not status:
            route.abort()
            return
        allowed = {"Access-Control-Allow-Origin": "*", "Content-Type": "application/json"}
        route.fulfill(status=status, body=body, headers=allowed)


@pytest.fixture
def capture(page: Page) -> Capture:
    return Capture(page)


def focused(page: Page) -> str:
    """Return the id or the text of what has the focus within the form."""
    script = """() => {
      const deep = document.querySelector("[data-pulsegate-form]").shadowRoot.activeElement;
      return deep ? deep.id || deep.textContent : document.activeElement.textContent;
    }"""
    return str(page.evaluate(script))


def fill(page: Page) -> None:
    page.get_by_label("Your name").fill("Ada Example")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("I agree.").check()


def send(page: Page) -> Locator:
    return page.get_by_role("button", name="Send enquiry")


def test_a_visitor_fills_it_in_by_keyboard_alone(page: Page, host: Site, capture: Capture) -> None:
    page.goto(f"{host.url}/?utm_source=news&utm_campaign=spring")
    expect(page.get_by_role("form", name="Arrange a viewing")).to_be_visible()
    page.get_by_text("Before").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Ada Example")
    page.keyboard.press("Tab")
    page.keyboard.type("ada@example.com")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("When may I come?")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    assert focused(page) == "Send enquiry"
    page.keyboard.press("Enter")
    thanks = page.get_by_role("status").filter(has_text="We will call you.")
    expect(thanks).to_be_focused()
    [request] = capture.requests
    sent = request.post_data_json
    seconds = sent.pop("__pg_tts")
    assert 0 < seconds < 30
    assert re.fullmatch("[0-9a-f]{32}", sent.pop("__pg_sid"))
    assert sent == {
        "siteKey": SITE_KEY,
        "formId": "enquiry",
        "FIRSTNAME": "Ada Example",
        "EMAIL": "ada@example.com",
        "FLAT": "Two rooms",
        "WHEN": "Evening",
        "USER_MESSAGE": "When may I come?",
        "CONSENT": "true",
        "CTA": "hero",
        "PROJECT": "Skyline",
        "SOURCE": "WebSite",
        "PAGE_URL": f"{host.url}/?utm_source=news&utm_campaign=spring",
        "DOMAIN": "127.0.0.1",
        "utm_source": "news",
        "utm_campaign": "spring",
        "__pg_hp": "",
    }
    assert request.headers["accept"] == "application/json"


def test_mistakes_are_said_at_the_top_and_at_their_fields(
    page: Page, host: Site, capture: Capture
) -> None:
    page.goto(host.url)
    page.get_by_label("E-mail").fill("ada@")
    send(page).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("3 entries need your attention")
    name, mail = page.get_by_label("Your name"), page.get_by_label("E-mail")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description("Your name is missing.")
    expect(mail).to_have_accessible_description(
        "For us only. Enter an e-mail address such as name@example.com."
    )
    expect(page.get_by_label("I agree.")).to_have_accessible_description("Please tick “I agree”.")
    summary.get_by_role("link", name="Your name is missing.").click()
    assert focused(page) == "pg-FIRSTNAME"
    name.fill("Ada")
    expect(name).to_have_attribute("aria-invalid", "false")
    expect(name).to_have_accessible_description("")
    assert capture.requests == []
    fill(page)
    send(page).click()
    expect(page.get_by_text("We will call you.")).to_be_visible()
    assert len(capture.requests) == 1


def test_fields_say_what_they_are(page: Page, host: Site, capture: Capture) -> None:
    page.goto(host.url)
    for label, attribute, value in (
        ("Your name", "autocomplete", "name"),
        ("Your name", "aria-required", "true"),
        ("E-mail", "autocomplete", "email"),
        ("E-mail", "type", "email"),
        ("I agree.", "aria-required", "true"),
    ):
        expect(page.get_by_label(label)).to_have_attribute(attribute, value)
    expect(page.get_by_role("group", name="When?").get_by_role("radio")).to_have_count(2)
    expect(page.get_by_label("Message")).not_to_have_attribute("aria-required", "true")


def test_nobody_sees_reaches_or_hears_the_trap(page: Page, host: Site, capture: Capture) -> None:
    page.goto(host.url)
    trap = page.locator("[name=__pg_website]")
    expect(trap).to_have_attribute("tabindex", "-1")
    expect(trap).to_have_attribute("autocomplete", "off")
    box = trap.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] < 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "__pg_website" not in page.locator("body").aria_snapshot()
    names = page.get_by_role("textbox").evaluate_all("all => all.map((one) => one.id)")
    assert names == ["pg-FIRSTNAME", "pg-EMAIL", "pg-USER_MESSAGE"]
    trap.evaluate("one => { one.value = 'http://spam.example' }")
    fill(page)
    send(page).click()
    expect(page.get_by_text("We will call you.")).to_be_visible()
    assert capture.requests[0].post_data_json["__pg_hp"] == "http://spam.example"


def test_an_impatient_visitor_sends_it_once(page: Page, host: Site, capture: Capture) -> None:
    capture.delay_ms = 300
    page.goto(host.url)
    fill(page)
    send(page).evaluate("one => { one.click(); one.click(); one.click() }")
    page.keyboard.press("Enter")
    expect(page.get_by_text("We will call you.")).to_be_visible()
    assert len(capture.requests) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, '{"error":"EMAIL is no address"}'), "EMAIL is no address"),
        ((403, '{"error":"Domain not allowed for this site"}'), "could not be sent"),
        ((500, "<html>"), "could not be sent"),
        ((0, ""), "could not be sent"),
    ],
)
def test_a_failure_is_said_and_costs_nothing_that_was_written(
    page: Page, host: Site, capture: Capture, answer: tuple[int, str], said: str
) -> None:
    capture.answers = [answer]
    page.goto(host.url)
    fill(page)
    send(page).click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Ada Example")
    send(page).click()
    expect(page.get_by_text("We will call you.")).to_be_visible()
    first, again = (request.post_data_json for request in capture.requests)
    assert first["__pg_sid"] == again["__pg_sid"]


def test_what_was_changed_after_a_failure_is_another_form(
    page: Page, host: Site, capture: Capture
) -> None:
    capture.answers = [(0, "")]
    page.goto(host.url)
    fill(page)
    send(page).click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Message").fill("And may I bring my dog?")
    send(page).click()
    expect(page.get_by_text("We will call you.")).to_be_visible()
    first, again = (request.post_data_json for request in capture.requests)
    assert first["__pg_sid"] != again["__pg_sid"]


def test_it_leads_to_the_page_that_thanks(
    page: Page, host: Site, form: Any, server: Server, capture: Capture
) -> None:
    content = {**CONTENT, "redirectUrl": "/about"}
    manage(server, "PATCH", f"/forms/{form['id']}", {"form_json": content})
    page.goto(host.url)
    fill(page)
    send(page).click()
    page.wait_for_url(f"{host.url}/about")


def test_a_strict_content_security_policy_does_not_mind(
    page: Page, host: Site, server: Server, capture: Capture
) -> None:
    policy = f"default-src 'none'; script-src {server.url}; connect-src {server.url}; img-src data:"
    host.headers = [("Content-Security-Policy", policy)]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(host.url)
    expect(send(page)).to_be_visible()
    height = send(page).bounding_box()
    assert height is not None
    assert height["height"] >= 44  # styled, and a finger hits it
    assert said == []


def test_the_page_does_not_jump_where_room_is_kept(
    page: Page, host: Site, capture: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    title, body = PAGES["/"]
    monkeypatch.setitem(PAGES, "/", (title, body.replace("><", ' style="min-height:900px"><')))
    page.add_init_script(
        "self.shift = 0; new PerformanceObserver((list) => list.getEntries()"
        ".forEach((entry) => { self.shift += entry.value }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(host.url)
    expect(send(page)).to_be_visible()
    form = page.get_by_role("form").bounding_box()
    assert form is not None
    assert form["height"] < 900
    page.wait_for_timeout(100)
    assert page.evaluate("self.shift") == 0


def test_a_foreign_page_gets_no_form(page: Page, host: Site, capture: Capture) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(host.url.replace("127.0.0.1", "localhost"))
    page.wait_for_timeout(300)
    expect(page.get_by_role("form")).to_have_count(0)
    assert any("Domain not allowed for this site" in text for text in said)


def test_code_of_the_page_shows_a_form_and_hears_of_it(
    page: Page, host: Site, capture: Capture
) -> None:
    host.attributes = {}
    page.goto(host.url)
    script = """async (keys) => {
      addEventListener("pulsegate:submitted", (event) => { self.heard = event.detail });
      await PulseGate.init({ ...keys, target: "#place" });
      await PulseGate.init({ ...keys, target: document.querySelector("#place"), theme: "dark" });
    }"""
    page.evaluate(script, {"siteKey": SITE_KEY, "formId": "enquiry"})
    expect(page.get_by_role("form")).to_have_count(1)
    fill(page)
    send(page).click()
    expect(page.get_by_text("We will call you.")).to_be_visible()
    assert page.evaluate("self.heard") == {"siteKey": SITE_KEY, "formId": "enquiry"}


def test_what_a_form_says_is_never_code(
    page: Page, host: Site, form: Any, server: Server, capture: Capture
) -> None:
    evil = '<img src=x onerror="self.evil=1">'
    fields = [{"name": "A", "label": evil, "type": "radio", "options": [evil], "hint": evil}]
    content = {"title": evil, "subtitle": evil, "submitLabel": evil, "fields": fields}
    manage(server, "PATCH", f"/forms/{form['id']}", {"form_json": content})
    page.goto(host.url)
    expect(page.get_by_role("heading")).to_have_text(evil)
    page.wait_for_timeout(100)
    assert page.evaluate("self.evil") is None


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("theme", ["light", "dark", "minimal"])
def test_it_fits_every_screen(
    page: Page, host: Site, capture: Capture, width: int, theme: str
) -> None:
    host.attributes["data-theme"] = theme
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(host.url)
    button = send(page)
    expect(button).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("[data-pulsegate-form] form").bounding_box()
    assert box is not None
    assert box["width"] <= 512
    color = page.locator("[data-pulsegate-form] form").evaluate(
        "one => getComputedStyle(one).backgroundColor"
    )
    expected = {"light": r"255, 255, 255\)", "dark": r"27, 30, 36", "minimal": r"0, 0, 0, 0"}
    assert re.search(expected[theme], color), color


def test_what_a_visitor_sends_becomes_a_lead(person: Page, host: Site, server: Server) -> None:
    host.script = "/pulse.js"
    person.goto(host.url)
    person.wait_for_function("PulseGateSession.ids !== undefined")
    ids = person.evaluate("PulseGateSession.ids")
    person.wait_for_timeout(5_100)  # sooner than that is a reason to be suspicious
    fill(person)
    send(person).click()
    expect(person.get_by_text("We will call you.")).to_be_visible()
    [lead] = manage(server, "GET", "/leads")["leads"]
    assert lead["contact_name"] == "Ada Example"
    assert lead["contact_email"] == "ada@example.com"
    assert (lead["project_name"], lead["project_source"]) == ("Skyline", "WebSite")
    assert (lead["visitor_id"], lead["session_id"]) == (ids["visitor_id"], ids["session_id"])
    detail = manage(server, "GET", f"/leads/{lead['lead_id']}")
    [submission] = detail["submissions"]
    assert submission["cta_name"] == "hero"
    assert [session["session_id"] for session in detail["sessions"]] == [ids["session_id"]]
