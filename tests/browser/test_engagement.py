"""Engagement: for how long a page was visible, told when it is hidden or left."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.site import Recorder, Site
from tests.browser.visibility import hide, hide_at_start, show

pytestmark = pytest.mark.browser


def test_tells_visible_time_when_the_page_is_hidden(
    site: Site, recorder: Recorder, page: Page
) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(1200)
    hide(page)
    (post,) = recorder.wait_for("engagement")
    assert set(post.fields) == {"path", "engagement_ms"}
    assert post.payload["path"] == "/"
    assert 1200 <= post.payload["engagement_ms"] < 5000


def test_does_not_count_hidden_time(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(1100)
    hide(page)
    page.wait_for_timeout(1500)
    show(page)
    page.wait_for_timeout(1100)
    hide(page)
    first, second = recorder.wait_for("engagement", 2)
    assert first.payload["engagement_ms"] < 2500
    assert second.payload["engagement_ms"] < 2500


def test_keeps_quiet_about_less_than_a_second(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    hide(page)
    page.wait_for_timeout(300)
    assert recorder.of("engagement") == []


def test_tells_the_time_of_a_page_that_was_left(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    page.wait_for_timeout(1100)
    page.click("#about")
    (post,) = recorder.wait_for("engagement")
    assert post.payload["path"] == "/"


def test_tells_the_time_of_a_tab_that_was_closed(
    site: Site, recorder: Recorder, page: Page, context: BrowserContext
) -> None:
    tab = context.new_page()
    tab.goto(site.url)
    recorder.wait_for("pageview")
    tab.wait_for_timeout(1100)
    tab.close(run_before_unload=True)
    recorder.wait_for("engagement")


def test_tells_the_time_of_each_view_of_an_app(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url + "/app")
    recorder.wait_for("pageview")
    page.wait_for_timeout(1100)
    page.click("#next")
    (post,) = recorder.wait_for("engagement")
    assert post.payload["path"] == "/app"
    assert post.envelope["timestamp"] <= recorder.wait_for("pageview", 2)[1].envelope["timestamp"]


def test_never_engages_with_a_page_that_nobody_saw(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page
) -> None:
    hide_at_start(context)
    page.goto(site.url)
    page.wait_for_timeout(1100)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    assert recorder.posts == []
