"""From what a person does on a page to the reports about it: vitals, scroll depth, clicks, errors,
links and searches, by the served script, through the real server, to figures known beforehand."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.acceptance.process import Project, Server
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

ATTRIBUTES = ("vitals", "scroll", "outlinks", "errors", "clicks", "search")
MODULES = ("webvitals", "scroll_depth", "heatmaps", "search")
WINDOW = (1000, 800)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("modules") / "data")
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def project(server: Server, request: pytest.FixtureRequest) -> Project:
    return server.add_project(request.node.name[:60], "127.0.0.1", MODULES)


@pytest.fixture
def site(server: Server, project: Project) -> Iterator[Site]:
    attributes = {"data-key": project.ingest_key}
    attributes |= {f"data-{name}": "true" for name in ATTRIBUTES}
    with Site(server.url, attributes) as site:
        yield site


def read(project: Project, metric: str, dimension: str, kind: str) -> dict[str, Any]:
    """Return a figure of the events of one kind by a dimension."""
    answer = project.query(
        metrics=[metric],
        dimensions=[dimension],
        range="7d",
        filters={"dimension": "kind", "operator": "is", "values": [kind]},
    )
    return {row["dimensions"][dimension]: row["metrics"][metric] for row in answer["rows"]}


def ask_pulse(project: Project, path: str) -> Any:
    """Return the answer of one of Pulse's reports."""
    status, _, answer = project.get(f"/api/v1{path}")
    assert status == 200, answer
    return answer


def open_page(page: Page, url: str) -> None:
    """Open a page and wait until its modules listen."""
    page.set_viewport_size({"width": WINDOW[0], "height": WINDOW[1]})
    with page.expect_response("**/api/script/modules-*"):
        page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)


def leave(page: Page, project: Project, kind: str, count: int) -> None:
    """Leave the page and wait until so many events of a kind are stored; fail after 10 s."""
    page.goto("about:blank")
    deadline = time.monotonic() + 30
    while (found := sum(read(project, "signals", "kind", kind).values())) != count:
        assert time.monotonic() < deadline, f"{found} of {count} events of kind {kind}"
        time.sleep(0.1)


def stay(page: Page) -> None:
    """Keep links from leaving the page, as many apps do."""
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")


def test_clicks_become_the_places_that_were_clicked(
    person: Page, site: Site, project: Project
) -> None:
    open_page(person, site.url)
    person.mouse.click(300, 400)
    person.mouse.click(300, 400)
    person.evaluate("scrollTo(0, 1000)")
    person.mouse.click(250, 500)
    person.evaluate("scrollTo(0, 0)")
    person.click("#buy")
    box = person.locator("#buy").bounding_box()
    assert box is not None
    leave(person, project, "click", 4)
    xs = read(project, "signals", "prop:x", "click")
    ys = read(project, "signals", "prop:y", "click")
    assert {xs["300"], ys["400"]} == {2}
    assert {xs["250"], ys["1500"]} == {1}
    names = read(project, "signals", "name", "click")
    assert names["button#buy"] == 1
    assert sum(names.values()) == 4
    heatmap = ask_pulse(project, "/heatmaps?path=/&limit=100")
    assert (heatmap["total_clicks"], heatmap["viewport_width"]) == (4, WINDOW[0])
    places = {(click["x"], click["y"]): click["count"] for click in heatmap["clicks"]}
    assert places[300, 400] == 2
    assert places[250, 1500] == 1
    (bought,) = [click for click in heatmap["clicks"] if click["selector"] == "button#buy"]
    assert bought["x"] == pytest.approx(box["x"] + box["width"] / 2, abs=1)
    assert bought["y"] == pytest.approx(box["y"] + box["height"] / 2, abs=1)
    clicked = ask_pulse(project, "/heatmaps/stats")["data"]
    assert clicked == [{"path": "/", "total_clicks": 4}]


def test_scrolling_becomes_the_deepest_share_in_view(
    person: Page, site: Site, project: Project
) -> None:
    open_page(person, site.url)
    height = person.evaluate("document.documentElement.scrollHeight")
    person.evaluate("scrollTo(0, 1200)")
    person.wait_for_timeout(150)
    person.evaluate("scrollTo(0, 0)")
    person.wait_for_timeout(150)
    leave(person, project, "scroll_depth", 1)
    expected = round((1200 + WINDOW[1]) / height * 100)
    assert read(project, "value_p50", "page", "scroll_depth") == {"/": expected}
    (page,) = ask_pulse(project, "/scroll")["data"]
    assert (page["path"], page["sessions"], page["avg_depth"]) == ("/", 1, expected)


def test_errors_become_groups_by_message(
    person: Page, site: Site, project: Project, complaints: list[str]
) -> None:
    for path in ("/", "/about"):
        open_page(person, site.url + path)
        person.evaluate("setTimeout(() => { throw new TypeError('broken part') })")
        if path == "/":
            person.evaluate("void Promise.reject(new Error('broken promise'))")
        person.wait_for_timeout(200)
    leave(person, project, "error", 3)
    complaints.clear()
    assert read(project, "signals", "name", "error") == {
        "Uncaught TypeError: broken part": 2,
        "Error: broken promise": 1,
    }
    assert read(project, "signals", "page", "error") == {"/": 2, "/about": 1}
    groups = ask_pulse(project, "/errors")["data"]
    assert [(row["message"], row["count"], row["unique_sessions"]) for row in groups] == [
        ("Uncaught TypeError: broken part", 2, 1),
        ("Error: broken promise", 1, 1),
    ]
    detail = ask_pulse(project, "/errors/detail?message=Uncaught%20TypeError:%20broken%20part")
    assert [(row["path"], row["browser"]) for row in detail["instances"]] == [
        ("/about", "Chrome 131"),
        ("/", "Chrome 131"),
    ]
    assert all("broken part" in row["stack"] for row in detail["instances"])
    assert ask_pulse(project, "/errors/stats") == {
        "total_errors": 3,
        "unique_errors": 2,
        "affected_sessions": 1,
        "error_rate": 100.0,
    }


def test_links_become_ways_out_and_downloads(person: Page, site: Site, project: Project) -> None:
    open_page(person, site.url)
    stay(person)
    for link in ("#out", "#file", "#out", "#about"):
        person.click(link)
    leave(person, project, "outlink", 2)
    assert read(project, "signals", "name", "outlink") == {"http://localhost:9/out?x=1": 2}
    assert read(project, "signals", "name", "download") == {f"{site.url}/report.PDF": 1}
    links = ask_pulse(project, "/outlinks")["data"]
    assert [(row["url"], row["link_type"], row["clicks"]) for row in links] == [
        ("http://localhost:9/out?x=1", "external", 2),
        (f"{site.url}/report.PDF", "download", 1),
    ]


def test_searches_become_their_terms(person: Page, site: Site, project: Project) -> None:
    open_page(person, f"{site.url}/app?q=blue+shoes")
    person.evaluate("history.pushState({}, '', '/app?q=blue+shoes&page=2')")
    person.wait_for_timeout(200)
    person.evaluate("history.pushState({}, '', '/app?q=hats')")
    person.wait_for_timeout(200)
    leave(person, project, "search", 2)
    assert read(project, "signals", "name", "search") == {"blue shoes": 1, "hats": 1}
    terms = ask_pulse(project, "/search")["data"]
    assert {row["query"]: row["count"] for row in terms} == {"blue shoes": 1, "hats": 1}


def test_vitals_become_one_measurement_of_each_for_every_load(
    person: Page, site: Site, project: Project
) -> None:
    timing = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    painted_ms = []
    for _ in range(2):
        open_page(person, f"{site.url}/about")
        person.click("h1")
        person.wait_for_timeout(400)
        painted_ms.append(person.evaluate(timing))
    leave(person, project, "web_vital", 10)
    counted = read(project, "signals", "name", "web_vital")
    assert counted == dict.fromkeys(("CLS", "FCP", "INP", "LCP", "TTFB"), 2)
    vitals = ask_pulse(project, "/webvitals")["vitals"]
    assert set(vitals) == set(counted)
    assert vitals["CLS"]["p75"] == 0
    # Each is rounded to a tenth of a millisecond on its way.
    assert vitals["FCP"]["p50"] == pytest.approx(sum(painted_ms) / 2, abs=0.06)
    assert vitals["FCP"]["rating"] == "good"
    (page,) = ask_pulse(project, "/webvitals/pages")["data"]
    assert (page["path"], page["samples"], page["CLS_p75"]) == ("/about", 10, 0)
    (day,) = ask_pulse(project, "/webvitals/timeseries?metric=FCP")["data"]
    assert day["p75"] == vitals["FCP"]["p75"]


def test_time_in_sight_becomes_time_on_page(person: Page, site: Site, project: Project) -> None:
    open_page(person, f"{site.url}/about")
    person.wait_for_timeout(2000)
    leave(person, project, "engagement", 1)
    totals = project.query(metrics=["time_on_page"], range="7d")["totals"]
    assert 2 <= totals["time_on_page"] <= 10
