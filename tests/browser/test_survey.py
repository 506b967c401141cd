"""The survey widget on a page of somebody else's, with the real server behind it: who sees it and
when, answering without a mouse, what arrives, and that it is never in the way."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.acceptance.process import ADMIN_TOKEN, Project, Server
from tests.browser.site import PAGES, Site

pytestmark = [pytest.mark.browser, pytest.mark.acceptance]

RATING = {
    "id": "q1",
    "type": "rating",
    "text": "How likely are you to recommend us?",
    "min": 0,
    "max": 10,
    "min_label": "Not at all",
    "max_label": "Very likely",
    "required": True,
}
TEXT = {"id": "q2", "type": "text", "text": "What could we improve?"}
AT_ONCE = {"type": "page_load", "pages": ["/"]}

Ask = Callable[..., str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("survey") / "data")
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def project(server: Server) -> Project:
    settings = {"modules": {"surveys": {"enabled": True, "access": "all"}}}
    body = {"name": "Survey", "domain": "127.0.0.1", "settings": settings}
    status, made = server.admin("POST", "/api/admin/projects", body)
    assert status == 201, made
    keys = []
    for scope in ("ingest", "query"):
        status, key = server.admin(
            "POST",
            f"/api/admin/projects/{made['id']}/keys",
            {"name": scope, "scopes": [scope]},
        )
        assert status == 201, key
        keys.append(key["key"])
    return Project(server, made["id"], *keys)


def manage(project: Project, method: str, path: str, body: Any = None) -> Any:
    headers = {"X-Pulse-Key": project.query_key}
    status, _, answer = project.server.request(method, f"/api/v1{path}", body, headers)
    assert status < 300, answer
    return answer


@pytest.fixture
def ask(project: Project) -> Ask:
    """Start a survey; returns its id."""

    def ask(*questions: dict[str, Any], **fields: Any) -> str:
        body = {
            "name": "Two questions",
            "questions": list(questions) or [RATING, TEXT],
            "trigger_config": AT_ONCE,
            **fields,
        }
        survey: str = manage(project, "POST", "/surveys", body)["id"]
        manage(project, "PUT", f"/surveys/{survey}/status", {"status": "active"})
        return survey

    return ask


@pytest.fixture
def site(server: Server, project: Project) -> Iterator[Site]:
    attributes = {"data-key": project.ingest_key, "data-surveys": "true"}
    with Site(server.url, attributes) as site:
        yield site


def wait_for_responses(project: Project, survey: str, count: int) -> Any:
    """Return the figures as soon as there are so many responses; fail after 10 s."""
    deadline = time.monotonic() + 30
    while True:
        stats = manage(project, "GET", f"/surveys/{survey}/stats")
        if stats["total_responses"] == count:
            return stats
        assert time.monotonic() < deadline, stats
        time.sleep(0.1)


def expect_quiet(page: Page, after_ms: int = 700) -> None:
    """Fail when a survey appears within a while."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(after_ms)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_appears_after_its_delay_on_a_page_that_matches_and_nowhere_else(
    page: Page, site: Site, ask: Ask
) -> None:
    ask(trigger_config={"type": "time_on_page", "delay_seconds": 1, "pages": ["/app*"]})
    page.goto(site.url)
    expect_quiet(page, 1_500)
    with page.expect_response("**/surveys/active*"):
        page.goto(f"{site.url}/app")
    page.wait_for_timeout(500)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("dialog", name="Two questions")).to_be_visible(timeout=3_000)


def test_is_answered_by_keyboard_alone_and_arrives_as_a_response(
    page: Page, site: Site, ask: Ask, project: Project
) -> None:
    survey = ask()
    page.goto(site.url)
    dialog = page.get_by_role("dialog", name="Two questions")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("group", name="How likely")).to_be_visible()
    page.locator("#secret").focus()
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Close survey")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name="9", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("textbox", name="What could we improve?")).to_be_focused()
    page.keyboard.type("More examples & <b>less</b> text")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Thank you!")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#secret")).to_be_focused()
    stats = wait_for_responses(project, survey, 1)
    assert (stats["completed_responses"], stats["completion_rate"]) == (1, 100.0)
    rating, text = stats["questions"]
    assert rating["distribution"] == {"0-6": 0, "7-8": 0, "9-10": 1}
    assert (rating["avg_value"], rating["nps"]) == (9.0, 100.0)
    assert text["latest"] == ["More examples & <b>less</b> text"]
    listed = manage(project, "GET", f"/surveys/{survey}/responses")
    assert (listed["total"], listed["data"][0]["path"]) == (1, "/")


def test_never_takes_the_focus_from_the_page(page: Page, site: Site, ask: Ask) -> None:
    ask(trigger_config={"type": "time_on_page", "delay_seconds": 0.5})
    page.goto(site.url)
    page.locator("#secret").fill("")
    page.locator("#secret").press_sequentially("I am writing something", delay=60)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#secret")).to_be_focused()
    expect(page.locator("#secret")).to_have_value("I am writing something")
    # Escape is the page's while the visitor is in one of its fields.
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_is_shown_once_even_after_a_reload(page: Page, site: Site, ask: Ask) -> None:
    ask()
    page.goto(site.url)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.reload()
    expect_quiet(page)


def test_what_was_closed_stays_closed(page: Page, site: Site, ask: Ask, project: Project) -> None:
    survey = ask(trigger_config={**AT_ONCE, "show_once": False})
    page.goto(site.url)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close survey").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect_quiet(page)
    assert manage(project, "GET", f"/surveys/{survey}/stats")["total_responses"] == 0


def test_half_of_the_answers_arrive_when_it_is_closed(
    page: Page, site: Site, ask: Ask, project: Project
) -> None:
    survey = ask()
    page.goto(site.url)
    page.get_by_role("radio", name="3", exact=True).check()
    page.get_by_role("button", name="Close survey").click()
    stats = wait_for_responses(project, survey, 1)
    assert stats["completed_responses"] == 0
    assert stats["questions"][0]["avg_value"] == 3.0


def test_half_of_the_answers_arrive_when_the_page_is_left(
    page: Page, site: Site, ask: Ask, project: Project
) -> None:
    survey = ask()
    page.goto(site.url)
    page.get_by_role("radio", name="6", exact=True).check()
    page.get_by_role("button", name="Next").click()
    page.click("#about")
    stats = wait_for_responses(project, survey, 1)
    assert (stats["completed_responses"], stats["questions"][0]["avg_value"]) == (0, 6.0)


def test_insists_on_a_required_answer_and_not_on_others(
    page: Page, site: Site, ask: Ask, project: Project
) -> None:
    survey = ask()
    page.goto(site.url)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_have_text("Please answer this question.")
    page.get_by_role("radio", name="10").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("radio", name="10")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you!").first).to_be_visible()
    assert wait_for_responses(project, survey, 1)["completed_responses"] == 1


def test_every_type_of_question_can_be_answered(
    page: Page, site: Site, ask: Ask, project: Project
) -> None:
    survey = ask(
        {"id": "one", "type": "single_choice", "text": "One?", "options": ["Red", "Blue"]},
        {"id": "many", "type": "multiple_choice", "text": "Many?", "options": ["A", "B", "C"]},
        {"id": "yes", "type": "yes_no", "text": "Yes?"},
        {"id": "mail", "type": "email", "text": "E-mail?"},
        {"id": "stars", "type": "rating", "text": "Stars?", "min": 1, "max": 5},
    )
    page.goto(site.url)
    following = page.get_by_role("button", name="Next")
    page.get_by_role("radio", name="Blue").check()
    following.click()
    page.get_by_role("checkbox", name="A").check()
    page.get_by_role("checkbox", name="C").check()
    following.click()
    page.get_by_role("radio", name="No").check()
    following.click()
    page.get_by_role("textbox", name="E-mail?").fill("nobody")
    following.click()
    expect(page.get_by_role("alert")).to_have_text("Please enter an e-mail address.")
    page.get_by_role("textbox", name="E-mail?").fill("a@b.example")
    following.click()
    page.get_by_role("radio", name="4").check()
    page.get_by_role("button", name="Send").click()
    wait_for_responses(project, survey, 1)
    kept = manage(project, "GET", f"/surveys/{survey}/responses")["data"][0]["answers"]
    assert {answer["question_id"]: answer["value"] for answer in kept} == {
        "one": "Blue",
        "many": ["A", "C"],
        "yes": False,
        "mail": "a@b.example",
        "stars": 4,
    }


def test_is_gone_when_it_has_all_the_responses_it_wanted(
    page: Page, site: Site, ask: Ask, project: Project, browser: Browser
) -> None:
    survey = ask(RATING, response_limit=1)
    page.goto(site.url)
    page.get_by_role("radio", name="7").check()
    page.get_by_role("button", name="Send").click()
    wait_for_responses(project, survey, 1)
    other = browser.new_context()
    tab = other.new_page()
    tab.goto(site.url)
    expect_quiet(tab)
    other.close()


def test_two_surveys_are_never_shown_at_once(page: Page, site: Site, ask: Ask) -> None:
    ask(RATING, name="First")
    ask(RATING, name="Second")
    page.goto(site.url)
    expect(page.get_by_role("dialog", name="First")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.get_by_role("dialog")).to_have_count(1)


@pytest.mark.parametrize(
    ("scheme", "theme", "ground"),
    [
        ("light", "dark", "rgb(27, 30, 36)"),
        ("dark", "auto", "rgb(27, 30, 36)"),
        ("light", "auto", "rgb(255, 255, 255)"),
        ("dark", "light", "rgb(255, 255, 255)"),
    ],
)
def test_has_the_ground_of_its_theme(
    browser: Browser, site: Site, ask: Ask, scheme: Any, theme: str, ground: str
) -> None:
    ask(appearance={"theme": theme, "primary_color": "#fde047"})
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(site.url)
    expect(page.get_by_role("dialog")).to_have_css("background-color", ground)
    # On yellow only dark letters can be read.
    expect(page.get_by_role("button", name="Next")).to_have_css("color", "rgb(22, 24, 29)")
    context.close()


@pytest.mark.parametrize("position", ["bottom-right", "bottom-left", "top-right", "top-left"])
def test_stands_in_its_corner(page: Page, site: Site, ask: Ask, position: str) -> None:
    ask(appearance={"position": position})
    page.goto(site.url)
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    page.wait_for_timeout(300)
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["y"] > 300) == position.startswith("bottom")
    assert (box["x"] > 300) == position.endswith("right")


def test_is_a_sheet_at_the_bottom_of_a_phone(browser: Browser, site: Site, ask: Ask) -> None:
    ask(appearance={"position": "top-left"})
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site.url)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.wait_for_timeout(400)
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 390, 844)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_works_where_storage_is_forbidden(
    context: BrowserContext, site: Site, ask: Ask, project: Project, complaints: list[str]
) -> None:
    survey = ask(RATING)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        "  Object.defineProperty(window, name, {get() { throw new Error('forbidden') }})"
    )
    page.goto(site.url)
    page.get_by_role("radio", name="8").check()
    page.get_by_role("button", name="Send").click()
    wait_for_responses(project, survey, 1)
    assert complaints == []


def test_works_on_a_page_that_throws(
    context: BrowserContext, site: Site, ask: Ask, project: Project
) -> None:
    survey = ask(RATING)
    site.head = (
        "<script>addEventListener('click', () => { throw new Error('own') }, true);"
        "setInterval(() => { throw new Error('own') }, 50);</script>"
        "<style>div, section { display: none !important; position: static !important }"
        "* { color: red !important; transform: rotate(3deg) }</style>"
    )
    page = context.new_page()
    page.goto(site.url)
    page.get_by_role("radio", name="8").check()
    page.get_by_role("button", name="Send").click()
    assert wait_for_responses(project, survey, 1)["completed_responses"] == 1


def test_looks_the_same_under_a_strict_policy(page: Page, site: Site, ask: Ask) -> None:
    ask()
    origin = site.tracker
    site.headers = [
        (
            "Content-Security-Policy",
            f"default-src 'none'; script-src {origin}; connect-src {origin}; img-src data:",
        )
    ]
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if line.type == "error" else None)
    page.goto(site.url)
    expect(page.get_by_role("dialog")).to_have_css("position", "fixed")
    # The page's own style attribute is refused, nothing of ours.
    assert len([line for line in refused if "Content Security Policy" in line]) == PAGES["/"][
        1
    ].count("style=")


def test_a_single_page_app_is_asked_where_it_is(page: Page, site: Site, ask: Ask) -> None:
    ask(trigger_config={"type": "page_load", "pages": ["/app/next"]})
    page.goto(f"{site.url}/app")
    expect_quiet(page, 300)
    page.click("#next")
    expect(page.get_by_role("dialog")).to_be_visible()
    # Somewhere else nobody who has not begun is asked any more.
    page.evaluate("history.pushState({}, '', '/app')")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_appears_when_the_page_is_scrolled_far_enough(page: Page, site: Site, ask: Ask) -> None:
    ask(trigger_config={"type": "scroll_percent", "scroll_percent": 60})
    page.goto(site.url)
    expect_quiet(page, 300)
    page.mouse.wheel(0, 800)
    expect_quiet(page, 300)
    page.mouse.wheel(0, 2_500)
    expect(page.get_by_role("dialog")).to_be_visible()


def test_appears_when_the_site_sends_its_event(page: Page, site: Site, ask: Ask) -> None:
    ask(trigger_config={"type": "event", "event_name": "purchase"})
    page.goto(site.url)
    expect_quiet(page, 300)
    page.evaluate("pulse('event', 'other')")
    expect_quiet(page, 300)
    page.evaluate("pulse('event', {name: 'purchase', revenue_amount: 5})")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_appears_when_the_pointer_leaves_at_the_top(page: Page, site: Site, ask: Ask) -> None:
    ask(trigger_config={"type": "exit_intent"})
    page.goto(site.url)
    expect_quiet(page, 300)
    leave = "document.documentElement.dispatchEvent(new MouseEvent('mouseleave', {clientY: %d}))"
    page.evaluate(leave % 400)
    expect_quiet(page, 200)
    page.evaluate(leave % -1)
    expect(page.get_by_role("dialog")).to_be_visible()


def test_nobody_is_asked_who_drew_no_lot(page: Page, site: Site, ask: Ask) -> None:
    ask(trigger_config={**AT_ONCE, "sample_percent": 0})
    page.goto(site.url)
    expect_quiet(page)


def test_the_dashboard_previews_the_very_widget(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{server.url}/dashboard/login")
    page.get_by_label("Key or admin token").fill(ADMIN_TOKEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.wait_for_load_state()
    page.goto(f"{server.url}/dashboard/p/default/surveys/new")
    preview = page.get_by_role("dialog")
    page.get_by_label("Question", exact=True).fill("Do you like it?")
    page.locator("[name='q1.type']").select_option("One of several")
    page.get_by_label("Options, one a line").fill("Yes, a lot\nA little")
    expect(preview.get_by_role("group", name="Do you like it?")).to_be_visible()
    expect(preview.get_by_role("radio")).to_have_count(2)
    preview.get_by_role("radio", name="A little").check()
    preview.get_by_role("button", name="Send").click()
    expect(preview).to_contain_text("Thank you!")
    page.get_by_label("Name").first.fill("Preview")
    page.get_by_role("button", name="Make survey").click()
    expect(page.get_by_role("heading", name="Surveys Preview")).to_be_visible()
    assert complaints == []
    context.close()


def test_loads_nothing_without_its_attribute(page: Page, site: Site, ask: Ask) -> None:
    ask()
    del site.attributes["data-surveys"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    expect_quiet(page, 300)
    assert not [url for url in asked if "survey" in url]
