"""The pages of reports in a real browser over a whole running Footfall: what they show equals what
the API answers, for forty visits whose figures can be worked out in the head."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from footfall.ingest.request import Sender, Signal
from tests.browser.running import Running, open_operator_page, photograph, run_site
from tests.site import CHROME, Site

pytestmark = pytest.mark.browser

MODULES = ("cohorts", "paths", "webvitals", "heatmaps", "search", "scroll_depth")
NBSP = "\u00a0"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with run_site(tmp_path_factory.mktemp("running"), MODULES) as running:
        running.call(visit(running.site))
        yield running


@pytest.fixture(params=["wide-light", "narrow-dark"])
def page(request: pytest.FixtureRequest, browser: Browser, running: Running) -> Iterator[Page]:
    with open_operator_page(browser, running, request.param) as page:
        yield page


@pytest.fixture
def wide(browser: Browser, running: Running) -> Iterator[Page]:
    with open_operator_page(browser, running, "wide-light") as page:
        yield page


async def visit(site: Site) -> None:
    """Let forty people see two pages; half of them sign up, a quarter buys for 20."""
    now_us = site.clock.now_us()
    sender = Sender(
        project=site.project.number,
        door="pulse",
        ip="198.51.100.1",
        user_agent=CHROME,
        received_at_us=now_us,
        accept_language="en",
        headers_seen=frozenset({"accept", "accept-language", "sec-fetch-mode"}),
        is_trusted_clock=True,
    )
    for n in range(40):
        await site.footfall.intake.take(sender, make_visit(n, now_us - (60 + n) * 60_000_000))


def make_visit(n: int, start_us: int) -> list[Signal]:
    """Return what one of them does, a second apart."""
    tags = "?utm_campaign=spring&utm_source=mail" if n < 10 else ""
    home, pricing = "https://shop.example/", "https://shop.example/pricing"
    done: list[dict[str, Any]] = [
        {"kind": "pageview", "url": home + tags, "is_interactive": True},
        {"kind": "web_vital", "name": "LCP", "value": 1000.0 + 100 * n, "url": home},
        {"kind": "pageview", "url": pricing, "is_interactive": True},
        {"kind": "scroll_depth", "value": 50.0 if n % 2 else 100.0, "url": pricing},
        {
            "kind": "click",
            "name": "button#buy",
            "url": pricing,
            "props": b'{"x":300,"y":420,"viewport_width":1280,"viewport_height":800}',
        },
    ]
    if n % 2 == 0:
        done.append({"kind": "event", "name": "signup", "url": pricing, "is_interactive": True})
    if n % 4 == 0:
        bought = {"revenue_micros": 20_000_000, "currency": "EUR", "is_interactive": True}
        done.append({"kind": "event", "name": "purchase", "url": pricing, **bought})
    if n < 8:
        props = b'{"filename":"/app.js","lineno":7,"stack":"at pay (/app.js:7:3)"}'
        done.append({"kind": "error", "name": "Boom", "url": pricing, "props": props})
        props = b'{"results_count":0}' if n < 2 else b'{"results_count":4}'
        done.append({"kind": "search", "name": "boots", "url": home, "props": props})
        done.append({"kind": "outlink", "name": "https://away.example/", "url": home})
    return [
        Signal(**told, site="shop.example", visitor_id=f"v{n}", ts_us=start_us + i * 1_000_000)
        for i, told in enumerate(done)
    ]


def show(page: Page, running: Running, path: str) -> None:
    """Open a report and wait until its figures have come; nothing may scroll sideways."""
    page.goto(f"{running.home}{path}")
    expect(page.locator("[aria-busy]")).to_have_count(0, timeout=30_000)
    photograph(page, path.strip("/").replace("/", "-").partition("?")[0])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def ask(running: Running, family: str, body: dict[str, Any]) -> Any:
    return running.call(running.site.ask(family, {"range": "30d", **body}))


def percent(share: float) -> str:
    return f"{share * 100:.1f}{NBSP}%"


def figures(page: Page) -> dict[str, str]:
    """Return the figures above a report by their names."""
    names = page.locator(".figures dt").all_inner_texts()
    return dict(zip(names, page.locator(".figures dd").all_inner_texts(), strict=True))


def cells(page: Page, name: str) -> list[str]:
    """Return the figures of a row."""
    row = page.locator(".grid-rows tbody tr").filter(has=page.get_by_text(name, exact=True)).first
    return row.locator("td:not(.spark)").all_inner_texts()


def add_goal(page: Page, running: Running, name: str, event: str) -> None:
    """Make a goal by hand: open the dialog, fill it in, save."""
    show(page, running, "/goals")
    page.get_by_role("link", name="goal").last.click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    photograph(page, "goal-form")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("What somebody does").select_option("event")
    dialog.get_by_label("Which page or event").fill(event)
    dialog.get_by_role("button", name="Save goal").click()
    expect(page.locator(".goals")).to_be_visible(timeout=30_000)


def test_a_goal_is_made_counted_filtered_by_and_deleted(page: Page, running: Running) -> None:
    add_goal(page, running, "Bought", "purchase")
    told = ask(running, "goal", {"goal": {"event": "purchase"}})["total"]
    assert (told["conversions"], told["visitors"], told["revenue"]) == (10, 40, {"EUR": 200.0})
    show(page, running, "/goals")
    row = page.locator(".goals tbody tr", has_text="Bought")
    for text in ("10", "10 of 40", percent(told["rate"]), "200.00 EUR"):
        expect(row).to_contain_text(text)
    row.get_by_role("link", name="Bought", exact=True).click()
    expect(page.locator(".chip b")).to_have_text("Bought")
    expect(page.locator("#metric-visitors strong")).to_have_text("10", timeout=30_000)
    page.locator(".chip .remove").click()
    expect(page.locator("#metric-visitors strong")).to_have_text("40", timeout=30_000)
    show(page, running, "/goals")
    page.get_by_role("link", name="Edit Bought").click()
    page.locator("#dialog").get_by_text("Delete this goal").click()
    page.locator("#dialog").get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("No goal yet.")).to_be_visible(timeout=30_000)


def test_a_mistake_in_a_goal_is_said_and_nothing_typed_is_lost(
    wide: Page, running: Running
) -> None:
    wide.goto(f"{running.home}/goals/new")
    wide.get_by_label("Name").fill("Stayed")
    wide.get_by_label("What somebody does").select_option("duration")
    wide.get_by_label("Which page or event").fill("long")
    wide.get_by_role("button", name="Save goal").click()
    expect(wide.get_by_role("alert").first).to_contain_text("'long' is no whole number")
    expect(wide.get_by_label("Name")).to_have_value("Stayed")


def test_a_funnel_shows_who_goes_on_and_who_leaves(page: Page, running: Running) -> None:
    page.goto(f"{running.home}/funnels/new")
    page.get_by_label("Name").fill("To the till")
    for number, (kind, value) in enumerate(
        [("page", "/"), ("event", "signup"), ("event", "purchase")], 1
    ):
        page.get_by_label(f"What somebody does in step {number}").select_option(kind)
        page.get_by_label(f"Which page or event in step {number}").fill(value)
    page.get_by_role("button", name="Save funnel").click()
    expect(page.locator(".step").first).to_be_visible(timeout=30_000)
    steps = [{"page": "/"}, {"event": "signup"}, {"event": "purchase"}]
    told = ask(running, "funnel", {"steps": steps})["steps"]
    assert [s["visitors"] for s in told] == [40, 20, 10]
    assert page.locator(".step-figure b").all_inner_texts() == ["40", "20", "10"]
    between = page.locator(".between").first
    expect(between).to_contain_text(f"{percent(told[1]['from_previous'])} go on")
    expect(between).to_contain_text(f"{round(told[1]['median_s'])}s")
    expect(between.locator(".lost")).to_have_text("20 leave")
    photograph(page, "funnel")
    page.get_by_role("link", name="Device", exact=True).click()
    expect(page.locator(".grid-rows")).to_be_visible(timeout=30_000)
    assert cells(page, "Desktop") == ["40", "20", "10", percent(0.25)]
    show(page, running, "/funnels")
    expect(page.locator(".funnels li").first).to_contain_text("10 of 40")
    page.locator(".funnels a").first.click()
    page.get_by_role("link", name="Edit").click()
    page.locator("#dialog").get_by_text("Delete this funnel").click()
    page.locator("#dialog").get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("No funnel yet.")).to_be_visible(timeout=30_000)


def test_vitals_stand_against_their_thresholds(page: Page, running: Running) -> None:
    show(page, running, "/vitals")
    told = ask(running, "vitals", {})["vitals"]["LCP"]
    assert (told["p75"], told["samples"], told["good"]) == (3925, 40, 16)
    gauge = page.locator("#gauge-LCP")
    expect(gauge.locator("strong")).to_have_text(f"3.92{NBSP}s")
    expect(gauge).to_contain_text("Could be better")
    expect(gauge).to_contain_text(f"40 measured, {percent(16 / 40)} good")
    expect(page.locator("#gauge-CLS")).to_contain_text("Not measured")
    assert cells(page, "/")[0] == f"3.92{NBSP}s"


def test_an_error_leads_to_its_stack_browsers_and_pages(page: Page, running: Running) -> None:
    show(page, running, "/errors")
    told = ask(running, "errors", {})["totals"]
    assert figures(page)["Errors"] == str(told["errors"]) == "8"
    assert told["error_rate"] == 8 / 40
    assert figures(page)["Visits with an error"].startswith(percent(8 / 40))
    page.get_by_role("link", name="Boom").click()
    expect(page.locator("#stack")).to_contain_text("at pay (/app.js:7:3)", timeout=30_000)
    assert cells(page, "/pricing") == ["8"]
    photograph(page, "error")


def test_retention_leaves_empty_what_has_not_happened(page: Page, running: Running) -> None:
    show(page, running, "/retention")
    row = page.locator(".heat tbody tr").first
    told = ask(running, "retention", {"days": [1, 7]})["cohorts"]
    assert [(c["visitors"], c["returned"][0]["share"]) for c in told] == [(40, None)]
    expect(row.locator("td").first).to_have_text("40")
    expect(row.locator(".ahead")).to_have_count(7)
    expect(page.locator(".grid-rows")).to_contain_text("2.00")


def test_journeys_say_what_lies_before_and_after_a_page(page: Page, running: Running) -> None:
    show(page, running, "/journeys")
    expect(page.locator(".ways li").first).to_contain_text("/pricing")
    page.locator(".ways a", has_text="/pricing").first.click()
    expect(page.locator(".pivot strong")).to_have_text("40", timeout=30_000)
    told = ask(running, "paths", {"page": "/pricing"})
    assert told["total"] == 40, told
    expect(page.locator("#came tbody tr")).to_have_count(1)
    expect(page.locator("#went tbody tr")).to_contain_text("The visit ended here")
    assert page.locator("#went td").first.inner_text() == "40"
    photograph(page, "journeys-of-a-page")


def test_campaigns_tell_the_conversions_of_the_chosen_goal(page: Page, running: Running) -> None:
    add_goal(page, running, "Bought", "purchase")
    show(page, running, "/campaigns")
    told = ask(running, "goal", {"goal": {"event": "purchase"}, "dimension": "utm_campaign"})
    line = next(x for x in told["lines"] if x["label"] == "spring")
    shown = cells(page, "spring")
    assert shown[:3] == ["10", "10", "20"]
    assert shown[-3:] == [str(line["conversions"]), percent(line["rate"]), "60.00 EUR"]
    goal = running.site.footfall.goals.list_saved(running.site.project.number)[0]
    running.site.footfall.goals.remove(running.site.project.number, goal.id)


def test_a_heatmap_draws_each_place_and_lists_elements(page: Page, running: Running) -> None:
    show(page, running, "/heatmap")
    told = ask(running, "heatmap", {"page": "/pricing"})
    assert figures(page)["Clicks"] == str(told["total_clicks"]) == "40"
    assert told["rows"] == [{"x": 300, "y": 420, "selector": "button#buy", "count": 40}]
    spot = page.locator(".canvas circle")
    expect(spot).to_have_count(1)
    assert (spot.get_attribute("cx"), spot.get_attribute("cy")) == ("300", "420")
    assert cells(page, "button#buy") == ["40", "40", "0"]


def test_searches_depths_and_links_are_counted(page: Page, running: Running) -> None:
    show(page, running, "/search")
    assert figures(page)["Without a result"].startswith(percent(2 / 8))
    assert cells(page, "boots") == ["8", "8", "3.0", percent(0.25)]
    told = ask(running, "searches", {})
    assert (told["totals"]["searches"], told["rows"][0]["term"]) == (8, "boots")
    show(page, running, "/scroll")
    assert figures(page)["Median depth"] == f"75{NBSP}%"
    assert cells(page, "/pricing")[0] == "40"
    assert figures(page)[f"Read to 100{NBSP}%"] == percent(0.5)
    assert ask(running, "scroll", {})["totals"]["visits"] == 40
    show(page, running, "/links")
    assert cells(page, "https://away.example/") == ["8", "8", "1"]
    told = ask(running, "links", {})["rows"][0]
    assert (told["clicks"], told["visitors"]) == (8, 8)


def test_a_filter_added_on_a_report_stays_on_it(wide: Page, running: Running) -> None:
    show(wide, running, "/errors")
    wide.locator("summary", has_text="Filter").click()
    wide.locator(".toolbar select[name=dimension]").select_option("utm_campaign")
    wide.locator(".toolbar input[name=value]").fill("spring")
    wide.get_by_role("button", name="Add filter").click()
    expect(wide.locator(".chip b")).to_have_text("spring", timeout=30_000)
    assert wide.url.endswith("/errors?is.utm_campaign=spring")
    expect(wide.locator(".figures dd").last).to_contain_text("8 of 10", timeout=30_000)


def test_a_module_that_is_off_is_switched_on_from_its_page(wide: Page, running: Running) -> None:
    wide.goto(f"{running.home}/modules")
    photograph(wide, "modules")
    row = wide.locator(".modules li", has_text="Where people click")
    row.locator("select").select_option("off")
    row.get_by_role("button", name="Save").click()
    expect(wide.locator("#nav a", has_text="Heatmap")).to_contain_text("off")
    wide.goto(f"{running.home}/heatmap")
    expect(wide.get_by_text("switched off in this project")).to_be_visible()
    wide.get_by_role("button", name="Switch").click()
    expect(wide.locator(".canvas")).to_be_visible(timeout=30_000)


def test_groups_of_the_navigation_stay_folded(wide: Page, running: Running) -> None:
    show(wide, running, "/goals")
    wide.locator(".nav-group summary", has_text="Quality").click()
    expect(wide.locator("#nav").get_by_text("Web vitals")).to_be_hidden()
    show(wide, running, "/search")
    expect(wide.locator("#nav").get_by_text("Web vitals")).to_be_hidden()
    show(wide, running, "/errors")
    expect(wide.locator("#nav").get_by_text("Web vitals")).to_be_visible()


def test_reports_are_read_without_script(browser: Browser, running: Running) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.request.post(
        f"{running.url}/dashboard/login", form={"secret": "admin-token-of-the-tests"}
    )
    page = context.new_page()
    page.goto(f"{running.home}/search?wait=1")
    assert cells(page, "boots") == ["8", "8", "3.0", percent(0.25)]
    context.close()
