"""From a click in a real browser to a figure in a report: a person walks over the three pages of a
site whose script comes from the real server, and every figure is what that walk must give."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.acceptance.process import BROWSER, Project, Server
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("click") / "data")
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def project(server: Server, request: pytest.FixtureRequest) -> Project:
    return server.add_project(request.node.name[:60], "127.0.0.1")


@pytest.fixture
def site(server: Server, project: Project) -> Iterator[Site]:
    attributes = {"data-key": project.ingest_key, "data-outlinks": "true", "data-utm": "true"}
    with Site(server.url, attributes) as site:
        yield site


def read(project: Project, *metrics: str, **fields: Any) -> dict[str, Any]:
    totals: dict[str, Any] = project.query(metrics=list(metrics), range="7d", **fields)["totals"]
    return totals


def read_rows(project: Project, metric: str, dimension: str, **fields: Any) -> dict[str, Any]:
    answer = project.query(metrics=[metric], dimensions=[dimension], range="7d", **fields)
    return {row["dimensions"][dimension]: row["metrics"][metric] for row in answer["rows"]}


def wait_for_pageviews(project: Project, count: int) -> None:
    """Wait until what the browser sends while a page is left has arrived; fail after 10 s."""
    deadline = time.monotonic() + 30
    while (arrived := read(project, "pageviews")["pageviews"]) != count:
        assert time.monotonic() < deadline, f"{arrived} of {count} pageviews arrived"
        time.sleep(0.1)


def walk(person: Page, site: Site) -> None:
    """Home with a campaign, then About, then the app with one step inside; 1.2 s in the app."""
    person.goto(f"{site.url}/?utm_source=letter&utm_medium=email&utm_campaign=spring")
    with person.expect_response("**/api/collect*"):
        person.reload()
    person.evaluate("pulse('event', {name: 'signup', data: {plan: 'pro', seats: 3}})")
    person.click("#about")
    person.wait_for_load_state("networkidle")
    person.click("#home")
    person.wait_for_load_state("networkidle")
    person.click("#app")
    person.wait_for_load_state("networkidle")
    person.wait_for_timeout(1200)
    with person.expect_response("**/api/collect*"):
        person.click("#next")
    person.wait_for_load_state("networkidle")
    person.goto("about:blank")


def test_walk_of_a_person_becomes_the_figures_of_that_walk(
    person: Page, site: Site, project: Project
) -> None:
    walk(person, site)
    wait_for_pageviews(project, 6)
    assert read(project, "visitors", "sessions", "pageviews", "events") == {
        "visitors": 1,
        "sessions": 1,
        "pageviews": 6,
        "events": 1,
    }
    assert read_rows(project, "pageviews", "page") == {
        "/": 3,
        "/about": 1,
        "/app": 1,
        "/app/next": 1,
    }
    assert read_rows(project, "sessions", "entry_page") == {"/": 1}
    assert read_rows(project, "sessions", "exit_page") == {"/app/next": 1}
    assert read_rows(project, "visitors", "channel") == {"Email": 1}
    assert read_rows(project, "visitors", "utm_campaign") == {"spring": 1}
    assert read_rows(project, "visitors", "browser") == {"Chrome": 1}
    assert read_rows(project, "visitors", "os") == {"Linux": 1}
    assert read_rows(project, "visitors", "device") == {"Desktop": 1}
    assert read_rows(project, "events", "event") == {"signup": 1}
    assert read_rows(project, "events", "prop:seats") == {"3": 1}
    rates = read(project, "bounce_rate", "views_per_session", "session_duration")
    assert rates["bounce_rate"] == 0
    assert rates["views_per_session"] == 6
    assert 1.2 <= rates["session_duration"] <= 30


def test_pulse_and_our_own_api_say_the_same(person: Page, site: Site, project: Project) -> None:
    walk(person, site)
    wait_for_pageviews(project, 6)
    status, _, stats = project.get("/api/v1/stats")
    assert status == 200
    assert {k: stats["current"][k] for k in ("pageviews", "visitors", "sessions", "events")} == {
        "pageviews": 6,
        "visitors": 1,
        "sessions": 1,
        "events": 1,
    }
    pages = project.get("/api/v1/pages")[2]
    assert {row["path"]: row["views"] for row in pages["data"]} == {
        "/": 3,
        "/about": 1,
        "/app": 1,
        "/app/next": 1,
    }
    assert pages["total"] == 4
    assert project.get("/api/v1/realtime")[2] == {"active_visitors": 1}


def test_crawler_that_runs_scripts_is_kept_apart(
    browser: Browser, site: Site, project: Project
) -> None:
    context = browser.new_context(user_agent=f"{BROWSER} (compatible; Googlebot/2.1)")
    page = context.new_page()
    with page.expect_response("**/api/collect*"):
        page.goto(site.url)
    page.wait_for_load_state("networkidle")
    assert read(project, "visitors", "pageviews") == {"visitors": 0, "pageviews": 0}
    assert read(project, "visitors", "pageviews", bots="only") == {"visitors": 1, "pageviews": 1}
    context.close()


def test_headless_browser_at_home_counts_until_a_second_sign_speaks_against_it(
    page: Page, site: Site, project: Project
) -> None:
    with page.expect_response("**/api/collect*"):
        page.goto(site.url)
    assert read(project, "visitors", "pageviews") == {"visitors": 1, "pageviews": 1}
    scores = read_rows(project, "visitors", "bot_reasons", bots="include")
    assert scores == {"automation": 1}


def test_two_profiles_on_one_machine_are_told_apart_by_their_browser(
    browser: Browser, person: Page, site: Site, project: Project
) -> None:
    with person.expect_response("**/api/collect*"):
        person.goto(site.url)
    other = browser.new_context(user_agent=BROWSER.replace("X11; Linux x86_64", "Windows NT 10.0"))
    tab = other.new_page()
    with tab.expect_response("**/api/collect*"):
        tab.goto(site.url)
    other.close()
    assert read(project, "visitors", "sessions") == {"visitors": 2, "sessions": 2}
