"""From real pages to figures: visitors see their variants in a real browser, convert there or in a
backend that got the assignment from the page, and each door's report says what happened."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.acceptance.process import BROWSER, Project, Server
from tests.browser.chromium import ARGUMENTS, CHROMIUM
from tests.browser.grademypage import Pages

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

VISITORS = 6


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("figure") / "data")
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def project(server: Server, request: pytest.FixtureRequest) -> Project:
    settings = {"modules": {"ab_testing": {"enabled": True, "access": "all"}}}
    body = {"name": request.node.name[:60], "domain": "127.0.0.1", "settings": settings}
    status, made = server.admin("POST", "/api/admin/projects", body)
    assert status == 201, made
    key_path = f"/api/admin/projects/{made['id']}/keys"
    status, key = server.admin("POST", key_path, {"name": "k", "scopes": ["ingest", "query"]})
    assert status == 201, key
    return Project(server, made["id"], key["key"], key["key"])


@pytest.fixture
def pages(server: Server, project: Project) -> Iterator[Pages]:
    with Pages(server.url) as pages:
        pages.project = project.id
        yield pages


@pytest.fixture(scope="module")
def chrome(browser: Browser) -> Iterator[Browser]:
    """A Chromium that says it is an ordinary Chrome."""
    chrome = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={BROWSER}"]
    )
    yield chrome
    chrome.close()


def run_experiment(project: Project) -> dict[str, Any]:
    """Run a documented experiment: no goal, so that conversions count."""
    body = {
        "name": "Headline",
        "type": "copy",
        "targetUrl": "/",
        "urlMatchType": "exact",
        "trafficPercentage": 100,
        "status": "running",
        "variants": [
            {"name": "Control", "isControl": True, "weight": 50, "changes": []},
            {
                "name": "Bold",
                "isControl": False,
                "weight": 50,
                "changes": [{"selector": "#head", "changeType": "text", "value": "Bold"}],
            },
        ],
    }
    path = f"/api/admin/projects/{project.id}/experiments"
    status, made = project.server.admin("POST", path, body)
    assert status == 201, made
    found: dict[str, Any] = made
    return found


def wait_for(project: Project, metric: str, count: float) -> None:
    """Wait until a figure is reached; fail after 10 s."""
    deadline = time.monotonic() + 30
    while (got := project.query(metrics=[metric], range="7d")["totals"][metric]) != count:
        assert time.monotonic() < deadline, f"{metric} is {got}, not {count}"
        time.sleep(0.1)


def visit(page: Page, pages: Pages) -> dict[str, Any]:
    """Open the home page and return the visitor's assignment and what the headline says."""
    page.goto(pages.url)
    page.wait_for_function("window.grademypage && grademypage.getExperimentAssignments().length")
    (assignment,) = page.evaluate("grademypage.getExperimentAssignments()")
    headline = page.text_content("#head")
    visitor = page.evaluate("document.cookie").partition("gmp_vid=")[2]
    return {**assignment, "headline": headline, "visitor": visitor}


def test_conversions_of_pages_and_of_a_backend_count_for_the_variant_that_was_seen(
    chrome: Browser, server: Server, project: Project, pages: Pages
) -> None:
    experiment = run_experiment(project)
    names = {variant["id"]: variant["name"] for variant in experiment["variants"]}
    _, made = server.admin("POST", f"/api/admin/projects/{project.id}/secret-key/rotate")
    seen: dict[str, int] = dict.fromkeys(names, 0)
    converted: dict[str, int] = dict.fromkeys(names, 0)
    complaints: list[str] = []
    for number in range(VISITORS):
        context = chrome.new_context(locale="en-GB")
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        found = visit(page, pages)
        variant = found["variantId"]
        seen[variant] += 1
        assert found["headline"] == {"Control": "Home", "Bold": "Bold"}[names[variant]]
        assert found["experimentId"] == experiment["id"]
        if number % 3 == 0:
            converted[variant] += 1
            page.evaluate("grademypage.trackConversion('signup', {plan: 'pro'})")
        page.goto("about:blank")
        if number % 3 == 1:
            converted[variant] += 1
            status, _, answer = server.request(
                "POST",
                "/api/analytics/server-events",
                {
                    "eventType": "conversion",
                    "eventName": "purchase",
                    "idempotencyKey": f"order-{number}",
                    "visitor": {"id": found["visitor"]},
                    "experimentId": found["experimentId"],
                    "variantId": variant,
                    "properties": {"revenue": 10, "currency": "EUR"},
                },
                {"Authorization": f"Bearer {made['secret_key']}"},
            )
            assert (status, answer["attributed"]) == (201, True)
        context.close()
    assert complaints == []
    wait_for(project, "pageviews", VISITORS)
    wait_for(project, "events", 4)
    totals = project.query(metrics=["visitors", "sessions", "revenue"], range="7d")["totals"]
    assert totals == {"visitors": VISITORS, "sessions": VISITORS, "revenue": 20}

    status, _, answer = project.get(f"/api/v1/experiments/{experiment['id']}/results")
    assert status == 200, answer
    shown = {result["variant"]: result for result in answer["results"]}
    assert {key: shown[name]["visitors"] for key, name in names.items()} == seen
    assert {key: shown[name]["conversions"] for key, name in names.items()} == converted
    assert sum(result["revenue"] for result in shown.values()) == 20
    _, _, stats = project.get("/api/v1/stats")
    assert (stats["current"]["visitors"], stats["current"]["events"]) == (VISITORS, 4)


def test_figures_stay_right_when_the_network_is_flaky(
    chrome: Browser, project: Project, pages: Pages
) -> None:
    context = chrome.new_context(locale="en-GB")
    page = context.new_page()
    calls: list[str] = []

    def lose(route: Route) -> None:
        """Lose every third request, and the answer of another third."""
        calls.append(route.request.url)
        if len(calls) % 3 == 1:
            route.abort()
        elif len(calls) % 3 == 2:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.clock.install()
    page.route("**/api/analytics/track", lose)
    page.goto(pages.url)
    page.wait_for_function("window.grademypage")
    for number in range(40):
        page.evaluate(f"grademypage.track('step', {{eventName: 'step {number}'}})")
    for _ in range(12):
        page.clock.run_for(90_000)
        page.wait_for_timeout(50)
    assert page.evaluate("sessionStorage.gmp_q") == "[]"
    assert len(calls) > 3
    context.close()
    wait_for(project, "events", 40)
    wait_for(project, "pageviews", 1)
