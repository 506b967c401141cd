"""The SDK in a real browser, against the real server: what a person does on pages that bundle it is
in the figures exactly once, whatever happens to the line, the server or the tab in between."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.acceptance.process import Project, Server
from tests.browser.application import Application, bundle_page
from tests.browser.visibility import hide, hide_at_start, show
from tests.sdk_package import install_package

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

MODULES = ("webvitals", "scroll_depth", "search", "heatmaps", "surveys")
QUIET_MS = 700
STORED = "Object.keys(localStorage).length"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return bundle_page(install_package(tmp_path_factory.mktemp("sdk")))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("sdk-browser") / "data")
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def project(server: Server, request: pytest.FixtureRequest) -> Project:
    return server.add_project(request.node.name[:60], "127.0.0.1", MODULES)


@pytest.fixture
def app(files: dict[str, bytes], server: Server, project: Project) -> Iterator[Application]:
    with Application(files, server.url, apiKey=project.ingest_key) as app:
        yield app


@pytest.fixture
def profile(chrome: Browser) -> Iterator[BrowserContext]:
    """A fresh profile of an ordinary Chrome."""
    context = chrome.new_context(locale="en-GB", viewport={"width": 1000, "height": 800})
    yield context
    context.close()


def read_counts(project: Project, dimension: str, metric: str = "events") -> dict[str, Any]:
    answer = project.query(
        metrics=[metric], dimensions=[dimension], range="7d", bots="include", limit=1000
    )
    return {row["dimensions"][dimension]: row["metrics"][metric] for row in answer["rows"]}


def wait_for(read: Callable[[], Any], expected: Any, *, timeout_s: float = 40) -> None:
    """Wait until a figure is what it must be; fail with what it is."""
    deadline = time.monotonic() + timeout_s
    while (found := read()) != expected:
        assert time.monotonic() < deadline, f"{found} instead of {expected}"
        time.sleep(0.1)


def wait_for_events(project: Project, *names: str) -> None:
    """Wait until exactly these events are counted, each once, and stay so."""
    expected = dict.fromkeys(names, 1)
    wait_for(lambda: read_counts(project, "event"), expected)
    time.sleep(0.5)
    assert read_counts(project, "event") == expected


def post_count(page: Page) -> list[str]:
    """Begin to write down the requests of a page to the server."""
    posts: list[str] = []
    page.on("request", lambda r: posts.append(r.url) if "/api/" in r.url else None)
    return posts


def open_page(page: Page, app: Application, path: str = "/") -> None:
    """Open a page and wait until its first delivery has been answered."""
    with page.expect_response("**/api/*?key=*"):
        page.goto(app.url + path)


def test_walk_of_a_person_becomes_the_figures_of_that_walk(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    app.options |= {"utm": True, "vitals": True, "scrollDepth": True, "trackClicks": True}
    page = profile.new_page()
    open_page(page, app, "/?utm_source=letter&utm_medium=email&utm_campaign=spring")
    page.evaluate("pulse.event('signup_complete', { method: 'google' })")
    page.evaluate("pulse.event('purchase', { revenue: { amount: 29.99, currency: 'USD' } })")
    page.evaluate("pulse.search('pricing plans', 7)")
    page.evaluate("pulse.identify({ plan: 'pro' })")
    page.wait_for_timeout(1200)
    page.click("#about")
    page.wait_for_load_state("networkidle")
    page.evaluate("history.pushState({}, '', '/app/one')")
    page.wait_for_timeout(300)
    page.evaluate("history.pushState({}, '', '/app/two')")
    page.goto("about:blank")
    wait_for(
        lambda: read_counts(project, "page", "pageviews"),
        {"/": 1, "/about": 1, "/app/one": 1, "/app/two": 1},
    )
    current = project.get("/api/v1/stats")[2]["current"]
    assert (current["pageviews"], current["visitors"], current["sessions"]) == (4, 1, 1)
    assert (current["events"], current["bounce_rate"]) == (2, 0)
    events = project.get("/api/v1/events")[2]["data"]
    assert {row["name"]: row["count"] for row in events} == {"signup_complete": 1, "purchase": 1}
    totals = project.query(metrics=["revenue"], range="7d")["totals"]
    assert totals == {"revenue": 29.99}
    assert read_counts(project, "prop:method") == {"google": 1}
    assert read_counts(project, "utm_campaign", "visitors") == {"spring": 1}
    assert read_counts(project, "browser", "visitors") == {"Chrome": 1}
    kinds = set(read_counts(project, "kind", "visitors"))
    assert kinds >= {"pageview", "event", "search", "identify", "web_vital", "scroll_depth"}
    assert kinds >= {"engagement", "click"}
    status, _, report = project.server.request(
        "POST",
        "/api/reports/vitals",
        {"project": project.id, "range": "7d"},
        {"Authorization": f"Bearer {project.query_key}"},
    )
    assert status == 200
    samples = {name: vital["samples"] for name, vital in report["vitals"].items()}
    assert samples["TTFB"] == samples["FCP"] == 2
    assert {"LCP", "CLS"} <= set(samples)


def test_loads_vitals_and_modules_only_when_they_are_on(
    profile: BrowserContext, app: Application
) -> None:
    page = profile.new_page()
    open_page(page, app)
    page.wait_for_timeout(QUIET_MS)
    assert [path for path in app.requested if path.startswith("/module-")] == []
    app.options["clicks"] = True
    open_page(page, app)
    page.wait_for_timeout(QUIET_MS)
    assert len([path for path in app.requested if path.startswith("/module-")]) == 1
    assert [path for path in app.requested if path.startswith("/vitals-")] == []


def test_stores_nothing_while_deliveries_succeed(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    page = profile.new_page()
    open_page(page, app)
    page.evaluate("pulse.event('a')")
    wait_for_events(project, "a")
    stored = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(stored) == [0, 0, ""]


def test_what_happens_offline_arrives_once_when_the_line_is_back(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    page = profile.new_page()
    open_page(page, app)
    profile.set_offline(True)
    names = [f"offline_{n}" for n in range(25)]
    for name in names:
        page.evaluate(f"pulse.event('{name}')")
    page.wait_for_timeout(QUIET_MS)
    assert page.evaluate(STORED) == 1
    assert read_counts(project, "event") == {}
    profile.set_offline(False)
    wait_for_events(project, *names)
    assert page.evaluate(STORED) == 0
    assert page.evaluate("sdkErrors") == []


def test_what_was_stored_without_an_answer_is_sent_again_and_counts_once(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    page = profile.new_page()
    open_page(page, app)
    lost: list[str] = []

    def lose_answer(route: Route) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    page.route("**/api/*?key=*", lose_answer, times=2)
    page.evaluate("pulse.event('a'); pulse.event('b'); pulse.event('c')")
    wait_for(lambda: page.evaluate(STORED), 1)
    page.wait_for_timeout(3500)
    assert len(lost) == 2
    wait_for_events(project, "a", "b", "c")
    wait_for(lambda: page.evaluate(STORED), 0)


def test_two_tabs_that_were_offline_neither_lose_nor_double_anything(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    tabs = [profile.new_page(), profile.new_page()]
    for tab in tabs:
        open_page(tab, app)
    profile.set_offline(True)
    for number, tab in enumerate(tabs):
        tab.evaluate(f"for (let n = 0; n < 15; n++) pulse.event(`tab_{number}_${{n}}`)")
        tab.wait_for_timeout(QUIET_MS)
    assert tabs[0].evaluate(STORED) == 2
    tabs[1].close(run_before_unload=False)
    profile.set_offline(False)
    wait_for_events(project, *[f"tab_{t}_{n}" for t in range(2) for n in range(15)])
    wait_for(lambda: tabs[0].evaluate(STORED), 0)


def test_next_page_delivers_what_the_last_one_could_not(
    profile: BrowserContext, app: Application, server: Server, project: Project
) -> None:
    page = profile.new_page()
    open_page(page, app)
    server.kill()
    page.evaluate("for (let n = 0; n < 20; n++) pulse.event('away_' + n)")
    page.wait_for_timeout(QUIET_MS)
    page.evaluate("pulse.event('last')")
    page.goto(app.url + "/about")
    page.evaluate("pulse.event('after')")
    server.start()
    wait_for_events(project, *[f"away_{n}" for n in range(20)], "last", "after")
    wait_for(lambda: read_counts(project, "page", "pageviews"), {"/": 1, "/about": 1})
    wait_for(lambda: page.evaluate(STORED), 0)


def test_what_is_sent_while_a_tab_closes_arrives(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    app.options["batchInterval"] = 60_000
    page = profile.new_page()
    open_page(page, app)
    page.evaluate("pulse.event('a'); pulse.event('b')")
    page.goto("about:blank")
    wait_for_events(project, "a", "b")


def test_a_hidden_tab_sends_what_waits(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    app.options["batchInterval"] = 60_000
    page = profile.new_page()
    open_page(page, app)
    page.evaluate("pulse.event('before')")
    hide(page)
    page.evaluate("pulse.event('hidden')")
    wait_for_events(project, "before", "hidden")
    wait_for(lambda: page.evaluate(STORED), 0)


def test_a_tab_opened_in_the_background_begins_when_it_is_seen(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    hide_at_start(profile)
    page = profile.new_page()
    posts = post_count(page)
    page.goto(app.url)
    page.wait_for_function("window.pulse")
    page.evaluate("pulse.event('early')")
    page.wait_for_timeout(QUIET_MS)
    assert posts == []
    show(page)
    wait_for_events(project, "early")
    wait_for(lambda: read_counts(project, "page", "pageviews"), {"/": 1})


def test_is_silent_until_consent_and_after_its_withdrawal(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    app.options |= {"consent": "pending", "vitals": True}
    page = profile.new_page()
    posts = post_count(page)
    page.goto(app.url)
    page.wait_for_function("window.pulse")
    page.evaluate("pulse.event('before')")
    page.wait_for_timeout(QUIET_MS)
    assert (posts, page.evaluate(STORED)) == ([], 0)
    assert [path for path in app.requested if path.startswith("/module-")] == []
    page.evaluate("pulse.grantConsent(); pulse.event('between')")
    wait_for_events(project, "between")
    assert read_counts(project, "page", "pageviews") == {"/": 1}
    profile.set_offline(True)
    page.evaluate("pulse.event('withdrawn')")
    page.wait_for_timeout(QUIET_MS)
    assert page.evaluate(STORED) == 1
    page.evaluate("pulse.revokeConsent(); pulse.event('after')")
    assert page.evaluate(STORED) == 0
    profile.set_offline(False)
    count = len(posts)
    page.evaluate("history.pushState({}, '', '/elsewhere')")
    page.click("#home")
    page.wait_for_timeout(QUIET_MS)
    assert len(posts) == count
    assert read_counts(project, "event") == {"between": 1}


def test_consent_given_again_counts_the_open_page_once(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    page = profile.new_page()
    open_page(page, app)
    # The pageview of this navigation still waits for its title when consent goes and comes.
    page.evaluate(
        "history.pushState({}, '', '/two'); pulse.revokeConsent();"
        "pulse.grantConsent(); pulse.grantConsent()"
    )
    page.wait_for_timeout(QUIET_MS)
    hide(page)
    wait_for(lambda: read_counts(project, "page", "pageviews"), {"/": 1, "/two": 1})
    page.wait_for_timeout(QUIET_MS)
    assert read_counts(project, "page", "pageviews") == {"/": 1, "/two": 1}


@pytest.mark.parametrize("signal", ["doNotTrack: '1'", "globalPrivacyControl: true"])
def test_honours_the_signals_of_a_browser_when_told_to(
    profile: BrowserContext, app: Application, signal: str
) -> None:
    name, value = signal.split(": ")
    profile.add_init_script(
        f"Object.defineProperty(Navigator.prototype, '{name}', {{ get: () => {value} }})"
    )
    page = profile.new_page()
    open_page(page, app)
    app.options["dnt"] = True
    posts = post_count(page)
    page.goto(app.url)
    page.wait_for_function("window.pulse")
    page.evaluate("pulse.event('a'); history.pushState({}, '', '/two')")
    page.wait_for_timeout(QUIET_MS)
    assert posts == []
    assert "native code" in page.evaluate("String(history.pushState)")


def test_a_refused_key_is_told_once_and_ends_the_sending(
    profile: BrowserContext, app: Application
) -> None:
    app.options["apiKey"] = "pa_live_wrong"
    page = profile.new_page()
    posts = post_count(page)
    open_page(page, app)
    page.evaluate("pulse.event('a')")
    page.wait_for_timeout(QUIET_MS)
    assert page.evaluate("sdkErrors") == ["KeyError: Invalid API key."]
    assert len(posts) == 1
    assert page.evaluate(STORED) == 0


def test_one_bad_event_is_told_and_costs_no_other(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    page = profile.new_page()
    open_page(page, app)
    page.evaluate("for (const name of ['a', '', 'b', 'c']) pulse.event(name)")
    wait_for_events(project, "a", "b", "c")
    assert page.evaluate("sdkErrors") == [
        "RefusedError: Invalid request body: missing required field 'name'."
    ]


def test_destroy_leaves_the_page_as_it_was(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    page = profile.new_page()
    open_page(page, app)
    assert "native code" not in page.evaluate("String(history.pushState)")
    page.evaluate("pulse.event('last'); pulse.destroy()")
    assert "native code" in page.evaluate("String(history.pushState)")
    wait_for_events(project, "last")
    page.evaluate("history.pushState({}, '', '/later')")
    page.wait_for_timeout(QUIET_MS)
    assert read_counts(project, "page", "pageviews") == {"/": 1}
    page.evaluate("pulse.init()")
    wait_for(lambda: read_counts(project, "page", "pageviews"), {"/": 1, "/later": 1})


def test_counts_by_hand_when_it_shall_not_by_itself(
    profile: BrowserContext, app: Application, project: Project
) -> None:
    app.options["autoTrack"] = False
    page = profile.new_page()
    page.goto(app.url)
    page.wait_for_function("window.pulse")
    page.evaluate("history.pushState({}, '', '/ignored')")
    page.evaluate("pulse.pageview('/virtual'); pulse.pageview({ path: '/other', title: 'Other' })")
    wait_for(lambda: read_counts(project, "page", "pageviews"), {"/virtual": 1, "/other": 1})


def test_nothing_it_meets_reaches_the_page(
    profile: BrowserContext, app: Application, complaints: list[str]
) -> None:
    app.options |= {"vitals": True, "errors": True, "scrollDepth": True, "search": True}
    profile.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } });"
        "window.fetch = () => { throw new Error('replaced') };"
    )
    page = profile.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(app.url)
    page.wait_for_function("window.pulse")
    page.evaluate(
        "const circle = {}; circle.self = circle;"
        "pulse.event('a', circle); pulse.event(); pulse.identify(null); pulse.search();"
        "pulse.surveyResponse(); pulse.collect(); pulse.pageview(7); pulse.flush();"
        "pulse.grantConsent(); pulse.revokeConsent(); pulse.destroy(); pulse.destroy();"
    )
    page.wait_for_timeout(QUIET_MS)
    assert complaints == []
