"""A real Chromium for the tests of this folder, and a fresh profile for each test. It keeps an
event loop running in the main thread while it lives, so no test in this folder may be a coroutine,
and it ends before the tests of other folders begin."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.acceptance.process import BROWSER
from tests.browser.chromium import ARGUMENTS, CHROMIUM, require_chromium
from tests.browser.site import KEY, Recorder, Site
from tests.sdk_package import has_node

EXPECT_TIMEOUT_MS = 15_000
"""The machine may be busy with three other workers."""

collect_ignore = [] if has_node() else ["test_sdk.py"]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """The driver; skips without a Chromium to drive, and fails where nothing may skip."""
    require_chromium()
    expect.set_options(timeout=EXPECT_TIMEOUT_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A running Chromium that admits to be headless."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    context = browser.new_context(viewport={"width": 1000, "height": 800}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """Everything that reached the host page as an error; it stays empty."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Iterator[Page]:
    """A tab. The test fails when the tracker makes the page complain."""
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.wait_for_timeout(20)
    assert complaints == []


@pytest.fixture(scope="module")
def chrome(browser: Browser) -> Iterator[Browser]:
    """A Chromium that says it is an ordinary Chrome. The word is given to the process, because what
    a page sends while it is left bypasses a tab's."""
    chrome = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGUMENTS, f"--user-agent={BROWSER}"]
    )
    yield chrome
    chrome.close()


@pytest.fixture
def person(chrome: Browser, complaints: list[str]) -> Iterator[Page]:
    """A tab of an ordinary Chrome."""
    context = chrome.new_context(locale="en-GB")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """The server that the tracker comes from and reports to, of another origin than the site."""
    with Recorder() as recorder:
        yield recorder


@pytest.fixture
def site(recorder: Recorder) -> Iterator[Site]:
    """The site with the shortest snippet."""
    with Site(recorder.url, {"data-key": KEY}) as site:
        yield site
