"""Every example of the SDK's README: all of them type-check against the shipped types, and those
for backends run against the real server, whose figures they change as the README says."""

import re
from pathlib import Path

import pytest

from tests.acceptance.process import Project, Server
from tests.sdk_package import CLIENT, install_package, run

pytestmark = pytest.mark.acceptance

EXAMPLES = re.findall(
    r"^```ts\n(.*?)^```$", (CLIENT / "sdk" / "README.md").read_text(), re.DOTALL | re.MULTILINE
)
IN_BACKEND = [text for text in EXAMPLES if "@footfall/sdk/server" in text]
# The program of a server never ends by itself: this one asks itself once and closes.
ASK_ONCE = """.listen(0, "127.0.0.1", async function () {
  await fetch(`http://127.0.0.1:${this.address().port}/hello`, { headers: { "user-agent": "x" } });
  await pulse.close();
  this.closeAllConnections();
  this.close();
})"""


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application that has the package installed."""
    return install_package(tmp_path_factory.mktemp("readme")).parents[2]


def check_types(application: Path, text: str) -> str:
    """Type-check a program as an application would; return what the compiler says."""
    (application / "example.ts").write_text(text)
    # Types of Node are not among the client's tools; its one module is taken for anything.
    (application / "node.d.ts").write_text('declare module "node:http";')
    tsc = str(CLIENT / "node_modules" / "typescript" / "bin" / "tsc")
    rules = "--strict --noImplicitAny false --exactOptionalPropertyTypes --noEmit --ignoreConfig"
    target = "--target es2022 --module nodenext --lib es2022,dom,dom.iterable --types"
    words = f"{tsc} {rules} {target}".split()
    try:
        return run(["node", *words, "", "example.ts", "node.d.ts"], application)
    except AssertionError as error:
        return str(error)


def test_there_are_examples_for_both_sides() -> None:
    assert len(IN_BACKEND) == 4
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_example_has_the_types_it_claims(application: Path, text: str) -> None:
    assert check_types(application, text) == ""


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ('{ type: "event" }', "name"),
        ('{ type: "pageview" }', "path"),
        ('{ type: "web_vital", name: "FID", value: 1 }', "FID"),
        ('{ type: "visit", path: "/" }', "visit"),
        ('{ type: "scroll_depth", path: "/", max_depth: "87" }', "number"),
        ('{ type: "survey_response", survey_id: "s", answers: [{ value: 1 }] }', "question_id"),
    ],
)
def test_types_refuse_a_payload_that_the_server_would(
    application: Path, wrong: str, complaint: str
) -> None:
    head = 'import type { Payload } from "@footfall/sdk/server";\nexport const payload: Payload = '
    said = check_types(application, f"{head}{wrong};\n")
    assert "error TS" in said
    assert complaint in said


def test_examples_for_backends_run_and_count(application: Path, tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    project: Project = server.add_project("Readme", "127.0.0.1")
    for number, text in enumerate(IN_BACKEND):
        program = text.replace("pa_live_YOUR_INGEST_KEY", project.ingest_key)
        program = program.replace("https://footfall.example.com", server.url)
        program = program.replace(".listen(8080)", ASK_ONCE)
        (application / f"run-{number}.mjs").write_text(program)
        said = run(["node", f"run-{number}.mjs"], application)
        assert said == ("2 {}\n" if "batch(" in text else "")
    events = project.get("/api/v1/events")[2]["data"]
    assert {row["name"]: row["count"] for row in events} == {
        "subscription_renewed": 1,
        "invoice_sent": 1,
        "invoice_paid": 1,
        "job_done": 1,
        "order": 1,
    }
    pages = project.get("/api/v1/pages")[2]["data"]
    assert [(row["path"], row["views"]) for row in pages] == [("/hello", 1)]
    assert project.query(metrics=["revenue"], range="7d")["totals"]["revenue"] == 49
    assert server.stop() == 0
