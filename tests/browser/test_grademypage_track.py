"""What the script counts and how it arrives: once, whatever the network and the browser do."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.grademypage import Grader, Pages, change, make_experiment
from tests.browser.visibility import hide, hide_at_start, show

pytestmark = pytest.mark.browser

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
QUIET_MS = 400


@pytest.fixture
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


@pytest.fixture
def pages(grader: Grader) -> Iterator[Pages]:
    with Pages(grader.url) as pages:
        yield pages


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_function("window.grademypage")


def test_a_pageview_says_what_the_document_asks_for(
    grader: Grader, pages: Pages, context: BrowserContext, page: Page
) -> None:
    open_page(page, f"{pages.url}/?utm_source=news")
    page.goto("about:blank")
    (view,) = grader.wait_for("pageview")
    assert UUID.fullmatch(view["visitorId"])
    assert UUID.fullmatch(view["sessionId"])
    assert view.pop("timestamp") > 1_700_000_000_000
    (cookie,) = context.cookies(pages.url)
    assert (cookie["name"], cookie["value"]) == ("gmp_vid", view["visitorId"])
    del view["visitorId"], view["sessionId"]
    assert view == {
        "eventType": "pageview",
        "pathname": "/",
        "fullUrl": f"{pages.url}/?utm_source=news",
        "referrer": "",
    }


def test_visitor_and_session_last_and_the_cookie_brings_a_visitor_back(
    grader: Grader, pages: Pages, page: Page
) -> None:
    open_page(page, pages.url)
    page.evaluate("localStorage.removeItem('gmp_vid')")
    page.click("#about")
    page.wait_for_function("window.grademypage && location.pathname == '/about'")
    page.evaluate("localStorage.gmp_last = Date.now() - 30 * 60 * 1000")
    page.click("#home")
    page.wait_for_function("window.grademypage && location.pathname == '/'")
    page.goto("about:blank")
    first, second, third = grader.wait_for("pageview", 3)
    assert first["visitorId"] == second["visitorId"] == third["visitorId"]
    assert first["sessionId"] == second["sessionId"] != third["sessionId"]


def test_calls_of_the_page_become_events(grader: Grader, pages: Pages, page: Page) -> None:
    open_page(page, pages.url)
    page.evaluate("grademypage.track('menu', {eventName: 'open', eventData: {n: 1}})")
    page.evaluate("grademypage.track('bare')")
    page.evaluate("grademypage.trackConversion('signup', {plan: 'pro'})")
    page.evaluate("grademypage.trackConversion('plain')")
    page.evaluate(
        "const round = {}; round.round = round; grademypage.track('x', {eventData: round})"
    )
    hide(page)
    signup, plain = grader.wait_for("conversion", 2)
    assert (signup["eventName"], signup["eventData"]) == ("signup", {"plan": "pro"})
    assert plain["eventName"] == "plain"
    (menu,) = grader.of("menu")
    assert (menu["eventName"], menu["eventData"]) == ("open", {"n": 1})
    assert "eventName" not in grader.of("bare")[0]
    assert grader.of("x") == []


def test_times_always_increase(grader: Grader, pages: Pages, page: Page) -> None:
    open_page(page, pages.url)
    page.evaluate("for (let i = 0; i < 19; i++) grademypage.track('t')")
    found = grader.wait_for("t", 19)
    assert len({e["timestamp"] for e in found}) == 19
    assert grader.copies == 0


def test_events_wait_five_seconds_for_each_other(grader: Grader, pages: Pages, page: Page) -> None:
    open_page(page, pages.url)
    page.evaluate("grademypage.track('a')")
    page.wait_for_timeout(4_000)
    assert grader.bodies == []
    grader.wait_for("a")
    assert len(grader.bodies) == 1


def test_a_page_that_is_hidden_and_left_sends_once(
    grader: Grader, pages: Pages, page: Page
) -> None:
    open_page(page, pages.url)
    with page.expect_response("**/api/analytics/track"):
        hide(page)
    # Left before the answer, it would be sent once more, to be counted once.
    grader.wait_for("pageview")
    page.wait_for_timeout(QUIET_MS)
    page.goto("about:blank")
    page.wait_for_timeout(QUIET_MS)
    assert (len(grader.bodies), grader.copies) == (1, 0)


def test_an_experiment_may_be_called_like_anything(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.experiments = [make_experiment(id=name) for name in ("vid", "sid", "q", "last")]
    open_page(page, pages.url)
    page.wait_for_function("grademypage.getExperimentAssignments().length")
    kept = page.evaluate("[localStorage.gmp_vid, localStorage.gmp_sid]")
    assert kept[0] != kept[1]
    assert all(UUID.fullmatch(text) for text in kept)


def test_each_scroll_mark_is_sent_once(grader: Grader, pages: Pages, page: Page) -> None:
    open_page(page, pages.url)
    for share in (0.3, 0.1, 0.6, 1.0, 0.0, 1.0):
        page.evaluate(
            f"scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * {share})"
        )
        page.wait_for_timeout(60)
    hide(page)
    found = grader.wait_for("scroll", 4)
    assert [e["eventData"]["depth"] for e in found] == [25, 50, 75, 100]
    page.wait_for_timeout(QUIET_MS)
    assert len(grader.of("scroll")) == 4


def test_attention_counts_seconds_that_are_seen(grader: Grader, pages: Pages, page: Page) -> None:
    page.clock.install()
    open_page(page, pages.url)
    page.clock.run_for(4_000)
    hide(page)
    (first,) = grader.wait_for("engagement")
    assert first["eventData"] == {"engagementSeconds": 4}
    page.clock.run_for(60_000)
    show(page)
    page.clock.run_for(16_000)
    hide(page)
    page.wait_for_timeout(QUIET_MS)
    total = sum(e["eventData"]["engagementSeconds"] for e in grader.of("engagement"))
    assert total == 20
    show(page)
    page.clock.run_for(120_000)
    hide(page)
    page.wait_for_timeout(QUIET_MS)
    total = sum(e["eventData"]["engagementSeconds"] for e in grader.of("engagement"))
    assert total == 30, "after half a minute without a touch nobody is there"


def test_an_impression_comes_once_for_each_session(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.experiments = [make_experiment(change("text", "#head", "New"))]
    for _ in range(2):
        open_page(page, pages.url)
        page.wait_for_function("grademypage.getExperimentAssignments().length")
    page.evaluate("localStorage.gmp_last = 0")
    open_page(page, pages.url)
    page.goto("about:blank")
    found = grader.wait_for("experiment_impression", 2)
    page.wait_for_timeout(QUIET_MS)
    assert len(grader.of("experiment_impression")) == 2
    assert found[0]["eventData"] == {
        "experimentId": "e1",
        "variantId": "v1",
        "variantName": "Variant 1",
        "experimentName": "First",
    }
    assert found[0]["timestamp"] > grader.of("pageview")[0]["timestamp"]


def test_the_control_is_an_impression_and_who_takes_no_part_is_none(
    grader: Grader, pages: Pages, page: Page
) -> None:
    control = make_experiment(id="c")
    control["variants"][0]["ranges"], control["variants"][1]["ranges"] = [[0, 10_000]], []
    grader.experiments = [control, make_experiment(id="none", trafficPercentage=0)]
    open_page(page, pages.url)
    page.wait_for_function("grademypage.getExperimentAssignments().length")
    page.goto("about:blank")
    found = grader.wait_for("experiment_impression")
    assert [(e["eventData"]["experimentId"], e["eventData"]["variantId"]) for e in found] == [
        ("c", "v0")
    ]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_a_server_could_not_take_arrives_later_once(
    grader: Grader, pages: Pages, page: Page, status: int
) -> None:
    page.clock.install()
    open_page(page, pages.url)
    grader.statuses = [status]
    page.clock.run_for(5_100)
    grader.wait_until(lambda: len(grader.bodies) == 1)
    page.wait_for_timeout(100)
    assert grader.events == []
    page.clock.run_for(10_100)
    grader.wait_for("pageview")
    page.clock.run_for(30_000)
    page.wait_for_timeout(QUIET_MS)
    assert len(grader.of("pageview")) == 1


def test_a_refusal_is_accepted(grader: Grader, pages: Pages, page: Page) -> None:
    page.clock.install()
    open_page(page, pages.url)
    grader.statuses = [404]
    page.clock.run_for(5_100)
    grader.wait_until(lambda: len(grader.bodies) == 1)
    page.wait_for_function("sessionStorage.gmp_q == '[]'")


def test_answers_that_are_lost_count_nothing_twice(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.is_deaf = True
    open_page(page, pages.url)
    page.evaluate("grademypage.track('a')")
    hide(page)
    grader.wait_for("a")
    page.wait_for_timeout(100)
    grader.is_deaf = False
    open_page(page, f"{pages.url}/about")
    page.goto("about:blank")
    grader.wait_for("pageview", 2)
    page.wait_for_timeout(QUIET_MS)
    assert len(grader.of("a")) == 1
    assert len(grader.of("pageview")) == 2
    assert grader.copies >= 2


def test_no_request_reaches_64_kib_and_nothing_is_lost(
    grader: Grader, pages: Pages, page: Page
) -> None:
    page.clock.install()
    open_page(page, pages.url)
    page.evaluate(
        "for (let i = 0; i < 30; i++) grademypage.track('big', {eventData: {t: '世'.repeat(5000)}})"
    )
    page.evaluate("grademypage.track('huge', {eventData: {t: 'x'.repeat(20000)}})")
    for _ in range(40):
        page.clock.run_for(5_100)
        page.wait_for_timeout(20)
    assert len(grader.wait_for("big", 30)) == 30
    assert max(map(len, grader.bodies)) < 65_536
    assert grader.of("huge") == []


def test_a_server_that_is_away_costs_a_bounded_memory(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.statuses = [500] * 1_000
    open_page(page, pages.url)
    page.evaluate("for (let i = 0; i < 300; i++) grademypage.track('n')")
    assert len(json.loads(page.evaluate("sessionStorage.gmp_q"))) == 100


def test_a_single_page_app_has_pageviews_and_no_second_referrer(
    grader: Grader, pages: Pages, page: Page
) -> None:
    open_page(page, pages.url)
    page.goto(f"{pages.url}/app", referer=f"{pages.url}/")
    page.wait_for_function("window.grademypage")
    page.evaluate("history.replaceState({}, '', '/app?tidy=1')")
    page.evaluate("history.pushState({}, '', '/app/two')")
    page.evaluate("history.pushState({}, '', '/app/two?page=2')")
    page.evaluate("history.pushState({}, '', '/app/two?page=2#here')")
    page.goto("about:blank")
    found = grader.wait_for("pageview", 4)
    page.wait_for_timeout(QUIET_MS)
    assert [e["fullUrl"].removeprefix(pages.url) for e in grader.of("pageview")] == [
        "/",
        "/app",
        "/app/two",
        "/app/two?page=2",
    ]
    assert [e["referrer"] for e in found] == ["", f"{pages.url}/", "", ""]


def test_blocked_storage_costs_nothing_but_memory(grader: Grader, pages: Pages, page: Page) -> None:
    grader.experiments = [make_experiment(change("text", "#head", "New"))]
    page.add_init_script("""
        for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(self, name, { get() { throw new DOMException("no") } });
        const no = () => { throw 1 };
        Object.defineProperty(Document.prototype, "cookie", { get: no, set: no });
    """)
    open_page(page, pages.url)
    page.wait_for_function("head.textContent == 'New'")
    page.evaluate("grademypage.trackConversion('signup')")
    page.goto("about:blank")
    (view,) = grader.wait_for("pageview")
    (signup,) = grader.wait_for("conversion")
    assert (view["visitorId"], view["sessionId"]) == (signup["visitorId"], signup["sessionId"])
    assert len(grader.wait_for("experiment_impression")) == 1


def test_full_storage_costs_nothing_but_memory(grader: Grader, pages: Pages, page: Page) -> None:
    page.add_init_script("""
        const full = new Proxy({}, { set() { throw new DOMException("full") } });
        for (const name of ["localStorage", "sessionStorage"])
          Object.defineProperty(self, name, { value: full });
    """)
    open_page(page, pages.url)
    page.evaluate("grademypage.track('a')")
    hide(page)
    (view,) = grader.wait_for("pageview")
    assert view["sessionId"] == grader.wait_for("a")[0]["sessionId"]


def test_a_page_in_the_background_is_seen_when_it_is_shown(
    grader: Grader, pages: Pages, context: BrowserContext, page: Page
) -> None:
    hide_at_start(context)
    open_page(page, pages.url)
    page.wait_for_timeout(QUIET_MS)
    assert page.evaluate("sessionStorage.gmp_q") is None
    show(page)
    hide(page)
    show(page)
    hide(page)
    grader.wait_for("pageview")
    page.wait_for_timeout(QUIET_MS)
    assert len(grader.of("pageview")) == 1


@pytest.mark.parametrize("signal", ["doNotTrack: '1'", "globalPrivacyControl: true"])
def test_privacy_signals_are_honoured_where_the_tag_says_so(
    grader: Grader, pages: Pages, page: Page, signal: str
) -> None:
    name, value = signal.split(": ")
    page.add_init_script(f"Object.defineProperty(navigator, '{name}', {{ value: {value} }})")
    grader.experiments = [make_experiment(change("text", "#head", "New"))]
    pages.attributes = 'data-dnt="true"'
    open_page(page, pages.url)
    page.evaluate("grademypage.trackConversion('signup')")
    page.goto("about:blank")
    page.wait_for_timeout(QUIET_MS)
    assert grader.bodies == []
    pages.attributes = ""
    open_page(page, pages.url)
    page.goto("about:blank")
    grader.wait_for("pageview")


def test_a_page_with_a_strict_policy_is_tracked(grader: Grader, pages: Pages, page: Page) -> None:
    policy = f"default-src 'none'; script-src {grader.url}; connect-src {grader.url}"
    pages.headers = [("Content-Security-Policy", policy)]
    open_page(page, pages.url)
    page.goto("about:blank")
    grader.wait_for("pageview")
