"""PulseGate's tracker in a real browser, from the page to the figures of /analytics."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.process import Server
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

KEY = "analytics-key-of-the-tests"


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(
        tmp_path_factory.mktemp("pulsegate") / "data",
        ANALYTICS_API_KEY=KEY,
        PULSEGATE_FINGERPRINT="off",
    )
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def site(server: Server) -> Iterator[Site]:
    with open_site(server) as site:
        yield site


def open_site(server: Server) -> Site:
    site = Site(server.url, {})
    site.script = "/tracker.js"
    site.head = "<script>addEventListener('load', () => PulseGateSession.init())</script>"
    return site


def read(server: Server, path: str) -> Any:
    headers = {"X-API-Key": KEY}
    status, _, answer = server.request("GET", f"/analytics/{path}", headers=headers)
    assert status == 200, answer
    return answer


def wait_for(server: Server, events: int, *, timeout_s: float = 30) -> None:
    """Wait until so many events have arrived; fail when time is up."""
    deadline = time.monotonic() + timeout_s
    while (found := read(server, "overview")["total_events"]) < events:
        assert time.monotonic() < deadline, f"{found} of {events} events"
        time.sleep(0.1)


def flush(page: Page) -> None:
    with page.expect_response("**/track/events/batch") as sent:
        page.evaluate("PulseGateSession.flush()")
    assert sent.value.ok


def ask(server: Server, dimension: str, metric: str, **fields: Any) -> dict[str, Any]:
    body = {
        "project": "default",
        "metrics": [metric],
        "dimensions": [dimension],
        "range": "today",
        **fields,
    }
    status, answer = server.admin("POST", "/api/query", body)
    assert status == 200, answer
    return {row["dimensions"][dimension]: row["metrics"][metric] for row in answer["rows"]}


def only(kind: str) -> dict[str, Any]:
    return {"dimension": "kind", "operator": "is", "values": [kind]}


def test_what_a_person_does_becomes_figures(server: Server, site: Site, person: Page) -> None:
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{site.url}/")
    ids = person.evaluate("PulseGateSession.ids")
    assert len(ids["visitor_id"]) == 64
    person.click("#buy")
    person.evaluate("scrollTo(0, document.body.scrollHeight)")
    person.wait_for_timeout(300)
    person.evaluate("PulseGateSession.trackEvent('brochure', {name: 'Sky Towers'})")
    flush(person)
    assert ask(server, "prop:name", "events") == {"Sky Towers": 1}
    clicked = ask(server, "name", "signals", filters=only("click"))
    assert clicked == {"BUTTON#buy.cta": 1}
    depth = ask(server, "kind", "value_p50")
    assert depth["scroll_depth"] == 100
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{site.url}/app")
    person.click("#next")
    person.wait_for_timeout(200)
    flush(person)
    # One tab is one session, over pages and over turns of a single-page app.
    assert person.evaluate("PulseGateSession.ids.session_id") == ids["session_id"]
    host = site.url.partition("//")[2].partition(":")[0]
    pages = {page["page"]: page["views"] for page in read(server, "pages/top")}
    assert pages == {f"https://{host}{path}": 1 for path in ("/", "/app", "/app/next")}
    overview = read(server, "overview")
    assert (overview["total_sessions"], overview["unique_visitors"]) == (1, 1)
    assert overview["unique_fingerprints"] == 1
    assert read(server, "realtime")["active_sessions"] == 1
    names = ask(server, "name", "signals", filters=only("activity"))
    assert {"mousemove", "navigation"} <= set(names)


def test_nothing_lasting_is_kept_unless_the_operator_wants_it(
    server: Server, site: Site, person: Page
) -> None:
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{site.url}/")
    assert person.evaluate("Object.keys(localStorage)") == []
    kept = person.evaluate("Object.keys(sessionStorage).sort()")
    assert kept == ["_pg_fp", "_pg_session", "_pg_vid"]
    assert person.evaluate("document.cookie") == ""


def test_fingerprint_is_the_same_in_every_tab(
    tmp_path_factory: pytest.TempPathFactory, chrome: Browser
) -> None:
    folder = tmp_path_factory.mktemp("fingerprint") / "data"
    server = Server(folder, ANALYTICS_API_KEY=KEY, PULSEGATE_FINGERPRINT="on")
    server.start()
    fingerprints = []
    with open_site(server) as site:
        for _ in range(2):
            # A fresh profile: nothing stored leads from the one to the other.
            context = chrome.new_context()
            page = context.new_page()
            with page.expect_response("**/track/events/batch"):
                page.goto(f"{site.url}/about")
            fingerprints.append(page.evaluate("localStorage._pg_fp"))
            assert len(page.evaluate("localStorage._pg_vid")) == 64
            context.close()
    assert fingerprints[0] == fingerprints[1]
    assert len(fingerprints[0]) == 64
    overview = read(server, "overview")
    assert (overview["total_sessions"], overview["unique_visitors"]) == (2, 1)
    assert server.stop() == 0


def test_leaving_sends_what_waits(server: Server, site: Site, person: Page) -> None:
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{site.url}/about")
    before = read(server, "overview")["total_events"]
    person.evaluate("PulseGateSession.trackEvent('last words')")
    person.goto("about:blank")
    # The event, and that the page was hidden.
    wait_for(server, before + 2)
    assert ask(server, "event", "events") == {"last words": 1}


def test_what_is_refused_for_haste_comes_later_and_counts_once(
    server: Server, site: Site, person: Page
) -> None:
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{site.url}/about")
    busy = {"status": 429, "headers": {"Retry-After": "1", "Access-Control-Allow-Origin": "*"}}
    person.route("**/track/events/batch", lambda route: route.fulfill(**busy), times=1)
    person.evaluate("PulseGateSession.trackEvent('hasty')")
    with person.expect_response("**/track/events/batch") as refused:
        person.evaluate("PulseGateSession.flush()")
    assert refused.value.status == 429
    person.wait_for_timeout(1_100)
    flush(person)
    assert ask(server, "event", "events") == {"hasty": 1}


def test_page_without_storage_is_measured_and_not_harmed(
    server: Server, site: Site, person: Page
) -> None:
    site.head += """<script>for (const name of ["sessionStorage", "localStorage"])
      Object.defineProperty(window, name, { get() { throw new DOMException("no"); } });</script>"""
    with person.expect_response("**/track/events/batch"):
        person.goto(f"{site.url}/about")
    assert read(server, "overview")["total_sessions"] == 1
