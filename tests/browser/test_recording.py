"""A visit recorded in a real browser, from the page through the real server to the player: nothing
typed is kept, what is kept is shown again, and nothing in it acts."""

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.acceptance.process import ADMIN_TOKEN, Server
from tests.browser.running import photograph
from tests.browser.site import Request, Response
from tests.browser.site import Server as Pages

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

KEY = "analytics-key-of-the-tests"
SITE_KEY = "pk_live_recorded"

TYPED = ("Rita Meier", "rita@secret.example", "hunter2secret", "4111111111111111", "my remark")
SHOWN = "Flats in Ulm"

FORM = f"""<!doctype html><html lang="en"><head><title>Enquire</title>
<style>h1 {{ color: rgb(10, 20, 30) }} .tall {{ height: 1600px }}</style></head><body>
<h1>{SHOWN}</h1><p data-footfall-mask>Contract 4711-A of Anna</p>
<p data-footfall-block>Balance 9,321 EUR</p>
<form onsubmit="return false"><input id="name" placeholder="Your name">
<input id="mail" type="email"><input id="pass" type="password">
<input id="card" autocomplete="cc-number">
<input type="hidden" name="csrf" value="token-of-the-page">
<div id="note" contenteditable="true">Remark</div><button id="send" class="cta">Send</button></form>
<div class="tall"></div><a id="next" href="/thanks?mail=rita%40secret.example">Next</a>
<script src="{{server}}/tracker.js"></script>
<script>PulseGateSession.init({{siteKey: "{SITE_KEY}"}})</script></body></html>"""

THANKS = "<h1>Thank you</h1>"


class RecordedPages(Pages):
    """A form, the page after it, and what asks for anything else."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server
        self.asked: list[str] = []

    def respond(self, request: Request) -> Response:
        self.asked.append(request.target)
        page = FORM.replace("{server}", self.server.url)
        if request.path == "/thanks":
            page = page.replace(f"<h1>{SHOWN}</h1>", THANKS)
        elif request.path != "/":
            return Response(404)
        return Response(200, page.encode(), [("Content-Type", "text/html")])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("recorded") / "data", ANALYTICS_API_KEY=KEY)
    server.start()
    site = ask(server, "POST", "/analytics/sites", {"name": "Flats", "site_key": SITE_KEY})
    ask(server, "POST", f"/analytics/sites/{site['id']}/domains", {"domain": "127.0.0.1"})
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def pages(server: Server) -> Iterator[RecordedPages]:
    with RecordedPages(server) as pages:
        yield pages


@pytest.fixture
def recorded(server: Server) -> None:
    switch(server, is_on=True)


def ask(server: Server, method: str, path: str, body: Any = None) -> Any:
    headers = {"X-API-Key": KEY}
    status, _, answer = server.request(method, path, body, headers=headers)
    assert status in {200, 201}, (status, answer)
    return answer


def switch(server: Server, *, is_on: bool) -> None:
    (site,) = ask(server, "GET", "/analytics/sites")
    ask(server, "PATCH", f"/analytics/sites/{site['id']}", {"record_session": is_on})


def load_events(server: Server, session_id: str) -> list[dict[str, Any]]:
    shown = ask(server, "GET", f"/replay/sessions/{session_id}")
    path = f"/replay/sessions/{session_id}/chunks"
    return [e for c in shown["chunks"] for e in ask(server, "GET", f"{path}/{c['seq']}")]


def wait_for(server: Server, session_id: str, pages: int, *, timeout_s: float = 30) -> None:
    """Wait until so many page loads of a visit are kept."""
    deadline = time.monotonic() + timeout_s
    while sum(e["type"] == 2 for e in load_events(server, session_id)) < pages:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def find_objects(server: Server) -> list[Path]:
    return sorted((server.data_dir / "objects" / "replay").rglob("*.json.gz"))


def read_objects(server: Server) -> str:
    return "".join(gzip.decompress(path.read_bytes()).decode() for path in find_objects(server))


def visit(server: Server, pages: RecordedPages, person: Page) -> str:
    """Fill in the form, go on, and leave; returns the session."""
    with person.expect_response("**/track/recording") as sent:
        person.goto(f"{pages.url}/?mail=rita%40secret.example")
    assert sent.value.ok
    for field, text in zip(("name", "mail", "pass", "card"), TYPED, strict=False):
        person.locator(f"#{field}").press_sequentially(text)
    person.locator("#note").press_sequentially(TYPED[4])
    person.click("#send")
    person.mouse.wheel(0, 600)
    person.evaluate("PulseGateSession.trackEvent('brochure')")
    person.wait_for_timeout(400)
    session_id = str(person.evaluate("PulseGateSession.ids.session_id"))
    with person.expect_response("**/track/recording"):
        person.click("#next")
    person.wait_for_selector("text=Thank you")
    wait_for(server, session_id, 2)
    person.goto("about:blank")
    return session_id


def open_operator(browser: Browser, server: Server, width: int, scheme: Any) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
    )
    answer = context.request.post(f"{server.url}/dashboard/login", form={"secret": ADMIN_TOKEN})
    assert answer.ok
    return context.new_page()


@pytest.mark.usefixtures("recorded")
def test_a_visit_is_recorded_masked_and_played(
    server: Server, pages: RecordedPages, person: Page, browser: Browser
) -> None:
    session_id = visit(server, pages, person)
    kept = read_objects(server)
    for secret in (*TYPED, "4711-A", "9,321 EUR", "token-of-the-page", "rita"):
        assert secret not in kept, secret
    assert SHOWN in kept
    events = load_events(server, session_id)
    inputs = [e["data"] for e in events if e["type"] == 3 and e["data"]["source"] == 5]
    assert "*" * len(TYPED[0]) in [data["text"] for data in inputs]
    assert {e["data"]["href"] for e in events if e["type"] == 4} == {
        f"{pages.url}/",
        f"{pages.url}/thanks",
    }

    page = open_operator(browser, server, 1440, "light")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/dashboard/p/default/recordings")
    photograph(page, "recordings-light")
    row = page.locator(".recordings tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator(".recording-page")).to_have_text("/")
    row.get_by_role("link").first.click()
    assert page.url == f"{server.url}/dashboard/p/default/recordings/{session_id}"
    screen = page.frame_locator(".replay-screen iframe")
    expect(screen.locator("h1")).to_have_text(SHOWN)
    # As it looked there: the page's own style reached the picture.
    assert screen.locator("h1").evaluate("h => getComputedStyle(h).color") == "rgb(10, 20, 30)"
    lines = page.locator(".replay-timeline button")
    words = [line.inner_text().split("\n")[1] for line in lines.all()]
    assert words[0] == "Page"
    assert "Click" in words
    assert "Event" in words
    photograph(page, "recording-light")
    second = lines.filter(has_text="/thanks")
    second.click()
    expect(second).to_have_attribute("aria-current", "true")
    expect(screen.locator("h1")).to_have_text("Thank you")
    clock = page.locator(".replay-clock")
    before = clock.inner_text()
    page.locator(".replay-seek input").press("ArrowLeft")
    expect(clock).not_to_have_text(before)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert complaints == []
    page.context.close()
    for width, scheme in ((390, "dark"), (390, "light"), (1440, "dark")):
        page = open_operator(browser, server, width, scheme)
        for name, path in (("recordings", ""), ("recording", f"/{session_id}")):
            page.goto(f"{server.url}/dashboard/p/default/recordings{path}")
            if path:
                expect(page.frame_locator(".replay-screen iframe").locator("h1")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            photograph(page, f"{name}-{scheme}")
        page.context.close()


def test_no_recorder_is_loaded_where_recording_is_off(
    server: Server, pages: RecordedPages, person: Page
) -> None:
    switch(server, is_on=False)
    asked: list[str] = []
    person.on("request", lambda request: asked.append(request.url))
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{pages.url}/")
    person.wait_for_timeout(500)
    assert not [url for url in asked if "recorder" in url or "/track/recording" in url]


@pytest.mark.usefixtures("recorded")
def test_whoever_refuses_to_be_tracked_is_not_recorded(pages: RecordedPages, person: Page) -> None:
    person.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
    )
    asked: list[str] = []
    person.on("request", lambda request: asked.append(request.url))
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{pages.url}/")
    person.wait_for_timeout(500)
    assert not [url for url in asked if "recorder" in url]


@pytest.mark.usefixtures("recorded")
def test_a_refusal_ends_the_recording_of_the_visit_and_nothing_else(
    pages: RecordedPages, person: Page
) -> None:
    refusal = {"status": 413, "headers": {"Access-Control-Allow-Origin": "*"}, "body": "{}"}
    person.route("**/track/recording", lambda route: route.fulfill(**refusal))
    with person.expect_response("**/track/recording"):
        person.goto(f"{pages.url}/")
    person.wait_for_function("sessionStorage._pg_unrecorded")
    asked: list[str] = []
    person.on("request", lambda request: asked.append(request.url))
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{pages.url}/thanks")
    person.wait_for_timeout(500)
    assert not [url for url in asked if "recorder" in url]


HOSTILE = """
parent.document.title = "owned"; top.owned = 1; fetch("{canary}/script");
"""


def make_hostile(canary: str) -> list[dict[str, Any]]:
    """Events that no recorder of ours writes: as if somebody had got round the door."""
    number = iter(range(2, 1_000))

    def element(tag: str, attributes: dict[str, Any], *children: Any) -> dict[str, Any]:
        made = {"type": 2, "tagName": tag, "attributes": attributes, "id": next(number)}
        return {**made, "childNodes": list(children)}

    def text(content: str) -> dict[str, Any]:
        return {"type": 3, "textContent": content, "id": next(number)}

    act = HOSTILE.replace("{canary}", canary)
    refresh = {"http-equiv": "refresh", "content": f"0;url={canary}/refresh"}
    head = element(
        "head",
        {},
        element("script", {}, text(act)),
        element("script", {"src": f"{canary}/src.js"}),
        element("meta", refresh),
        element("base", {"href": f"{canary}/base/"}),
        element("link", {"rel": "stylesheet", "href": f"{canary}/style.css"}),
    )
    body = element(
        "body",
        {"onload": act},
        element("h1", {}, text("Hostile")),
        element("img", {"src": f"{canary}/x.png", "onerror": act}),
        element("iframe", {"src": f"{canary}/frame", "srcdoc": f"<script>{act}</script>"}),
        element("object", {"data": f"{canary}/object"}),
        element("svg", {"onload": act}),
        element("a", {"href": f"javascript:{act}", "id": "link"}, text("Click me")),
        element("form", {"action": f"{canary}/form"}, element("button", {}, text("Send"))),
    )
    now = int(time.time() * 1_000)
    root = {"type": 0, "id": 1, "childNodes": [element("html", {}, head, body)]}
    added = element("script", {}, text(act))
    mutation = {
        "source": 0,
        "texts": [],
        "removes": [],
        "attributes": [{"id": body["id"], "attributes": {"onclick": act}}],
        "adds": [{"parentId": body["id"], "nextId": None, "node": added}],
    }
    return [
        {"type": 4, "timestamp": now, "data": {"href": canary, "width": 800, "height": 600}},
        {
            "type": 2,
            "timestamp": now + 1,
            "data": {"node": root, "initialOffset": {"top": 0, "left": 0}},
        },
        {"type": 3, "timestamp": now + 50, "data": mutation},
        {
            "type": 3,
            "timestamp": now + 100,
            "data": {"source": 2, "type": 2, "id": body["id"], "x": 5, "y": 5},
        },
        {"type": 3, "timestamp": now + 1_000, "data": {"source": 3, "id": 1, "x": 0, "y": 0}},
    ]


class Canary(Pages):
    """Hears whatever a recording makes a browser ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def respond(self, request: Request) -> Response:
        self.asked.append(request.target)
        return Response(200, b"", [("Access-Control-Allow-Origin", "*")])


@pytest.mark.usefixtures("recorded")
def test_nothing_that_was_recorded_acts(server: Server, browser: Browser) -> None:
    session_id = "hostile-session"
    with Canary() as canary:
        # Another name than the site's: only the site's own pictures may be loaded.
        elsewhere = canary.url.replace("127.0.0.1", "localhost")
        events = make_hostile(elsewhere)
        body = {"session_id": session_id, "siteKey": SITE_KEY, "seq": 1, "events": events}
        before = set(find_objects(server))
        status, _, answer = server.request(
            "POST", "/track/recording", body, headers={"Origin": "http://127.0.0.1"}
        )
        assert status == 200, answer
        (kept,) = set(find_objects(server)) - before
        assert b"onerror" not in gzip.decompress(kept.read_bytes())
        # Now what the door would have taken out: the player must stand alone as well.
        kept.write_bytes(gzip.compress(json.dumps(events).encode()))
        page = open_operator(browser, server, 1440, "light")
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(f"{server.url}/dashboard/p/default/recordings/{session_id}")
        frame = page.locator(".replay-screen iframe")
        assert frame.get_attribute("sandbox") == "allow-same-origin"
        screen = page.frame_locator(".replay-screen iframe")
        expect(screen.locator("h1")).to_have_text("Hostile")
        page.get_by_role("button", name="Play", exact=True).click()
        page.wait_for_timeout(1_500)
        screen.locator("#link").dispatch_event("click")
        page.wait_for_timeout(300)
        assert "Recording of" in page.title()
        assert page.evaluate("window.owned") is None
        assert complaints == []
        assert canary.asked == []
        assert page.url.endswith(session_id)
        page.context.close()


@pytest.mark.usefixtures("recorded")
def test_the_page_for_a_key_lists_and_plays(
    server: Server, pages: RecordedPages, person: Page, browser: Browser
) -> None:
    session_id = visit(server, pages, person)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{server.url}/replay")
    page.get_by_label("API key").fill("wrong")
    page.get_by_role("button", name="Show visits").click()
    expect(page.get_by_role("alert")).to_have_text("Invalid API key")
    page.get_by_label("API key").fill(KEY)
    page.get_by_role("button", name="Show visits").click()
    page.get_by_role("button", name="play").first.click()
    screen = page.frame_locator(".replay-screen iframe")
    expect(screen.locator("h1")).to_have_text(SHOWN)
    photograph(page, "replay")
    line = page.locator(".replay-timeline button").filter(has_text="/thanks")
    line.click()
    expect(screen.locator("h1")).to_have_text("Thank you")
    assert session_id
    page.close()


def test_a_site_is_switched_in_the_dashboard(server: Server, browser: Browser) -> None:
    switch(server, is_on=False)
    page = open_operator(browser, server, 1440, "light")
    page.goto(f"{server.url}/dashboard/p/default/recordings?period=yesterday")
    expect(page.locator(".empty")).to_contain_text("Nothing is recorded")
    photograph(page, "recordings-empty")
    page.get_by_role("button", name="Recording of Flats").click()
    expect(page.get_by_role("button", name="Recording of Flats")).to_have_attribute(
        "aria-pressed", "true"
    )
    (site,) = ask(server, "GET", "/analytics/sites")
    assert site["record_session"] is True
    page.context.close()
