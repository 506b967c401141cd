"""The host page never notices: whatever is missing, blocked or broken, nothing is thrown and the
page's own code works. The `page` fixture fails a test whose page complains."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.site import Recorder, Site

pytestmark = pytest.mark.browser

QUIET_MS = 400

BLOCKED_STORAGE = """
for (const name of ["sessionStorage", "localStorage"])
  Object.defineProperty(window, name, {
    get() { throw new DOMException("denied", "SecurityError"); },
  });
"""

FULL_STORAGE = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
Object.defineProperty(window, "sessionStorage", {
  value: new Proxy({}, { set() { throw new DOMException("full", "QuotaExceededError"); } }),
});
"""

STILL_COUNTED = {
    "storage is blocked": BLOCKED_STORAGE,
    "storage is full": FULL_STORAGE,
    "storage holds something else": f"sessionStorage['{'pa_live_0123456789abcdefABCDEF_-'}']='{{'",
    "there is no crypto": "Object.defineProperty(window, 'crypto', { value: undefined })",
    "history is frozen": "Object.freeze(history)",
    "pulse is something else": "window.pulse = 42",
}


@pytest.mark.parametrize("trouble", STILL_COUNTED)
def test_counts_although(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page, trouble: str
) -> None:
    context.add_init_script(STILL_COUNTED[trouble])
    recorder.statuses = [500]
    page.goto(site.url + "/app")
    first, second = recorder.wait_for("pageview", 2)
    assert first.envelope["id"] == second.envelope["id"]
    assert len(first.envelope["id"]) >= 16
    page.evaluate("pulse('event', 'x')")
    recorder.wait_for("event")


NOT_COUNTED = {
    "fetch is missing": "delete window.fetch",
    "fetch throws": "window.fetch = () => { throw new Error('blocked') }",
    "fetch never answers": "window.fetch = () => new Promise(() => {})",
    "numbers cannot be turned to text": "JSON.stringify = () => { throw new Error('no') }",
}


@pytest.mark.parametrize("trouble", NOT_COUNTED)
def test_stays_quiet_when(
    site: Site, recorder: Recorder, context: BrowserContext, page: Page, trouble: str
) -> None:
    site.attributes["data-scroll"] = "true"
    context.add_init_script(NOT_COUNTED[trouble])
    page.goto(site.url + "/app")
    page.evaluate("pulse('event', 'x')")
    page.click("#next")
    page.wait_for_timeout(QUIET_MS)
    assert page.evaluate("location.pathname") == "/app/next"
    assert recorder.posts == []


def test_calls_with_nonsense_throw_nothing(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    page.evaluate(
        """() => {
          const loop = {}; loop.loop = loop;
          pulse(); pulse("event"); pulse("event", null); pulse("event", loop);
          pulse("event", 10n); pulse("unheard of", {}); pulse(Symbol()); pulse("search", Symbol());
        }"""
    )
    page.evaluate("pulse('event', 'after')")
    recorder.wait_until(
        lambda: any(post.payload.get("name") == "after" for post in recorder.of("event"))
    )


def test_history_keeps_its_own_behaviour(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url + "/app")
    recorder.wait_for("pageview")
    page.evaluate("history.pushState({ n: 1 }, '', '/app/state')")
    assert page.evaluate("history.state") == {"n": 1}
    for call, expected in (
        ("history.pushState(() => 0, '', '/x')", "DataCloneError"),
        ("history.pushState({}, '', 'https://a.example')", "SecurityError"),
    ):
        raised = page.evaluate(
            f"() => {{ try {{ {call} }} catch (error) {{ return error.name }} }}"
        )
        assert raised == expected
    recorder.wait_for("pageview", 2)
    page.wait_for_timeout(QUIET_MS)
    assert len(recorder.of("pageview")) == 2


def test_a_page_that_wraps_history_too_gets_its_calls(
    site: Site, recorder: Recorder, page: Page
) -> None:
    site.head = """<script>
      window.calls = [];
      const before = history.pushState;
      history.pushState = function (state, title, path) {
        calls.push(path);
        return before.call(this, state, title, path);
      };
    </script>"""
    page.goto(site.url + "/app")
    recorder.wait_for("pageview")
    page.click("#next")
    recorder.wait_for("pageview", 2)
    assert page.evaluate("calls") == ["/app/next"]


def test_adds_one_global(site: Site, recorder: Recorder, page: Page) -> None:
    page.goto(site.url)
    recorder.wait_for("pageview")
    names = page.evaluate(
        """() => {
          const frame = document.body.appendChild(document.createElement("iframe"));
          const known = new Set(Object.getOwnPropertyNames(frame.contentWindow));
          return Object.getOwnPropertyNames(window).filter((n) => !known.has(n) && isNaN(n));
        }"""
    )
    assert names == ["pulse"]


def test_works_under_a_strict_policy(site: Site, recorder: Recorder, page: Page) -> None:
    site.attributes |= {"data-scroll": "true", "data-vitals": "true"}
    site.headers = [
        (
            "Content-Security-Policy",
            f"default-src 'none'; script-src {recorder.url}; connect-src {recorder.url};"
            " require-trusted-types-for 'script'",
        )
    ]
    page.goto(site.url + "/about")
    recorder.wait_for("pageview")
    recorder.wait_until(lambda: any("/vitals-" in r.path for r in recorder.requests))
    assert any("/vitals-" in request.path for request in recorder.requests)


def test_works_on_a_page_that_isolates_itself(site: Site, recorder: Recorder, page: Page) -> None:
    site.headers = [("Cross-Origin-Embedder-Policy", "require-corp")]
    page.goto(site.url)
    recorder.wait_for("pageview")


def test_stays_quiet_while_its_server_is_away(site: Site, page: Page) -> None:
    site.attributes |= {"data-api": "http://127.0.0.1:9", "data-errors": "true"}
    page.goto(site.url)
    page.evaluate("pulse('event', 'x')")
    page.wait_for_timeout(QUIET_MS)
