"""The global function: both of its styles, before and after the script has loaded."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.site import Recorder, Site

pytestmark = pytest.mark.browser

STUB = (
    "<script>window.pulse=window.pulse||function(){(pulse.q=pulse.q||[]).push(arguments)}</script>"
)

CALLS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "pulse('event', {name: 'buy', data: {plan: 'pro'}, revenue_amount: 9.5,"
        " revenue_currency: 'EUR'})",
        "event",
        {"name": "buy", "data": {"plan": "pro"}, "revenue_amount": 9.5, "revenue_currency": "EUR"},
    ),
    (
        "pulse('event', 'buy', {plan: 'pro'}, 9.5, 'EUR')",
        "event",
        {"name": "buy", "data": {"plan": "pro"}, "revenue_amount": 9.5, "revenue_currency": "EUR"},
    ),
    ("pulse('event', 'bare')", "event", {"name": "bare"}),
    ("pulse('identify', {plan: 'pro'})", "identify", {"traits": {"plan": "pro"}}),
    (
        "pulse('search', {query: 'guide', results_count: 3})",
        "search_query",
        {"query": "guide", "results_count": 3},
    ),
    ("pulse('search', 'guide', 3)", "search_query", {"query": "guide", "results_count": 3}),
    (
        "pulse('survey_response', {survey_id: 's', answers: [], completed: true})",
        "survey_response",
        {"survey_id": "s", "answers": [], "completed": True},
    ),
    (
        "pulse('survey_response', 's', [{question_id: 'q', value: 9}], false)",
        "survey_response",
        {"survey_id": "s", "answers": [{"question_id": "q", "value": 9}], "completed": False},
    ),
]


@pytest.mark.parametrize(("call", "kind", "fields"), CALLS)
def test_sends_what_a_page_says(
    site: Site, recorder: Recorder, page: Page, call: str, kind: str, fields: dict[str, Any]
) -> None:
    page.goto(site.url + "/about")
    page.evaluate(call + "; 0")
    (post,) = recorder.wait_for(kind)
    assert post.fields == {"path": "/about", **fields}


def test_a_page_may_name_another_path(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.evaluate("pulse('event', { name: 'x', path: '/virtual' })")
    assert recorder.wait_for("event")[0].payload["path"] == "/virtual"


def test_sends_calls_made_before_the_script_loaded(
    site: Site, recorder: Recorder, page: Page
) -> None:
    site.head = STUB + "<script>pulse('event', 'first'); pulse('event', {name: 'second'})</script>"
    page.goto(site.url)
    posts = recorder.wait_for("event", 2)
    assert sorted(post.payload["name"] for post in posts) == ["first", "second"]


def test_every_event_has_its_own_id(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.evaluate("for (let i = 0; i < 20; i++) pulse('event', 'n' + i)")
    recorder.wait_for("event", 20)
    ids = [post.envelope["id"] for post in recorder.posts]
    assert len(set(ids)) == len(ids) == 21
    assert all(isinstance(value, str) and 16 <= len(value) <= 64 for value in ids)
