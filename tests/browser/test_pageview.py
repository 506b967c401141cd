"""Pageviews: one for every page a person sees, and none besides."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.site import KEY, Post, Recorder, Site
from tests.browser.visibility import hide_at_start, show

pytestmark = pytest.mark.browser

QUIET_MS = 400
"""Long enough for an event that should not come to have come."""


def paths(recorder: Recorder) -> list[str]:
    """Return the paths of the pageviews in order of time; requests overtake each other."""
    return [post.payload["path"] for post in in_order(recorder)]


def in_order(recorder: Recorder) -> list[Post]:
    """Return the pageviews in order of time."""
    return sorted(recorder.of("pageview"), key=lambda post: post.envelope["timestamp"])


def test_counts_a_page_when_it_loads(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url + "/about?x=1")
    (post,) = recorder.wait_for("pageview")
    assert post.key == KEY
    assert post.content_type.startswith("text/plain")
    assert set(post.envelope) == {"type", "payload", "timestamp", "id"}
    assert abs(post.envelope["timestamp"] - page.evaluate("Date.now()")) < 60_000
    assert post.payload == {
        "path": "/about?x=1",
        "title": "About",
        "referrer": "",
        "screen": page.evaluate("screen.width + 'x' + screen.height"),
        "language": "en-GB",
    }


def test_needs_no_preflight(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    assert [r.method for r in recorder.requests if r.path == "/api/collect"] == ["POST"]


def test_loads_nothing_besides_the_core(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(QUIET_MS)
    assert [r.path for r in recorder.requests] == ["/api/script.js", "/api/collect"]


def test_counts_each_page_of_a_visit_once(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.click("#about")
    page.click("#home")
    recorder.wait_for("pageview", 3)
    assert paths(recorder) == ["/", "/about", "/"]
    assert in_order(recorder)[1].payload["referrer"] == site.url + "/"


def test_every_event_of_a_visit_says_where_it_came_from(
    site: Site, recorder: Recorder, page: Page
) -> None:
    page.goto(site.url + "/about?utm_source=x", referer="https://news.example/")
    page.evaluate("for (let i = 0; i < 5; i++) pulse('event', 'n' + i)")
    recorder.wait_for("event", 5)
    recorder.wait_for("pageview")
    assert {post.payload["referrer"] for post in recorder.posts} == {"https://news.example/"}
    assert {post.payload["path"] for post in recorder.posts} == {"/about?utm_source=x"}


def test_no_two_events_share_a_millisecond(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.evaluate("for (let i = 0; i < 20; i++) pulse('event', 'n' + i)")
    events = sorted(recorder.wait_for("event", 20), key=lambda post: post.envelope["timestamp"])
    assert [post.payload["name"] for post in events] == [f"n{i}" for i in range(20)]
    assert len({post.envelope["timestamp"] for post in recorder.posts}) == 21


def test_counts_navigations_of_an_app(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url + "/app")
    recorder.wait_for("pageview")
    page.click("#next")
    _, second = recorder.wait_for("pageview", 2)
    assert second.payload["path"] == "/app/next"
    assert second.payload["title"] == "App /app/next"
    assert second.payload["referrer"] == ""
    page.go_back()
    recorder.wait_for("pageview", 3)
    assert paths(recorder) == ["/app", "/app/next", "/app"]


def test_counts_a_new_query_only_when_it_is_pushed(
    site: Site, recorder: Recorder, page: Page
) -> None:
    page.goto(site.url + "/app?utm_source=x")
    recorder.wait_for("pageview")
    page.evaluate("history.replaceState({}, '', '/app?tidy=1')")
    page.evaluate("history.replaceState({}, '', '/app#part')")
    page.evaluate("history.pushState({}, '', '/app#other')")
    page.wait_for_timeout(QUIET_MS)
    assert paths(recorder) == ["/app?utm_source=x"]
    page.evaluate("history.pushState({}, '', '/app?page=2')")
    recorder.wait_for("pageview", 2)
    page.evaluate("history.replaceState({}, '', '/app/moved')")
    recorder.wait_for("pageview", 3)
    assert paths(recorder) == ["/app?utm_source=x", "/app?page=2", "/app/moved"]


def test_counts_a_redirect_within_an_app_once(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url + "/app")
    recorder.wait_for("pageview")
    page.evaluate("history.pushState({}, '', '/app/a'); history.replaceState({}, '', '/app/b')")
    recorder.wait_for("pageview", 2)
    page.wait_for_timeout(QUIET_MS)
    assert paths(recorder) == ["/app", "/app/b"]


def test_waits_until_a_hidden_page_is_shown(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page
) -> None:
    hide_at_start(context)
    page.goto(site.url)
    page.evaluate("pulse('event', { name: 'early' })")
    page.evaluate("history.pushState({}, '', '/about')")
    page.wait_for_timeout(QUIET_MS)
    assert recorder.posts == []
    show(page)
    recorder.wait_for("event")
    show(page)
    page.wait_for_timeout(QUIET_MS)
    told = sorted(recorder.posts, key=lambda post: post.envelope["timestamp"])
    assert [(post.type, post.payload["path"]) for post in told] == [
        ("pageview", "/about"),
        ("event", "/about"),
    ]


def test_counts_a_page_brought_back_from_memory(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    recorder.wait_for("pageview", 2)
    page.wait_for_timeout(QUIET_MS)
    assert paths(recorder) == ["/", "/"]


def test_reads_campaign_tags_only_when_asked(site: Site, recorder: Recorder, page: Page) -> None:
    query = "/?utm_source=news+letter&utm_campaign=spring&gclid=1"
    page.goto(site.url + query)
    (plain,) = recorder.wait_for("pageview")
    assert not [name for name in plain.payload if name.startswith("utm_")]
    assert plain.payload["path"] == query
    site.attributes["data-utm"] = "true"
    page.goto(site.url + query)
    _, tagged = recorder.wait_for("pageview", 2)
    assert tagged.payload["utm_source"] == "news letter"
    assert tagged.payload["utm_campaign"] == "spring"
    assert "gclid" not in tagged.payload


@pytest.mark.parametrize("ending", ["", "/"])
def test_sends_to_the_given_base(site: Site, recorder: Recorder, page: Page, ending: str) -> None:
    with Recorder() as elsewhere:
        site.attributes["data-api"] = elsewhere.url + ending
        page.goto(site.url)
        elsewhere.wait_for("pageview")
        page.goto("about:blank")
    assert recorder.posts == []


def test_counts_a_view_that_is_left_before_it_has_settled(
    site: Site, recorder: Recorder, page: Page
) -> None:
    page.goto(site.url + "/app")
    recorder.wait_for("pageview")
    page.evaluate("history.pushState({}, '', '/app/brief'); location.href = '/about'")
    recorder.wait_for("pageview", 3)
    assert paths(recorder) == ["/app", "/app/brief", "/about"]
