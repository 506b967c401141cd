"""Privacy signals: honoured when the site says so, with a global that still answers."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.site import Recorder, Site

pytestmark = pytest.mark.browser

QUIET_MS = 400

SIGNALS = {
    "Do Not Track": "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })",
    "Global Privacy Control": "Object.defineProperty(navigator, 'globalPrivacyControl',"
    " { value: true })",
}


@pytest.mark.parametrize("signal", SIGNALS)
def test_honours(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page, signal: str
) -> None:
    context.add_init_script(SIGNALS[signal])
    site.attributes |= {"data-dnt": "true", "data-vitals": "true", "data-clicks": "true"}
    page.goto(site.url + "/app")
    page.evaluate("pulse('event', 'x')")
    page.click("#next")
    page.wait_for_timeout(QUIET_MS)
    assert [request.path for request in recorder.requests] == ["/api/script.js"]
    assert page.evaluate("Object.keys(sessionStorage)") == []


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("attribute", [None, "false"])
def test_counts_when_the_site_does_not_ask_to_honour(
    site: Site,
    recorder: Recorder,
    context: BrowserContext,
    page: Page,
    signal: str,
    attribute: str | None,
) -> None:
    context.add_init_script(SIGNALS[signal])
    if attribute is not None:
        site.attributes["data-dnt"] = attribute
    page.goto(site.url)
    recorder.wait_for("pageview")


def test_counts_a_browser_that_sends_no_signal(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page
) -> None:
    context.add_init_script("Object.defineProperty(navigator, 'doNotTrack', { value: '0' })")
    site.attributes["data-dnt"] = "true"
    page.goto(site.url)
    recorder.wait_for("pageview")


def test_sends_nothing_that_names_a_visitor(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.evaluate("pulse('event', 'x')")
    recorder.wait_for("event")
    for post in recorder.posts:
        assert "visitor_id" not in post.envelope
        assert "session_id" not in post.envelope
    sent = [r for r in recorder.requests if r.path == "/api/collect"]
    assert not [request for request in sent if "cookie" in request.headers]
