"""The SDK for backends, installed from its tarball, against the real server: what it reports is in
Pulse's figures, exactly once, also when the server is away in between."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.process import BROWSER, Project, Server
from tests.browser.site import Request, Response
from tests.browser.site import Server as Loopback
from tests.sdk_package import install_package, run, run_program

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_package(tmp_path_factory.mktemp("sdk"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(
        tmp_path_factory.mktemp("sdk-server") / "data", FOOTFALL_TRUSTED_PROXIES="127.0.0.1/32"
    )
    server.start()
    yield server
    assert server.stop() == 0


@pytest.fixture
def project(server: Server, request: pytest.FixtureRequest) -> Project:
    return server.add_project(request.node.name[:60], "shop.test")


HEAD = """
import { PulseServer, KeyError, RefusedError } from "@footfall/sdk/server";
const errors = [];
const pulse = new PulseServer({
  apiKey: key, apiUrl: url, batchInterval: 20,
  onError: (error) => errors.push([String(error), error.payload?.path]),
});
"""


def run_sdk(package: Path, project: Project, program: str, **words: Any) -> Any:
    return run_program(
        package, HEAD + program, key=project.ingest_key, url=project.server.url, **words
    )


def read_current(project: Project) -> dict[str, Any]:
    status, _, stats = project.get("/api/v1/stats")
    assert status == 200
    current: dict[str, Any] = stats["current"]
    return current


def read_events(project: Project) -> dict[str, tuple[int, int]]:
    data = project.get("/api/v1/events?limit=1000")[2]["data"]
    return {row["name"]: (row["count"], row["unique"]) for row in data}


def test_what_a_backend_collects_is_in_the_figures_of_pulse(
    package: Path, project: Project
) -> None:
    program = """
    const outcomes = [];
    for (const visitor_id of ["ann", "ben"]) {
      outcomes.push(await pulse.collect({ type: "pageview", path: "/", visitor_id }));
      outcomes.push(await pulse.collect({ type: "pageview", path: "/pricing?x=1", visitor_id }));
    }
    outcomes.push(await pulse.collect({
      type: "event", name: "subscription_renewed", visitor_id: "ann",
      data: { plan: "enterprise", mrr: 499 }, revenue_amount: 499, revenue_currency: "EUR",
    }));
    const batch = await pulse.batch(Array.from({ length: 130 }, (_, n) => ({
      type: "event", name: `step_${n % 2}`, visitor_id: n < 100 ? "ann" : "cy",
    })));
    await pulse.close();
    console.log(JSON.stringify({ outcomes, batch, errors }));
    """
    said = run_sdk(package, project, program)
    assert said == {
        "outcomes": [{"status": "accepted"}] * 5,
        "batch": {"accepted": 130, "dropped": {}},
        "errors": [],
    }
    current = read_current(project)
    figures = {name: current[name] for name in ("pageviews", "visitors", "sessions", "events")}
    assert figures == {"pageviews": 4, "visitors": 3, "sessions": 3, "events": 131}
    assert read_events(project) == {
        "step_0": (65, 2),
        "step_1": (65, 2),
        "subscription_renewed": (1, 1),
    }
    pages = project.get("/api/v1/pages")[2]["data"]
    assert {row["path"]: (row["views"], row["unique_views"]) for row in pages} == {
        "/": (2, 2),
        "/pricing": (2, 2),
    }
    revenue = project.query(metrics=["revenue"], range="7d")
    assert revenue["totals"]["revenue"] == 499


def test_every_type_of_payload_is_taken(package: Path, server: Server) -> None:
    modules = ("webvitals", "scroll_depth", "search", "heatmaps")
    project = server.add_project("Every type", "shop.test", modules)
    program = """
    const place = { path: "/a", visitor_id: "ann" };
    const outcomes = {};
    for (const payload of [
      { type: "pageview", ...place, title: "A", utm_source: "letter" },
      { type: "event", ...place, name: "n" },
      { type: "identify", ...place, user_id: 7, traits: { plan: "pro" } },
      { type: "web_vital", ...place, name: "LCP", value: 1842.5, rating: "good" },
      { type: "scroll_depth", ...place, max_depth: 87 },
      { type: "search_query", ...place, query: "pricing plans", results_count: 7 },
      { type: "outlink", ...place, url: "https://example.org/", link_type: "external" },
      { type: "js_error", ...place, message: "broken", lineno: 1 },
      { type: "click_event", ...place, x: 482, y: 1203, element_selector: "button" },
      { type: "engagement", ...place, engagement_ms: 1200 },
    ]) outcomes[payload.type] = (await pulse.collect(payload)).status;
    console.log(JSON.stringify(outcomes));
    """
    outcomes = run_sdk(package, project, program)
    assert set(outcomes.values()) == {"accepted"}
    counted = project.query(metrics=["visitors"], dimensions=["kind"], range="7d")["rows"]
    kinds = {row["dimensions"]["kind"] for row in counted}
    assert len(kinds) == len(outcomes) == 10


def test_a_server_that_is_away_for_a_while_gets_every_event_once(
    package: Path, tmp_path: Path
) -> None:
    server = Server(tmp_path / "data")
    server.start()
    project = server.add_project()
    program = (
        HEAD
        + """
    const awaited = [];
    for (let n = 0; n < 300; n++) {
      pulse.track({ type: "event", name: `background_${n}`, visitor_id: "ann" });
      if (n % 10 == 0)
        awaited.push(pulse.collect({ type: "event", name: `awaited_${n}`, visitor_id: "ben" }));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const outcomes = await Promise.all(awaited);
    await pulse.close({ timeout: 60_000 });
    const accepted = outcomes.every(({ status }) => status == "accepted");
    console.log(JSON.stringify({ accepted, errors }));
    """
    )
    path = package.parents[2] / "away.mjs"
    path.write_text(
        f"const key = '{project.ingest_key}', url = '{server.url}';\n{program}", encoding="utf-8"
    )
    with subprocess.Popen(["node", str(path)], cwd=path.parent, stdout=subprocess.PIPE) as node:
        for pause_s in (0.7, 0.6):
            time.sleep(pause_s)
            server.kill()
            time.sleep(0.3)
            server.start()
        said, _ = node.communicate(timeout=120)
    assert node.returncode == 0
    assert said.decode().strip() == '{"accepted":true,"errors":[]}'
    expected = {f"background_{n}": (1, 1) for n in range(300)}
    expected |= {f"awaited_{n}": (1, 1) for n in range(0, 300, 10)}
    assert read_events(project) == expected
    assert server.stop() == 0


class Gateway(Loopback):
    """Stands before the real server; every second answer is lost after the server has given it."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server
        self.dropped: list[str | None] = []
        """What the server said of drops, request by request."""

    def respond(self, request: Request) -> Response:
        headers = {name: request.headers[name] for name in ("x-pulse-key", "user-agent")}
        status, told, answer = self._server.request("POST", request.path, request.body, headers)
        self.dropped.append(told.get("footfall-dropped"))
        if len(self.dropped) % 2:
            return Response(502)
        header = [("Footfall-Dropped", told["footfall-dropped"])]
        return Response(status, json.dumps(answer).encode(), header)


def test_what_was_stored_without_an_answer_is_sent_again_and_counts_once(
    package: Path, project: Project
) -> None:
    program = """
    const named = (name) => ({ type: "event", name });
    const outcome = await pulse.collect(named("a"));
    const batch = await pulse.batch(["b", "c", "d"].map(named));
    pulse.track(named("e"));
    await pulse.close();
    console.log(JSON.stringify([outcome, batch, errors]));
    """
    with Gateway(project.server) as gateway:
        key = project.ingest_key
        said = run_program(package, HEAD + program, key=key, url=gateway.url)
    assert gateway.dropped == [None, "duplicate", None, "duplicate=3", None, "duplicate"]
    assert said == [{"status": "accepted"}, {"accepted": 3, "dropped": {}}, []]
    assert read_events(project) == dict.fromkeys("abcde", (1, 1))


def test_refusals_of_the_real_server_arrive_as_typed_errors(
    package: Path, project: Project
) -> None:
    program = """
    const say = (error) => [error.name, error.status, error.message];
    const told = [];
    await pulse.collect({ type: "event" }).catch((error) => told.push(say(error)));
    await pulse.batch([{ type: "event", name: "fine" }, { type: "pageview" }])
      .catch((error) => told.push(say(error)));
    const other = new PulseServer({ apiKey: "pa_live_wrong", apiUrl: url });
    await other.collect({ type: "event", name: "n" }).catch((error) => told.push(say(error)));
    console.log(JSON.stringify(told));
    """
    assert run_sdk(package, project, program) == [
        ["RefusedError", 400, "Invalid request body: missing required field 'name'."],
        ["RefusedError", 400, "Invalid request body: missing required field 'events[1].path'."],
        ["KeyError", 401, "Invalid API key."],
    ]
    assert read_events(project) == {}


def test_one_bad_event_in_the_background_costs_no_other(package: Path, project: Project) -> None:
    program = """
    for (let n = 0; n < 40; n++)
      pulse.track({ type: "event", name: n == 17 ? "" : `n${n}`, path: `/${n}` });
    await pulse.close();
    console.log(JSON.stringify(errors));
    """
    told = run_sdk(package, project, program)
    assert told == [["RefusedError: Invalid request body: missing required field 'name'.", "/17"]]
    assert read_events(project) == {f"n{n}": (1, 1) for n in range(40) if n != 17}


def test_the_reason_of_a_drop_reaches_the_caller(package: Path, project: Project) -> None:
    program = """
    const vital = { type: "web_vital", name: "LCP", value: 1000 };
    const order = { type: "event", name: "order", id: "order-7" };
    const outcomes = [];
    for (const payload of [vital, order, order]) outcomes.push(await pulse.collect(payload));
    const batch = await pulse.batch([vital, vital, order, { type: "event", name: "other" }]);
    console.log(JSON.stringify([...outcomes, batch]));
    """
    assert run_sdk(package, project, program) == [
        {"status": "dropped", "reason": "module_off"},
        {"status": "accepted"},
        {"status": "dropped", "reason": "duplicate"},
        {"accepted": 1, "dropped": {"duplicate": 1, "module_off": 2}},
    ]
    assert read_events(project) == {"order": (1, 1), "other": (1, 1)}


def test_visitors_are_told_apart_by_the_requests_a_trusted_backend_passes_on(
    package: Path, project: Project
) -> None:
    program = """
    const pages = [];
    for (const ip of ["192.0.2.1", "192.0.2.2", "192.0.2.1"]) {
      const from = { ip, userAgent: chrome, language: "de" };
      pages.push(await pulse.collect({ type: "pageview", path: "/" }, from));
    }
    console.log(JSON.stringify(pages.map(({ status }) => status)));
    """
    assert run_sdk(package, project, program, chrome=BROWSER) == ["accepted"] * 3
    current = read_current(project)
    assert (current["visitors"], current["pageviews"]) == (2, 3)
    browsers = project.get("/api/v1/devices")[2]["browsers"]
    assert [(row["name"], row["visitors"]) for row in browsers] == [("Chrome", 2)]


def test_a_program_that_forgets_to_close_still_delivers_and_ends(
    package: Path, project: Project
) -> None:
    program = """
    pulse.track({ type: "event", name: "last" });
    console.log("[]");
    """
    run_sdk(package, project, program)
    assert read_events(project) == {"last": (1, 1)}


def test_a_server_that_is_away_does_not_keep_a_program_from_ending(package: Path) -> None:
    program = """
    import { PulseServer } from "@footfall/sdk/server";
    const pulse = new PulseServer({ apiKey: "k", apiUrl: "http://127.0.0.1:9", batchInterval: 0 });
    pulse.track({ type: "event", name: "lost" });
    console.log("[]");
    """
    began_s = time.monotonic()
    assert run_program(package, program) == []
    assert time.monotonic() - began_s < 10


def test_programs_in_commonjs_can_load_it(package: Path) -> None:
    path = package.parents[2] / "old.cjs"
    path.write_text(
        'const { PulseServer } = require("@footfall/sdk/server");'
        'const { PulseClient } = require("@footfall/sdk");'
        "console.log(typeof PulseServer, typeof PulseClient);"
    )
    assert run(["node", str(path)], path.parent).strip() == "function function"


FLAGS = """
import { readFlags } from "@footfall/sdk/server";
const flags = await readFlags({ apiUrl: url, projectId: project, visitorId: "anna" });
const nobody = await readFlags({ apiUrl: url, projectId: "00000000-0000-4000-8000-000000000000",
  visitorId: "anna" });
const away = await readFlags({ apiUrl: "http://127.0.0.1:9", projectId: project, visitorId: "a" });
console.log(JSON.stringify({
  dark: [flags.isOn("dark-mode"), flags.variant("dark-mode"), flags.config("dark-mode", {})],
  off: [flags.isOn("unknown"), flags.variant("unknown"), flags.config("unknown", "plain")],
  inherited: flags.isOn("toString"),
  errors: [flags.error, nobody.error, away.error].map((error) => error && error.constructor.name),
  answers: [nobody.isOn("dark-mode"), away.isOn("dark-mode")],
}));
"""


def test_reads_feature_flags_and_takes_everything_as_off_without_an_answer(
    package: Path, project: Project
) -> None:
    flag = {
        "id": "dark-mode",
        "name": "Dark mode",
        "type": "flag",
        "status": "running",
        "variants": [{"name": "on", "weight": 1, "config": {"contrast": 7}}],
    }
    path = f"/api/admin/projects/{project.id}/experiments"
    status, made = project.server.admin("POST", path, flag)
    assert status == 201, made
    answer = run_program(package, FLAGS, url=project.server.url, project=project.id)
    (variant,) = made["variants"]
    assert answer == {
        "dark": [True, variant["id"], {"contrast": 7}],
        "off": [False, None, "plain"],
        "inherited": False,
        "errors": [None, "Error", "TypeError"],
        "answers": [False, False],
    }
