"""Experiments on real pages: every sort of change, on what is there and on what comes late, hidden
for a second at the most, and taken back when a single-page app moves on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.grademypage import Grader, Pages, change, make_experiment, make_variant

pytestmark = pytest.mark.browser

OPACITY = "getComputedStyle(document.documentElement).opacity"


@pytest.fixture
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


@pytest.fixture
def pages(grader: Grader) -> Iterator[Pages]:
    with Pages(grader.url) as pages:
        yield pages


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_function("window.grademypage && grademypage.getExperimentAssignments().length")


def test_every_sort_of_change_on_all_matches(grader: Grader, pages: Pages, page: Page) -> None:
    grader.experiments = [
        make_experiment(
            change("text", ".a", "<i>New</i>"),
            change("html", "#box", "<i>Fresh</i>"),
            change("style", "#buy", "red !important", property="color"),
            change("class", "#buy", "big wide"),
            change("class", "#buy", "old", property="remove"),
            change("css", "", "h1 { letter-spacing: 7px }"),
        )
    ]
    open_page(page, pages.url)
    assert page.locator(".a").all_text_contents() == ["<i>New</i>", "<i>New</i>"]
    assert page.inner_html("#box") == "<i>Fresh</i>"
    assert page.evaluate("getComputedStyle(buy).color") == "rgb(255, 0, 0)"
    assert page.evaluate("buy.style.getPropertyPriority('color')") == "important"
    assert page.get_attribute("#buy", "class") == "cta big wide"
    assert page.evaluate("getComputedStyle(head).letterSpacing") == "7px"


def test_a_bad_selector_spoils_nothing_else(grader: Grader, pages: Pages, page: Page) -> None:
    grader.experiments = [
        make_experiment(change("text", "h1:(", "x"), change("text", "#head", "Still"))
    ]
    open_page(page, pages.url)
    assert page.text_content("#head") == "Still"


def test_late_elements_are_changed_for_five_seconds(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.experiments = [make_experiment(change("html", "#late p", "<b>changed</b>"))]
    open_page(page, f"{pages.url}/app")
    add = "late.insertAdjacentHTML('beforeend', '<p>new</p>')"
    page.evaluate(add)
    page.wait_for_function("late.innerHTML == '<p><b>changed</b></p>'")
    page.wait_for_timeout(5_000)
    page.evaluate(add)
    page.wait_for_timeout(100)
    assert page.inner_html("#late") == "<p><b>changed</b></p><p>new</p>"


def test_a_change_that_matches_itself_ends(grader: Grader, pages: Pages, page: Page) -> None:
    grader.experiments = [make_experiment(change("html", "#box, #box div", "<div>in</div>"))]
    open_page(page, pages.url)
    page.wait_for_function("box.innerHTML == '<div>in</div>'")
    page.wait_for_timeout(300)
    assert page.inner_html("#box") == "<div>in</div>"


def test_the_page_is_shown_when_the_server_is_slow(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.experiments = [make_experiment(change("text", "#head", "New"))]
    grader.active_delay_s = 4
    page.add_init_script("""
        addEventListener("DOMContentLoaded", () => {
          const tick = () => {
            const now = performance.now();
            if (getComputedStyle(document.documentElement).opacity == "0") {
              self.hiddenFrom ??= now;
              self.hiddenUntil = now;
            }
            requestAnimationFrame(tick);
          };
          tick();
        });
    """)
    page.goto(pages.url)
    page.wait_for_function(f"self.hiddenUntil && {OPACITY} == '1'")
    hidden_ms = page.evaluate("hiddenUntil - hiddenFrom")
    assert 500 < hidden_ms < 2_000, "the server would have taken four seconds"


@pytest.mark.parametrize("failure", ["status", "away"])
def test_the_page_is_shown_at_once_when_the_server_fails(
    grader: Grader, pages: Pages, page: Page, failure: str
) -> None:
    grader.experiments = [make_experiment(change("text", "#head", "New"))]
    grader.active_status = 500
    if failure == "away":
        page.route("**/experiments/active*", lambda route: route.abort())
    else:
        page.route("**/experiments/active*", lambda route: route.fulfill(status=500, body="<no>"))
    page.goto(pages.url)
    page.wait_for_function("window.grademypage")
    page.wait_for_timeout(200)
    assert page.evaluate(OPACITY) == "1"
    assert page.evaluate("document.documentElement.getAttribute('style') || ''") == ""
    assert page.text_content("#head") == "Home"


def test_the_next_page_changes_before_it_is_painted(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.experiments = [make_experiment(change("text", "#head", "New"))]
    open_page(page, pages.url)
    grader.active_delay_s = 3
    page.add_init_script("""
        self.shown = new Set();
        const look = () => {
          const { head } = self;
          if (head && getComputedStyle(document.documentElement).opacity == "1" && self.grademypage)
            shown.add(head.textContent);
          requestAnimationFrame(look);
        };
        look();
    """)
    page.click("#about")
    page.wait_for_function("window.grademypage")
    page.wait_for_timeout(500)
    assert page.evaluate("[...shown]") == ["New"]


def test_a_page_without_experiments_is_never_hidden(
    grader: Grader, pages: Pages, page: Page
) -> None:
    page.goto(pages.url)
    page.wait_for_function("window.grademypage")
    assert page.evaluate(OPACITY) == "1"
    assert page.evaluate("grademypage.getExperimentAssignments()") == []


def test_a_single_page_app_gets_the_changes_of_its_pages_and_loses_them_again(
    grader: Grader, pages: Pages, page: Page
) -> None:
    grader.experiments = [
        make_experiment(
            change("text", "#head", "Two"),
            change("class", "#head", "x"),
            change("style", "#head", "red", property="color"),
            change("css", "", "h1 { letter-spacing: 7px }"),
            targetUrl="/app/two",
            urlMatchType="exact",
        )
    ]
    page.goto(f"{pages.url}/app")
    page.wait_for_function("window.grademypage")
    page.wait_for_timeout(200)
    page.evaluate("head.firstChild.mark = 1")
    assert page.text_content("#head") == "App"
    page.evaluate("history.pushState({}, '', '/app/two?x=1')")
    assert page.text_content("#head") == "Two"
    assert page.evaluate("getComputedStyle(head).letterSpacing") == "7px"
    page.evaluate("history.back()")
    page.wait_for_function("head.textContent == 'App'")
    assert page.evaluate("head.firstChild.mark") == 1
    assert page.get_attribute("#head", "class") == ""
    assert page.get_attribute("#head", "style") == ""
    assert page.evaluate("getComputedStyle(head).letterSpacing") == "normal"
    seen = grader.wait_for("experiment_impression")
    assert [e["pathname"] for e in seen] == ["/app/two"]
    assert [e["pathname"] for e in grader.wait_for("pageview", 3)] == ["/app", "/app/two", "/app"]


@pytest.mark.parametrize(
    ("match", "target", "path", "is_meant"),
    [
        ("all", "", "/", True),
        ("exact", "/about/", "/about?x=1#y", True),
        ("exact", "/abou", "/about", False),
        ("exact", "{url}/about?x=1", "/about?x=1#y", True),
        ("contains", "bou", "/about", True),
        ("contains", "x=1", "/about?x=1", True),
        ("contains", "#y", "/about#y", False),
        ("starts_with", "/ab", "/about", True),
        ("starts_with", "{url}/ab", "/about", True),
        ("starts_with", "about", "/about", False),
    ],
)
def test_targets_of_every_sort(
    grader: Grader,
    pages: Pages,
    page: Page,
    match: str,
    target: str,
    path: str,
    is_meant: bool,  # noqa: FBT001
) -> None:
    grader.experiments = [
        make_experiment(
            change("text", "#head", "New"),
            urlMatchType=match,
            targetUrl=target.replace("{url}", pages.url),
        )
    ]
    with page.expect_response("**/experiments/active*"):
        page.goto(pages.url + path)
    if is_meant:
        expect(page.locator("#head")).to_have_text("New")
    else:
        page.wait_for_timeout(50)
        assert page.text_content("#head") != "New"


def test_who_has_seen_a_variant_keeps_it_when_the_split_changes(
    grader: Grader, pages: Pages, page: Page
) -> None:
    experiment = make_experiment(change("text", "#head", "New"))
    grader.experiments = [experiment]
    open_page(page, pages.url)
    experiment["trafficPercentage"] = 0
    experiment["variants"][0]["ranges"], experiment["variants"][1]["ranges"] = [[0, 10_000]], []
    with page.expect_response("**/experiments/active*"):
        page.reload()
    expect(page.locator("#head")).to_have_text("New")


def test_a_page_sees_what_the_server_would_give(
    grader: Grader, pages: Pages, context: BrowserContext, page: Page
) -> None:
    control = make_variant(0, share=(0, 5_000))
    other = make_variant(1, change("text", "#head", "New"), share=(5_000, 10_000))
    grader.experiments = [make_experiment(variants=[control, other], salt="0011223344556677")]
    bucket_of = "0011223344556677"
    from footfall.experiments.assignment import find_bucket

    for number in range(8):
        visitor = f"visitor-{number}"
        open_page(page, f"{pages.url}/about")
        page.evaluate(f"localStorage.clear(); localStorage.gmp_vid = '{visitor}'")
        context.clear_cookies()
        open_page(page, pages.url)
        expected = "Home" if find_bucket("variant", bucket_of, visitor) < 5_000 else "New"
        assert page.text_content("#head") == expected
        (assignment,) = page.evaluate("grademypage.getExperimentAssignments()")
        assert assignment["variantId"] == ("v0" if expected == "Home" else "v1")
