"""The pages of experiments in a real browser over a whole running Footfall: an experiment is made
and started by clicking, visitors are assigned and buy, and the page says what came of it."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from footfall.experiments.experiment import Plan, Variant
from footfall.experiments.exposure import make_exposure
from footfall.ingest.request import Sender, Signal
from tests.browser.running import Running, open_operator_page, photograph, run_site
from tests.site import CHROME, Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with run_site(tmp_path_factory.mktemp("served"), ["ab_testing"]) as running:
        yield running


@pytest.fixture(params=["wide-light", "narrow-dark"])
def page(request: pytest.FixtureRequest, browser: Browser, served: Running) -> Iterator[Page]:
    with open_operator_page(browser, served, request.param) as page:
        yield page


async def show_and_sell(site: Site, name: str, sold: tuple[int, int], of: int) -> None:
    """Show each variant to `of` visitors and let some of them buy for 20."""
    experiment = site.footfall.experiments.find(site.project.number, name)
    sender = Sender(
        project=site.project.number,
        door="pulse",
        ip="198.51.100.1",
        user_agent=CHROME,
        received_at_us=site.clock.now_us(),
        accept_language="en",
        headers_seen=frozenset({"accept", "accept-language", "sec-fetch-mode"}),
        is_trusted_clock=True,
    )
    for variant, buyers in zip(experiment.variants, sold, strict=True):
        signals = []
        for n in range(of):
            visitor = f"{name}-{variant.name}-{n}"
            seen = make_exposure(experiment, variant)
            seen.visitor_id = visitor
            signals.append(seen)
            if n < buyers:
                signals.append(
                    Signal(
                        "event",
                        "purchase",
                        url="/",
                        visitor_id=visitor,
                        revenue_micros=20_000_000,
                        currency="EUR",
                    )
                )
        await site.footfall.intake.take(sender, signals)


def assert_nothing_scrolls_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_experiment_is_made_started_and_judged(page: Page, served: Running) -> None:
    home = f"{served.home}/experiments"
    page.goto(home)
    photograph(page, "experiments")
    assert_nothing_scrolls_sideways(page)
    page.get_by_label("Name", exact=True).fill("Colour of the checkout button")
    page.get_by_label("Variants").fill("Blue, 50\nGreen, 50")
    page.get_by_label("Event that counts as success").fill("purchase")
    page.get_by_role("button", name="Create as draft").click()
    expect(page.get_by_role("heading", name="A draft")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Nobody has seen a variant yet")).to_be_visible()
    name = page.url.rpartition("/")[2]
    served.call(show_and_sell(served.site, name, (180, 260), 2000))
    page.reload()
    expect(page.get_by_role("heading", name="“Green” is better")).to_be_visible()
    expect(page.locator(".verdict")).to_contain_text("13.0\u00a0% convert instead of 9.0\u00a0%")
    row = page.locator(".arms tbody tr").nth(1)
    for text in ("2,000", "260", "13.0\u00a0%", "+44.4\u00a0%", "5,200.00", "2.60", "better"):
        expect(row).to_contain_text(text)
    expect(page.locator(".forest-line")).to_have_count(1)
    photograph(page, "experiment-better")
    assert_nothing_scrolls_sideways(page)
    page.get_by_role("button", name="Complete").click()
    expect(page.locator(".toolbar .state")).to_have_text("Completed")
    page.goto(home)
    expect(page.locator(".trials")).to_contain_text("Colour of the checkout button")
    photograph(page, "experiments-some")
    assert_nothing_scrolls_sideways(page)


def test_a_broken_ratio_is_said_before_anything_else(page: Page, served: Running) -> None:
    site = served.site
    plan = Plan(
        "Broken",
        (Variant("", "A", 9), Variant("", "B", 1)),
        metric="purchase",
        status="running",
    )

    async def create() -> str:
        made = await asyncio.to_thread(site.footfall.experiments.create, site.project.number, plan)
        await show_and_sell(site, made.id, (30, 90), 400)
        return made.id

    name = served.call(create())
    page.goto(f"{served.home}/experiments/{name}")
    expect(page.get_by_role("heading", name="These figures cannot be trusted")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("400 of 720 expected, 400 of 80 expected")
    photograph(page, "experiment-broken")
    assert_nothing_scrolls_sideways(page)


def test_a_mistake_in_the_form_is_quoted(page: Page, served: Running) -> None:
    page.goto(f"{served.home}/experiments")
    page.get_by_label("Name", exact=True).fill("X")
    page.get_by_label("Variants").fill("A, many")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Create as draft").click()
    assert answered.value.status == 400
    expect(page.locator("body")).to_contain_text("weight 'many' is no number")
