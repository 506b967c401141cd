"""The whole way of a lead in a real browser: a visitor fills a form on somebody's page, a marketer
finds the lead, moves it along the pipeline by mouse, by keyboard and on a phone, the visitor writes
again, everything of it stands on the lead's page and in the API, and the visit is watched."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.acceptance.process import ADMIN_TOKEN, Server
from tests.browser.running import photograph
from tests.browser.site import PAGES, Site

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

KEY = "admin-key-of-the-tests"
SITE_KEY = "pk_live_story"
CONTENT = {
    "title": "Arrange a viewing",
    "submitLabel": "Send enquiry",
    "successMessage": "We will call you.",
    "fields": [
        {"name": "FIRSTNAME", "label": "Your name", "required": True},
        {"name": "EMAIL", "label": "E-mail", "type": "email", "required": True},
        {"name": "USER_MESSAGE", "label": "What would you like to see?", "type": "textarea"},
    ],
    "hidden": {"PROJECT": "Skyline", "SOURCE": "WebSite"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("story") / "data", ANALYTICS_API_KEY=KEY)
    server.start()
    made = call(server, "POST", "/sites", {"site_key": SITE_KEY, "name": "Skyline"})
    call(server, "POST", f"/sites/{made['id']}/domains", {"domain": "127.0.0.1"})
    call(server, "PATCH", f"/sites/{made['id']}", {"record_session": True})
    form = {"site_id": made["id"], "form_id": "enquiry", "form_json": CONTENT}
    call(server, "POST", "/forms", form)
    yield server
    assert server.stop() == 0


def call(server: Server, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {KEY}"}
    status, _, answer = server.request(method, f"/analytics{path}", body, headers)
    assert status < 300, answer
    return answer


@pytest.fixture
def host(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A page of somebody's with the tracker and the form."""
    monkeypatch.setitem(PAGES, "/", ("Flats", '<h1>Flats</h1><div id="place"></div>'))
    attributes = {"data-site-key": SITE_KEY, "data-form-id": "enquiry", "data-target": "#place"}
    with Site(server.url, attributes) as site:
        site.script = "/pulse.js"
        yield site


@pytest.fixture
def marketer(browser: Browser, server: Server, complaints: list[str]) -> Iterator[Page]:
    """A page of whoever works the leads; it may not complain."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    answer = context.request.post(f"{server.url}/dashboard/login", form={"secret": ADMIN_TOKEN})
    assert answer.ok
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield page
    context.close()
    assert complaints == []


def send_form(person: Page, host: Site, message: str) -> None:
    with person.expect_response("**/track/recording") as recorded:
        person.goto(f"{host.url}/?utm_source=news&utm_campaign=spring")
    assert recorded.value.ok
    person.get_by_label("Your name").fill("Ada Example")
    person.get_by_label("E-mail").fill("ada@example.com")
    person.get_by_label("What would you like to see?").fill(message)
    person.get_by_role("button", name="Send enquiry").click()
    expect(person.get_by_text("We will call you.")).to_be_visible()


def stage(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=re.compile(f"^{title} "))


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_lead_from_the_form_to_the_pipeline_and_back(
    person: Page, marketer: Page, host: Site, server: Server
) -> None:
    home = f"{server.url}/dashboard/p/default/leads"
    marketer.goto(home)
    expect(marketer.get_by_text("No lead yet.")).to_be_visible()
    expect(marketer.get_by_role("link", name="Make a form")).to_be_visible()

    send_form(person, host, "The third floor, please.")
    marketer.goto(home)
    row = marketer.get_by_role("row").filter(has_text="Ada Example")
    expect(row).to_contain_text("ada@example.com")
    expect(row).to_contain_text("WebSite")
    expect(row).to_contain_text("spring")
    photograph(marketer, "leads-list")
    row.get_by_role("link", name="Ada Example").click()
    forms = marketer.get_by_role("region", name="Forms sent")
    expect(forms).to_contain_text("What would you like to see?")
    expect(forms).to_contain_text("The third floor, please.")
    expect(marketer.get_by_role("region", name="Visits").get_by_role("row")).to_have_count(2)

    # By mouse.
    marketer.goto(home)
    marketer.get_by_role("link", name="Pipeline").click()
    expect(marketer).to_have_url(f"{home}/board")
    card = marketer.locator(".lead-card").filter(has_text="Ada Example")
    expect(stage(marketer, "New").locator(".lead-card")).to_have_count(1)
    card.drag_to(stage(marketer, "Contacted"))
    expect(stage(marketer, "Contacted").locator(".lead-card")).to_have_count(1)
    expect(stage(marketer, "New")).to_contain_text("Nobody")
    expect(marketer.locator("#said")).to_have_text("Ada Example is Contacted now")
    expect(marketer).to_have_url(f"{home}/board")

    # By keyboard: the menu has the focus still, wherever its card went.
    summary = card.locator("summary")
    expect(summary).to_be_focused()
    marketer.keyboard.press("Enter")
    marketer.keyboard.press("Tab")
    expect(card.get_by_role("button", name="New")).to_be_focused()
    marketer.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Qualified")).to_be_focused()
    marketer.keyboard.press("Enter")
    expect(stage(marketer, "Qualified").locator(".lead-card")).to_have_count(1)
    expect(summary).to_be_focused()
    photograph(marketer, "leads-board")

    # On a phone.
    marketer.set_viewport_size({"width": 390, "height": 844})
    marketer.goto(f"{home}/board")
    expect(stage(marketer, "Qualified")).to_be_hidden()
    marketer.get_by_role("navigation", name="Stage").get_by_text("Qualified").click()
    expect(stage(marketer, "New")).to_be_hidden()
    card.locator("summary").click()
    card.get_by_role("button", name="Proposal").click()
    expect(stage(marketer, "Qualified")).to_contain_text("Nobody")
    assert fits(marketer)
    marketer.set_viewport_size({"width": 1440, "height": 900})

    send_form(person, host, "Did you get my message?")
    marketer.goto(home)
    expect(row).to_contain_text("1 follow-up")
    row.get_by_role("link", name="Ada Example").click()
    expect(forms.get_by_role("listitem").first).to_contain_text("Follow-up")
    expect(forms.get_by_role("listitem").first).to_contain_text("Did you get my message?")
    expect(forms.get_by_role("listitem").last).to_contain_text("First form")
    history = marketer.get_by_role("region", name="History").locator("li")
    told = history.locator("p:first-child").all_inner_texts()
    assert [" ".join(text.split()) for text in told] == [
        "Moved from Qualified → to Proposal",
        "Moved from Contacted → to Qualified",
        "Moved from New → to Contacted",
        "Came as New",
    ]
    expect(history.first).to_contain_text("Operator")
    photograph(marketer, "lead")

    [lead] = call(server, "GET", "/leads")["leads"]
    assert (lead["status"], lead["follow_ups_count"]) == ("proposal", 1)
    detail = call(server, "GET", f"/leads/{lead['lead_id']}")
    assert [s["is_primary_lead"] for s in detail["submissions"]] == [0, 1]
    moves = [json.loads(one["payload_json"]) for one in reversed(detail["status_history"])]
    assert moves == [
        {"from": "new", "to": "contacted"},
        {"from": "contacted", "to": "qualified"},
        {"from": "qualified", "to": "proposal"},
    ]
    assert {one["actor"] for one in detail["status_history"]} == {"Operator"}

    # What the visitor saw, without what the visitor typed.
    marketer.get_by_role("region", name="Visits").get_by_role("link", name="Watch").click()
    screen = marketer.frame_locator(".replay-screen iframe")
    expect(screen.locator("h1")).to_have_text("Flats")
    expect(marketer.locator(".replay-timeline")).to_contain_text("Page")
    pieces = list((server.data_dir / "objects" / "replay").rglob("*.json.gz"))
    kept = b"".join(gzip.decompress(piece.read_bytes()) for piece in pieces)
    assert b"Flats" in kept
    assert b"Ada Example" not in kept
    assert b"third floor" not in kept


def test_an_answer_that_is_lost_costs_no_second_form(
    person: Page, host: Site, server: Server
) -> None:
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        lost.append(answer.json()["submission_id"])
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    person.route("**/lead.capture", lose_the_first)
    person.goto(host.url)
    person.get_by_label("Your name").fill("Dora Example")
    person.get_by_label("E-mail").fill("dora@example.com")
    person.get_by_role("button", name="Send enquiry").click()
    expect(person.get_by_role("alert")).to_contain_text("could not be sent")
    person.get_by_role("button", name="Send enquiry").click()
    expect(person.get_by_text("We will call you.")).to_be_visible()
    assert lost[0] == lost[1]
    [lead] = call(server, "GET", "/leads?q=dora")["leads"]
    assert (lead["form_submit_count"], lead["follow_ups_count"]) == (1, 0)


def test_filters_work_without_leaving_the_page(marketer: Page, server: Server) -> None:
    form = {"PROJECT": "Harbour", "SOURCE": "Portal", "__pg_tts": "60"}
    for name in ("Ben Example", "Cleo Example"):
        sent = {**form, "FIRSTNAME": name, "EMAIL": f"{name[:3]}@example.com"}
        assert (
            server.request("POST", "/lead.capture", sent, {"Accept": "application/json"})[0] == 200
        )
    home = f"{server.url}/dashboard/p/default/leads"
    marketer.goto(home)
    rows = marketer.locator(".lead-table tbody tr")
    marketer.get_by_role("searchbox", name="Search leads").fill("cleo")
    marketer.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(marketer).to_have_url(f"{home}?q=cleo")
    marketer.get_by_role("link", name="Show all").click()
    expect(marketer).to_have_url(home)
    marketer.locator(".lead-more summary").click()
    marketer.get_by_label("About").select_option("Harbour")
    expect(marketer).to_have_url(f"{home}?about=Harbour")
    expect(rows).to_have_count(2)
    # The menu is open still.
    marketer.get_by_label("Source").select_option("Portal")
    expect(marketer).to_have_url(f"{home}?about=Harbour&source=Portal")
    marketer.keyboard.press("Escape")
    rows.filter(has_text="Ben Example").locator("summary").click()
    rows.filter(has_text="Ben Example").get_by_role("button", name="Won").click()
    expect(rows.filter(has_text="Ben Example").locator("summary")).to_contain_text("Won")
    expect(rows).to_have_count(2)
    marketer.get_by_role("navigation", name="Stage").get_by_text("Won").click()
    expect(rows).to_have_count(1)
    expect(marketer).to_have_url(f"{home}?status=won&about=Harbour&source=Portal")
    with marketer.expect_download() as download:
        marketer.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert "Ben Example" in text
    assert "Cleo Example" not in text
    marketer.go_back()
    expect(rows).to_have_count(2)
    for width in (390, 768, 1024, 1280):
        marketer.set_viewport_size({"width": width, "height": 844})
        assert fits(marketer), width
