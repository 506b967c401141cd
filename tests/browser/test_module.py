"""The optional modules: loaded only when asked for, each says what its page in the docs says."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.site import Recorder, Site
from tests.browser.visibility import hide

pytestmark = pytest.mark.browser

QUIET_MS = 400


def open_page(site: Site, recorder: Recorder, page: Page, path: str = "/") -> None:
    """Open a page and wait until its modules have started."""
    page.goto(site.url + path)
    recorder.wait_for("pageview")
    recorder.wait_until(lambda: any("/modules-" in r.path for r in recorder.requests))
    page.wait_for_timeout(200)


def stay(page: Page) -> None:
    """Keep links from leaving the page, as many apps do."""
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")


def test_modules_come_from_addresses_with_a_hash(
    site: Site, recorder: Recorder, page: Page
) -> None:
    site.attributes["data-scroll"] = "true"
    open_page(site, recorder, page)
    assert not any("/vitals-" in request.path for request in recorder.requests)


def test_an_attribute_that_says_false_loads_nothing(
    site: Site, recorder: Recorder, page: Page
) -> None:
    for name in ("vitals", "scroll", "outlinks", "errors", "clicks", "search"):
        site.attributes[f"data-{name}"] = "false"
    site.attributes |= {"data-utm": "true", "data-dnt": "true"}
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(QUIET_MS)
    assert [r.path for r in recorder.requests] == ["/api/script.js", "/api/collect"]


def test_reports_the_vitals_of_a_page_once(site: Site, recorder: Recorder, page: Page) -> None:
    site.attributes["data-vitals"] = "true"
    open_page(site, recorder, page, "/about")
    recorder.wait_until(lambda: any("/vitals-" in r.path for r in recorder.requests))
    page.wait_for_timeout(300)
    page.click("h1")
    page.wait_for_timeout(300)
    hide(page)
    posts = recorder.wait_for("web_vital", 5)
    assert sorted(post.payload["name"] for post in posts) == ["CLS", "FCP", "INP", "LCP", "TTFB"]
    for post in posts:
        assert set(post.fields) == {"name", "value", "rating", "path"}
        assert post.payload["path"] == "/about"
        assert post.payload["value"] >= 0
        assert post.payload["rating"] in {"good", "needs-improvement", "poor"}


def test_reports_the_deepest_point_in_view(site: Site, recorder: Recorder, page: Page) -> None:
    site.attributes["data-scroll"] = "true"
    open_page(site, recorder, page)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.evaluate("scrollTo(0, 1200)")
    page.wait_for_timeout(100)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(100)
    hide(page)
    (post,) = recorder.wait_for("scroll_depth")
    assert post.fields == {"path": "/", "max_depth": round(2000 / height * 100)}
    hide(page)
    page.wait_for_timeout(QUIET_MS)
    assert len(recorder.of("scroll_depth")) == 1


def test_reports_the_depth_of_each_view_of_an_app(
    site: Site, recorder: Recorder, page: Page
) -> None:
    site.attributes["data-scroll"] = "true"
    open_page(site, recorder, page, "/app")
    page.evaluate("document.body.style.height = '3200px'")
    page.evaluate("scrollTo(0, 800)")
    page.wait_for_timeout(100)
    page.click("#next")
    recorder.wait_for("pageview", 2)
    (post,) = recorder.wait_for("scroll_depth")
    assert post.payload["path"] == "/app"
    page.click("#about", timeout=500) if page.query_selector("#about") else hide(page)
    _, second = recorder.wait_for("scroll_depth", 2)
    assert second.payload["path"] == "/app/next"


def test_reports_ways_out_and_downloads(site: Site, recorder: Recorder, page: Page) -> None:
    site.attributes["data-outlinks"] = "true"
    open_page(site, recorder, page)
    stay(page)
    for link in ("#out", "#file", "#about"):
        page.click(link)
    page.click("#out", button="middle")
    page.click("#out", button="right")
    recorder.wait_for("outlink", 3)
    page.wait_for_timeout(QUIET_MS)
    sent = [(post.payload["url"], post.payload["link_type"]) for post in recorder.of("outlink")]
    assert sorted(sent) == [
        (site.url + "/report.PDF", "download"),
        ("http://localhost:9/out?x=1", "external"),
        ("http://localhost:9/out?x=1", "external"),
    ]


def test_reports_errors_that_nobody_caught_once_each(
    site: Site, recorder: Recorder, page: Page, complaints: list[str]
) -> None:
    site.attributes["data-errors"] = "true"
    open_page(site, recorder, page)
    throw = "setTimeout(() => { throw new TypeError('broken part') })"
    page.evaluate(f"for (let i = 0; i < 3; i++) {throw}")
    page.evaluate("void Promise.reject(new Error('broken promise'))")
    page.evaluate("void Promise.reject('bare reason')")
    posts = recorder.wait_for("js_error", 3)
    page.wait_for_timeout(QUIET_MS)
    assert sorted(post.payload["message"] for post in recorder.of("js_error")) == [
        "Error: broken promise",
        "Uncaught TypeError: broken part",
        "bare reason",
    ]
    (thrown,) = [post.payload for post in posts if "TypeError" in post.payload["message"]]
    assert {"stack", "filename", "lineno", "colno", "path"} < set(thrown)
    assert "broken part" in thrown["stack"]
    complaints.clear()


def test_reports_twenty_errors_a_page_at_most(
    site: Site, recorder: Recorder, page: Page, complaints: list[str]
) -> None:
    site.attributes["data-errors"] = "true"
    open_page(site, recorder, page)
    page.evaluate("for (let i = 0; i < 30; i++) setTimeout(() => { throw Error('no ' + i) })")
    recorder.wait_for("js_error", 20)
    page.wait_for_timeout(QUIET_MS)
    assert len(recorder.of("js_error")) == 20
    complaints.clear()


def test_reports_where_people_click(site: Site, recorder: Recorder, page: Page) -> None:
    site.attributes["data-clicks"] = "true"
    open_page(site, recorder, page)
    page.evaluate("document.body.addEventListener('click', (e) => e.stopPropagation(), true)")
    page.click("#buy")
    (post,) = recorder.wait_for("click_event")
    box = page.locator("#buy").bounding_box()
    assert box is not None
    assert abs(post.payload["x"] - (box["x"] + box["width"] / 2)) <= 1
    assert abs(post.payload["y"] - (box["y"] + box["height"] / 2)) <= 1
    assert post.payload["element_selector"] == "button#buy"
    assert (post.payload["viewport_width"], post.payload["viewport_height"]) == (1000, 800)


def test_counts_pixels_from_the_top_of_the_page(site: Site, recorder: Recorder, page: Page) -> None:
    site.attributes["data-clicks"] = "true"
    open_page(site, recorder, page)
    page.evaluate("scrollTo(0, 1000)")
    page.mouse.click(300, 400)
    assert recorder.wait_for("click_event")[0].payload["y"] == 1400


def test_never_reads_text_or_values(site: Site, recorder: Recorder, page: Page) -> None:
    for name in ("vitals", "scroll", "outlinks", "errors", "clicks"):
        site.attributes[f"data-{name}"] = "true"
    open_page(site, recorder, page)
    page.click("#secret")
    page.keyboard.type("more secrets")
    page.evaluate("document.getElementById('secret').removeAttribute('id')")
    page.click(".field")
    _, second = recorder.wait_for("click_event", 2)
    assert second.payload["element_selector"] == "input.field.wide"
    hide(page)
    recorder.wait_for("scroll_depth")
    assert not [r for r in recorder.requests if b"secrets" in r.body or b"read me" in r.body]


def test_reports_a_search_from_the_address(site: Site, recorder: Recorder, page: Page) -> None:
    site.attributes["data-search"] = "true"
    open_page(site, recorder, page, "/app?q=blue+shoes")
    (post,) = recorder.wait_for("search_query")
    assert post.fields == {"path": "/app?q=blue+shoes", "query": "blue shoes"}
    page.evaluate("history.pushState({}, '', '/app?q=blue+shoes&page=2')")
    recorder.wait_for("pageview", 2)
    page.evaluate("history.pushState({}, '', '/app?q=hats')")
    _, second = recorder.wait_for("search_query", 2)
    assert second.payload["query"] == "hats"


def test_reads_the_search_from_the_named_parameter(
    site: Site, recorder: Recorder, page: Page
) -> None:
    site.attributes |= {"data-search": "true", "data-search-param": "term"}
    open_page(site, recorder, page, "/about?q=no&term=yes")
    assert recorder.wait_for("search_query")[0].payload["query"] == "yes"


def test_works_without_the_modules_when_they_do_not_load(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page
) -> None:
    site.attributes |= {"data-vitals": "true", "data-errors": "true"}
    context.route("**/api/script/**", lambda route: route.abort())
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.evaluate("pulse('event', 'still here')")
    recorder.wait_for("event")
