"""Pages that the browser renders before anyone asks for them, or keeps to bring them back."""

import pytest

from tests.browser.chromium import open_undriven
from tests.browser.site import Recorder, Site

pytestmark = pytest.mark.browser

GO_LATER = "setTimeout(() => { location.href = '/about' }, 3000);"


def test_counts_a_page_rendered_ahead_when_it_is_seen(site: Site, recorder: Recorder) -> None:
    site.head = f"""
    <script type="speculationrules">
      {{"prerender": [{{"urls": ["/about"], "eagerness": "immediate"}}]}}
    </script>
    <script>
      if (location.pathname == "/app") {GO_LATER}
      addEventListener("load", () => setTimeout(() => {{
        pulse("event", "loaded", {{ isAhead: Boolean(document.prerendering) }});
      }}, 100));
    </script>"""
    with open_undriven(site.url + "/app"):
        recorder.wait_for("event", 2, timeout_s=30)
        recorder.wait_for("pageview", 2)
    told = sorted(recorder.of("pageview", "event"), key=lambda post: post.envelope["timestamp"])
    assert [(post.type, post.payload["path"]) for post in told] == [
        ("pageview", "/app"),
        ("event", "/app"),
        ("pageview", "/about"),
        ("event", "/about"),
    ]
    assert told[-1].payload["data"] == {"isAhead": True}


def test_counts_a_page_that_really_comes_back_from_memory(site: Site, recorder: Recorder) -> None:
    site.head = f"""<script>
      if (location.pathname == "/app") {GO_LATER}
      else setTimeout(() => history.back(), 1500);
      addEventListener("pageshow", (e) => e.persisted && pulse("event", "restored"));
    </script>"""
    with open_undriven(site.url + "/app"):
        recorder.wait_for("event", timeout_s=30)
        views = recorder.wait_for("pageview", 3)
        engaged = recorder.wait_for("engagement", 2)
    views.sort(key=lambda post: post.envelope["timestamp"])
    assert [post.payload["path"] for post in views] == ["/app", "/about", "/app"]
    assert {post.payload["path"] for post in engaged} == {"/app", "/about"}
