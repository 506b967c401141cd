"""The pages of experiments in a real browser over a whole running Footfall: an experiment is made
and started by clicking, visitors are assigned and buy, and the page says what came of it."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from footfall.experiments.experiment import Plan, Variant
from footfall.experiments.exposure import make_exposure
from footfall.ingest.request import Sender, Signal
from tests.site import ADMIN_TOKEN, CHROME, Site, open_site

pytestmark = pytest.mark.browser

SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}


@dataclass
class Served:
    """A Footfall that listens, and its event loop to call it from here."""

    url: str
    site: Site
    loop: asyncio.AbstractEventLoop

    def call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    listening = socket.create_server(("127.0.0.1", 0))
    ready, made = threading.Event(), []
    stops: list[asyncio.Event] = []

    async def serve() -> None:
        async with open_site(folder, modules=["ab_testing"]) as site:
            server = uvicorn.Server(
                uvicorn.Config(site.app, log_level="warning", lifespan="off")  # type: ignore[arg-type]
            )
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            made.append(Served(url, site, asyncio.get_running_loop()))
            stops.append(asyncio.Event())
            ready.set()
            task = asyncio.create_task(server.serve(sockets=[listening]))
            await stops[0].wait()
            server.should_exit = True
            await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield made[0]
    made[0].loop.call_soon_threadsafe(stops[0].set)
    thread.join(20)
    listening.close()


@pytest.fixture(params=["wide-light", "narrow-dark"])
def page(request: pytest.FixtureRequest, browser: Browser, served: Served) -> Iterator[Page]:
    size, scheme = request.param.split("-")
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme)
    answer = context.request.post(f"{served.url}/dashboard/login", form={"secret": ADMIN_TOKEN})
    assert answer.ok
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
    yield page
    # Chromium calls every refused form an error.
    complaints = [c for c in complaints if "status of 400" not in c]
    assert complaints == []
    context.close()


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


def photograph(page: Page, name: str) -> None:
    """Keep a picture where the environment asks for one."""
    folder = os.environ.get("FOOTFALL_TEST_PICTURES")
    if folder:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def assert_nothing_scrolls_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_experiment_is_made_started_and_judged(page: Page, served: Served) -> None:
    home = f"{served.url}/dashboard/p/{served.site.project.slug}/experiments"
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


def test_a_broken_ratio_is_said_before_anything_else(page: Page, served: Served) -> None:
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
    page.goto(f"{served.url}/dashboard/p/{site.project.slug}/experiments/{name}")
    expect(page.get_by_role("heading", name="These figures cannot be trusted")).to_be_visible()
    expect(page.locator(".facts")).to_contain_text("400 of 720 expected, 400 of 80 expected")
    photograph(page, "experiment-broken")
    assert_nothing_scrolls_sideways(page)


def test_a_mistake_in_the_form_is_quoted(page: Page, served: Served) -> None:
    page.goto(f"{served.url}/dashboard/p/{served.site.project.slug}/experiments")
    page.get_by_label("Name", exact=True).fill("X")
    page.get_by_label("Variants").fill("A, many")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("button", name="Create as draft").click()
    assert answered.value.status == 400
    expect(page.locator("body")).to_contain_text("weight 'many' is no number")
