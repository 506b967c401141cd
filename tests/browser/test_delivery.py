"""Delivery: what a server could not take arrives later, once, under the same id."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.site import KEY, Recorder, Site
from tests.browser.visibility import hide

pytestmark = pytest.mark.browser

QUIET_MS = 400
MOST_BYTES = 65536


@pytest.mark.parametrize("status", [500, 503, 429])
def test_tries_again_with_the_same_id(
    site: Site, recorder: Recorder, page: Page, status: int
) -> None:
    recorder.statuses = [status]
    page.goto(site.url)
    first, second = recorder.wait_for("pageview", 2)
    assert (first.status, second.status) == (status, 200)
    assert first.envelope == second.envelope
    page.wait_for_timeout(QUIET_MS)
    assert len(recorder.posts) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_accepts_a_refusal(site: Site, recorder: Recorder, page: Page, status: int) -> None:
    recorder.statuses = [status]
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(2500)
    assert len(recorder.posts) == 1


def test_waits_twice_as_long_after_each_failure(site: Site, recorder: Recorder, page: Page) -> None:
    recorder.statuses = [500, 500]
    page.goto(site.url)
    first, second, third = recorder.wait_for("pageview", 3)
    assert 2 <= second.received_s - first.received_s < 3.5
    assert 4 <= third.received_s - second.received_s < 6
    assert first.envelope == second.envelope == third.envelope


def test_next_page_delivers_what_the_last_one_could_not(
    site: Site, recorder: Recorder, page: Page
) -> None:
    recorder.statuses = [500]
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_function("sessionStorage.length")
    page.click("#about")
    recorder.wait_until(lambda: len(recorder.posts) >= 3)
    first, *others = recorder.posts
    assert first.status == 500
    assert sorted(post.payload["path"] for post in others) == ["/", "/about"]
    assert first.envelope in [post.envelope for post in others]
    page.wait_for_timeout(QUIET_MS)
    assert len(recorder.posts) == 3


def test_stores_nothing_unless_a_delivery_failed(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page
) -> None:
    recorder.statuses = [200, 500]
    stored = "JSON.stringify([Object.keys(sessionStorage), Object.keys(localStorage)])"
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(100)
    assert page.evaluate(stored) == "[[],[]]"
    page.evaluate("pulse('event', 'x')")
    recorder.wait_for("event")
    page.wait_for_function(f"{stored} == '[[\"{KEY}\"],[]]'")
    recorder.wait_for("event", 2)
    page.wait_for_function(f"{stored} == '[[],[]]'")
    assert context.cookies() == []


def test_survives_a_server_that_is_away(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.context.set_offline(True)
    page.evaluate("pulse('event', 'away')")
    page.wait_for_timeout(200)
    page.context.set_offline(False)
    recorder.wait_for("event")


def test_holds_a_bounded_number_of_failures(site: Site, recorder: Recorder, page: Page) -> None:
    recorder.statuses = [500] * 1000
    page.goto(site.url)
    page.evaluate("for (let i = 0; i < 300; i++) pulse('event', 'n' + i)")
    recorder.wait_until(lambda: len({post.envelope["id"] for post in recorder.posts}) == 301)
    held = "JSON.parse(Object.values(sessionStorage)[0] || '[]').length"
    page.wait_for_function(f"{held} == 99")
    page.wait_for_timeout(200)
    assert page.evaluate(held) == 99


def test_no_body_reaches_64_kib(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.evaluate("pulse('event', 'large', { text: 'é'.repeat(32000) })")
    page.evaluate("pulse('event', 'too large', { text: 'é'.repeat(33000) })")
    page.evaluate("pulse('event', 'small')")
    recorder.wait_for("event", 2)
    page.wait_for_timeout(QUIET_MS)
    posts = recorder.of("event")
    assert sorted(post.payload["name"] for post in posts) == ["large", "small"]
    assert max(post.size_bytes for post in posts) < MOST_BYTES


def test_events_beyond_what_may_be_in_flight_arrive_later(
    site: Site, recorder: Recorder, page: Page
) -> None:
    page.goto(site.url)
    page.evaluate("for (const n of ['a', 'b', 'c']) pulse('event', n, { text: 'x'.repeat(40000) })")
    posts = recorder.wait_for("event", 3, timeout_s=15)
    assert sorted(post.payload["name"] for post in posts) == ["a", "b", "c"]


def test_delivers_while_the_page_is_leaving(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.evaluate("addEventListener('pagehide', () => pulse('event', 'bye'))")
    page.click("#about")
    (post,) = recorder.wait_for("event")
    assert post.payload["path"] == "/"


def test_needs_no_beacon(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page
) -> None:
    context.add_init_script("delete Navigator.prototype.sendBeacon")
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(1100)
    hide(page)
    recorder.wait_for("engagement")
