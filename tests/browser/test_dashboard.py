"""The dashboard in a real browser, with figures from a formula: what a click does, what the
address says, what remains reachable by keyboard, and that nothing scrolls sideways."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from footfall.clock import FixedClock
from footfall.projects.share import ShareWish
from tests.unit.dashboard.fake_house import NOW_US, OPERATOR_TOKEN, FakeHouse, make_app
from tests.unit.dashboard.fake_reports import FakeReports

pytestmark = pytest.mark.browser

OVERVIEW = "/dashboard/p/acme-example"


@dataclass(frozen=True, slots=True)
class Served:
    """A dashboard that listens."""

    url: str
    house: FakeHouse
    reports: FakeReports
    complaints: list[str]
    """Errors and refused content of its pages; a test ends with none."""


@pytest.fixture
def served() -> Iterator[Served]:
    house, reports = FakeHouse(), FakeReports(NOW_US)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        make_app(house, reports, FixedClock(NOW_US)), log_level="warning", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
    )
    thread.start()
    made = Served(f"http://127.0.0.1:{listening.getsockname()[1]}", house, reports, [])
    yield made
    server.should_exit = True
    thread.join(5)
    listening.close()
    assert made.complaints == []


def open_page(browser: Browser, served: Served, path: str, **options: object) -> Page:
    """Open a page as the operator; what it complains about fails the test."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    answer = context.request.post(f"{served.url}/dashboard/login", form={"secret": OPERATOR_TOKEN})
    assert answer.ok
    page = context.new_page()
    page.on("pageerror", lambda error: served.complaints.append(str(error)))
    page.on("console", lambda m: m.type == "error" and served.complaints.append(m.text))
    page.goto(served.url + path)
    return page


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    page = open_page(browser, served, OVERVIEW, viewport={"width": 1440, "height": 900})
    yield page
    page.context.close()


def test_signing_in_opens_the_chart(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(f"{served.url}/dashboard")
    page.get_by_label("Key or admin token").fill(OPERATOR_TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator("#plot svg path").first).to_be_attached()
    assert page.url.endswith(OVERVIEW)
    page.close()


def test_a_metric_changes_the_chart_and_the_address(page: Page) -> None:
    before = page.locator("#plot").get_attribute("data-chart")
    page.get_by_role("button", name="Bounce rate").click()
    expect(page.locator("#metric-bounce_rate")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#plot").get_attribute("data-chart") != before
    assert page.url.endswith("?metric=bounce_rate")


def test_a_row_filters_a_chip_turns_and_the_back_button_undoes(page: Page) -> None:
    page.locator("#panel-sources .keep", has_text="Direct").click()
    expect(page.locator(".chip")).to_have_text(["Channel is Direct"], use_inner_text=False)
    page.locator(".chip .turn").click()
    expect(page.locator(".chip .turn")).to_have_text("Channel is not")
    assert "is_not.channel=Direct" in page.url
    page.go_back()
    expect(page.locator(".chip .turn")).to_have_text("Channel is")
    page.locator(".chip .remove").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert page.url.endswith(OVERVIEW)


def test_open_tabs_and_metric_survive_a_filter(page: Page) -> None:
    page.locator("#tab-pages-entry").click()
    expect(page.locator("#tab-pages-entry")).to_have_attribute("aria-selected", "true")
    page.locator("#metric-sessions").click()
    expect(page.locator("#metric-sessions")).to_have_attribute("aria-pressed", "true")
    page.locator("#panel-devices .keep", has_text="Firefox").click()
    expect(page.locator(".chip")).to_have_count(1)
    for part in ("pages=entry", "metric=sessions", "is.browser=Firefox"):
        assert part in page.url
    expect(page.locator("#tab-pages-entry")).to_have_attribute("aria-selected", "true")


def test_the_address_alone_reproduces_the_view(browser: Browser, served: Served) -> None:
    path = f"{OVERVIEW}?period=7d&metric=pageviews&is.country=DE&pages=exit"
    page = open_page(browser, served, path)
    expect(page.locator(".chip b")).to_have_text("Germany")
    expect(page.locator("#metric-pageviews")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#tab-pages-exit")).to_have_attribute("aria-selected", "true")
    page.context.close()


def test_the_full_list_opens_pages_searches_and_filters(page: Page) -> None:
    page.locator("#panel-pages footer a").first.click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    page.locator("#list-next").click()
    expect(dialog.locator("footer span").first).to_have_text("51–100 of 127")
    page.locator("#list-search").fill("docs")
    page.keyboard.press("Enter")
    expect(dialog.locator("footer span").first).to_have_text("1–3 of 3")
    assert page.url.endswith(OVERVIEW)
    dialog.locator(".keep", has_text="/docs/api").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".chip b")).to_have_text("/docs/api")


def test_tabs_and_menus_obey_the_keyboard(page: Page) -> None:
    page.locator("#tab-devices-browser").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tab-devices-system")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#tab-devices-system")).to_be_focused()
    dates = page.locator("summary", has_text="2026")
    dates.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dates")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".dates")).to_be_hidden()
    expect(dates).to_be_focused()
    page.locator("#metric-events").focus()
    page.keyboard.press("Space")
    expect(page.locator("#metric-events")).to_have_attribute("aria-pressed", "true")


def test_the_chart_tells_its_figures_to_the_pointer_and_as_a_table(page: Page) -> None:
    page.locator("#plot").hover()
    expect(page.locator(".tip b")).to_have_count(2)
    label, figure = page.locator(".tip p").inner_text(), page.locator(".tip b").first.inner_text()
    page.locator(".behind summary").click()
    row = page.locator(".behind tbody tr", has_text=label)
    expect(row.locator("td").first).to_have_text(figure)
    expect(page.locator(".behind tbody tr")).to_have_count(30)
    expect(page.locator(".behind tbody tr").last).to_contain_text("so far")


def test_the_first_event_turns_the_waiting_page_into_the_dashboard(
    browser: Browser, served: Served
) -> None:
    served.reports.level = 0
    page = open_page(browser, served, OVERVIEW)
    expect(page.locator("#waiting")).to_contain_text("Waiting for the first event")
    page.get_by_role("button", name="Make a key for it").click()
    expect(page.locator("#snippet")).to_contain_text("pa_live_madebytests")
    served.reports.level = 1
    expect(page.locator("#metric-visitors")).to_be_visible(timeout=8000)
    page.context.close()


def test_slow_parts_arrive_without_moving_the_page(browser: Browser, served: Served) -> None:
    served.reports.slow_s = {"": 1.5, "browser": 1.2}
    page = open_page(browser, served, OVERVIEW, viewport={"width": 1440, "height": 900})
    heights = "ids => ids.map(id => Math.round(document.getElementById(id).offsetHeight))"
    ids = ["head", "panel-devices"]
    before = page.evaluate(heights, ids)
    expect(page.locator("#metric-visitors")).to_be_visible(timeout=8000)
    expect(page.locator("#panel-devices .keep").first).to_be_visible(timeout=8000)
    after = page.evaluate(heights, ids)
    assert all(abs(a - b) <= 12 for a, b in zip(before, after, strict=True)), (before, after)
    page.context.close()


@pytest.mark.parametrize(
    "path", ["", "?is.channel=Direct&is_not.country=DE", "/pages", "/realtime", "/settings"]
)
def test_nothing_scrolls_sideways(browser: Browser, served: Served, path: str) -> None:
    page = open_page(browser, served, OVERVIEW + path)
    for width in (1440, 1024, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(50)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_a_phone_opens_the_navigation_as_a_drawer(browser: Browser, served: Served) -> None:
    page = open_page(browser, served, OVERVIEW, viewport={"width": 390, "height": 800})
    expect(page.locator("#nav")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.locator("#nav").get_by_text("Realtime").click()
    expect(page.locator("h1")).to_have_text("Realtime")
    page.context.close()


def test_a_server_that_does_not_answer_is_said_aloud(page: Page, served: Served) -> None:
    page.route("**/p/acme-example?*", lambda route: route.abort())
    page.locator("#metric-sessions").click()
    expect(page.locator("#alarm")).to_be_visible()
    expect(page.locator("#metric-visitors")).to_be_visible()
    assert any("ERR_FAILED" in complaint for complaint in served.complaints)
    served.complaints.clear()  # the browser and htmx both name the lost request


def test_reading_needs_no_script(browser: Browser, served: Served) -> None:
    page = open_page(browser, served, OVERVIEW, java_script_enabled=False)
    page.locator("#panel-sources .keep", has_text="Direct").click()
    expect(page.locator(".chip b")).to_have_text("Direct")
    page.locator(".behind summary").click()
    expect(page.locator(".behind tbody tr").first).to_be_visible()
    page.locator("#panel-pages footer a").first.click()
    expect(page.locator("h1")).to_have_text("Pages")
    page.context.close()


@pytest.fixture
def guest(browser: Browser, served: Served) -> Iterator[Page]:
    """A browser of somebody who was given a link."""
    wish = ShareWish("Board", modules=["pageviews", "geo"])
    served.house.add_share(1, wish)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.on("pageerror", lambda error: served.complaints.append(str(error)))
    page.goto(f"{served.url}/shared/token-1")
    yield page
    page.close()


def test_a_guest_filters_opens_tabs_and_lists_within_the_link(guest: Page, served: Served) -> None:
    home = f"{served.url}/shared/token-1"
    expect(guest.locator("#plot svg path").first).to_be_attached()
    guest.locator("#tab-pages-entry").click()
    expect(guest.locator("#tab-pages-entry")).to_have_attribute("aria-selected", "true")
    guest.locator("#panel-places .keep", has_text="Germany").click()
    expect(guest.locator(".chip")).to_have_count(1)
    guest.locator("#panel-pages footer a", has_text="All").click()
    expect(guest.locator("#dialog")).to_be_visible()
    guest.keyboard.press("Escape")
    guest.locator(".burger").click()
    expect(guest.locator("#nav a")).to_have_text(["Footfall", "Overview", "Pages", "Places"])
    assert guest.url.startswith(home)
    assert guest.evaluate("document.documentElement.scrollWidth") == 390
    served.house.shares.clear()
    guest.goto(home)
    expect(guest.locator("h1")).to_have_text("This link shows nothing")


@pytest.mark.parametrize("is_named", [True, False])
def test_only_a_named_origin_frames_a_link(
    browser: Browser, served: Served, *, is_named: bool
) -> None:
    with serve_frame(f"{served.url}/shared/token-1?embed=1") as host:
        origins = [host if is_named else "https://other.example"]
        served.house.add_share(1, ShareWish("Board", embed_origins=origins))
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.goto(host)
        inside = page.frame_locator("iframe")
        if is_named:
            inside.locator("#metric-pageviews").click()
            pressed = inside.locator("#metric-pageviews")
            expect(pressed).to_have_attribute("aria-pressed", "true")
            inside.locator("#panel-places .keep", has_text="Germany").click()
            expect(inside.locator(".chip")).to_have_count(1)
            inside.locator("#live").click()
            expect(inside.locator("h1")).to_have_text("Realtime")
            expect(inside.locator("#nav")).to_have_count(0)
        else:
            page.wait_for_timeout(500)
            assert page.frames[1].url.startswith("chrome-error:")
        page.close()


@contextmanager
def serve_frame(address: str) -> Iterator[str]:
    """Serve a page that frames an address, on an origin of its own; give that origin."""

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{address}" width=1100 height=800></iframe>'.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join(5)


def test_the_operator_makes_copies_and_revokes_a_link(browser: Browser, served: Served) -> None:
    served.house.is_sharing = False
    page = open_page(browser, served, f"{OVERVIEW}/settings")
    page.get_by_role("button", name="Switch sharing on").click()
    page.locator("form[action$='/settings/shares'] input[name=name]").fill("Agency")
    page.get_by_label("Campaigns by UTM parameters").check()
    page.get_by_label("Last day").fill("2026-12-24")
    page.get_by_role("button", name="Make link").click()
    expect(page.locator(".shares code").first).to_have_text(f"{served.url}/shared/token-1")
    made = served.house.shares[0]
    assert (made.name, made.modules[-1], len(made.modules)) == ("Agency", "utm", 8)
    assert made.expires_at_us == 1_798_156_800_000_000  # 2026-12-25 00:00 UTC
    page.locator(".shares summary").click()
    page.get_by_role("button", name="Revoke it").click()
    expect(page.locator(".shares")).to_have_count(0)
    assert served.house.shares == []
    page.context.close()
