"""Echelon's script in a real browser, from the real server: the proof is solved, a person scores
under 25, and what a crawler or a page without proof gets is what the document says."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.acceptance.process import BROWSER, Server
from tests.browser.chromium import ARGUMENTS, CHROMIUM
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

STAY = "document.getElementById('out').addEventListener('click', (e) => e.preventDefault())"
"""A link that is reported and leads nowhere."""

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(
        tmp_path_factory.mktemp("echelon") / "data",
        ECHELON_COOKIE_CONSENT="on",
        ECHELON_RATE_LIMIT_MAX="0",
    )
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def site(server: Server) -> Iterator[Site]:
    with Site(server.url, {"data-site": "default"}) as site:
        site.script = "/ea.js"
        yield site


@pytest.fixture(scope="module")
def chrome(browser: Browser) -> Iterator[Browser]:
    """A Chromium that says it is an ordinary Chrome, also in what it sends while it is left."""
    chrome = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={BROWSER}"]
    )
    yield chrome
    chrome.close()


@pytest.fixture
def context(chrome: Browser) -> Iterator[BrowserContext]:
    context = chrome.new_context(locale="en-GB", viewport={"width": 1000, "height": 800})
    yield context
    context.close()


def ask(server: Server, dimension: str, metric: str = "signals", **fields: Any) -> dict[str, Any]:
    body = {
        "project": "default",
        "metrics": [metric],
        "dimensions": [dimension],
        "range": "today",
        "bots": "include",
        **fields,
    }
    status, answer = server.admin("POST", "/api/query", body)
    assert status == 200, answer
    return {row["dimensions"][dimension]: row["metrics"][metric] for row in answer["rows"]}


def wait_for(server: Server, kind: str, count: int, *, timeout_s: float = 30) -> None:
    """Wait until so many signals of a kind have arrived; fail when time is up."""
    deadline = time.monotonic() + timeout_s
    while (found := ask(server, "kind").get(kind, 0)) < count:
        assert time.monotonic() < deadline, f"{found} of {count} {kind}: {ask(server, 'kind')}"
        time.sleep(0.1)


def read_reasons(server: Server) -> dict[str, int]:
    """Return the views by the reasons that speak against them; '' for none is left out."""
    return ask(server, "bot_reasons", "pageviews")


def act(page: Page) -> None:
    """Do what a person does on a page: look at it, then touch it."""
    page.wait_for_timeout(1_100)
    page.mouse.click(500, 700)


def test_a_person_solves_the_proof_and_is_no_bot(server: Server, site: Site, page: Page) -> None:
    with page.expect_response("**/b.gif*") as sent:
        page.goto(f"{site.url}/")
        act(page)
    asked = sent.value.url
    assert "tok=" in asked
    assert sent.value.headers.get("footfall-dropped") is None
    wait_for(server, "pageview", 1)
    assert ask(server, "page", "pageviews", bots="exclude") == {"/": 1}
    assert read_reasons(server) == {}


def test_a_page_that_may_not_run_webassembly_is_a_person_with_points(
    server: Server, site: Site, page: Page
) -> None:
    policy = f"script-src 'self' {server.url}; object-src 'none'"
    site.headers.append(("Content-Security-Policy", policy))
    with page.expect_response("**/b.gif*") as sent:
        page.goto(f"{site.url}/about")
        act(page)
    assert "tok=" not in sent.value.url
    wait_for(server, "pageview", 1)
    assert read_reasons(server) == {"proof_missing": 1}
    assert ask(server, "page", "pageviews", bots="exclude") == {"/about": 1}


def test_a_crawler_is_kept_apart(server: Server, site: Site, browser: Browser) -> None:
    context = browser.new_context(user_agent=GOOGLEBOT)
    page = context.new_page()
    with page.expect_response("**/b.gif*"):
        page.goto(f"{site.url}/")
        act(page)
    wait_for(server, "pageview", 1)
    assert ask(server, "page", "pageviews", bots="exclude") == {}
    (reasons,) = read_reasons(server)
    assert reasons.startswith("crawler")
    context.close()


def test_what_happens_on_a_page_arrives_as_what_it_is(
    server: Server, site: Site, page: Page
) -> None:
    page.goto(f"{site.url}/")
    act(page)
    page.evaluate("echelon.track('signup', {plan: 'pro'})")
    page.evaluate("document.getElementById('buy').dataset.echelonClick = 'buy'")
    page.evaluate("document.getElementById('buy').dataset.echelonColour = 'red'")
    page.click("#buy")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.evaluate(
        "document.getElementById('out').addEventListener('click', e => e.preventDefault())"
    )
    page.click("#out")
    wait_for(server, "outlink", 1)
    wait_for(server, "scroll_depth", 5)
    assert ask(server, "event", "events") == {"signup": 1, "click": 1}
    assert ask(server, "prop:colour", "events") == {"red": 1}
    assert ask(server, "prop:plan", "events") == {"pro": 1}
    with page.expect_response("**/b.gif*"):
        page.goto(f"{site.url}/app")
        act(page)
    wait_for(server, "engagement", 1)
    with page.expect_response("**/b.gif*") as turned:
        page.click("#next")
    assert "_v=spa" in turned.value.url
    wait_for(server, "pageview", 3)
    assert ask(server, "page", "pageviews") == {"/": 1, "/app": 1, "/app/next": 1}
    assert sum(ask(server, "browser", "sessions").values()) == 1


def test_switches_turn_automatic_events_off(server: Server, site: Site, page: Page) -> None:
    site.attributes |= {"data-no-scroll": "", "data-no-outbound": "", "data-no-vitals": ""}
    page.goto(f"{site.url}/")
    act(page)
    page.evaluate(
        "document.getElementById('out').addEventListener('click', e => e.preventDefault())"
    )
    page.click("#out")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.evaluate("echelon.track('last')")
    wait_for(server, "event", 1)
    assert set(ask(server, "kind")) == {"pageview", "event"}


def test_nobody_is_counted_who_does_nothing(server: Server, site: Site, page: Page) -> None:
    page.goto(f"{site.url}/about")
    page.wait_for_timeout(1_500)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert ask(server, "page", "pageviews") == {}


def test_a_cookie_is_kept_only_after_consent(
    server: Server, site: Site, page: Page, context: BrowserContext
) -> None:
    site.attributes["data-cookie"] = ""
    page.goto(f"{site.url}/about")
    page.get_by_role("button", name="Decline").wait_for()
    page.keyboard.press("Tab")
    with page.expect_response("**/b.gif*") as first:
        page.wait_for_timeout(900)
        page.get_by_role("button", name="Accept").click()
    assert page.locator("echelon-consent").count() == 0
    page.reload()
    with page.expect_response("**/b.gif*") as second:
        act(page)
    assert "ck=1" in second.value.url
    assert first.value.ok
    assert page.locator("echelon-consent").count() == 0


def test_a_page_that_blocks_storage_is_measured_and_not_harmed(
    server: Server, site: Site, page: Page
) -> None:
    site.head = """<script>for (const name of ["sessionStorage", "localStorage"])
      Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });</script>"""
    with page.expect_response("**/b.gif*") as sent:
        page.goto(f"{site.url}/about")
        act(page)
    assert "tok=" in sent.value.url
    wait_for(server, "pageview", 1)
    assert read_reasons(server) == {}
