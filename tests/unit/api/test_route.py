"""The query API over real tables: figures, refusals, documents."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from footfall.api.openapi import EXAMPLE
from footfall.api.route import ApiParts, make_api_router
from footfall.api.saved import SavedDefinitions
from footfall.clock import FixedClock
from footfall.errors import ForbiddenError, MissingCredentialError, NotFoundError
from footfall.projects.project import Project
from footfall.reports.catalogue import DIMENSIONS, METRICS
from footfall.reports.definition import Funnels, Goals
from footfall.reports.run import ReportRunner
from tests.oracle.session import make_visits
from tests.oracle.strategy import TEXT_DEFAULTS
from tests.unit.projects.fake_records import FakeRecords
from tests.unit.reports.table import NoBarrier, TableWarehouse

NOON = 1_790_856_000_000_000  # 2026-10-01T12:00:00Z
PROJECT = Project(1, "7f0c", "Shop", "shop", "shop.example", "Europe/Berlin", 0, 0)


def make_event(number: int, minutes: float, path: str, **fields: Any) -> dict[str, Any]:
    return TEXT_DEFAULTS | {
        "project": 1,
        "ts": NOON + int(minutes * 60_000_000),
        "event_id": number,
        "visitor": fields.pop("visitor", 1),
        "session": fields.pop("session", 1),
        "kind": "pageview",
        "interactive": 1,
        "name": "",
        "path": path,
        "value": 0.0,
        "engagement_ms": 0,
        "revenue_micros": 0,
        "currency": "",
        "bot_score": 0,
        "props": {},
        **fields,
    }


EVENTS = [
    make_event(1, 0, "/"),
    make_event(2, 1, "/pricing"),
    make_event(3, 2, "/", visitor=2, session=2, source="Google"),
    make_event(4, 3, "/", visitor=3, session=3, bot_score=90),
]


async def resolve(key: str) -> Project:
    if key not in (PROJECT.id, PROJECT.slug):
        raise NotFoundError("Project", key)
    return PROJECT


async def authorise(request: Any, project: Project | None) -> None:
    token = request.headers.get("authorization")
    if token is None:
        raise MissingCredentialError
    if project is not None and token != "Bearer right":
        raise ForbiddenError


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    warehouse = TableWarehouse()
    warehouse.fill(EVENTS, make_visits(EVENTS).values())
    clock = FixedClock(NOON + 3_600_000_000)
    runner = ReportRunner(warehouse, NoBarrier(), clock)
    records = FakeRecords()
    saved = SavedDefinitions(Goals(records, clock), Funnels(records, clock))
    router = make_api_router(ApiParts(runner, resolve, authorise, clock, saved))
    app = Litestar([router], openapi_config=None)
    with TestClient(app) as made:
        made.headers["authorization"] = "Bearer right"
        yield made
    warehouse.close()


def ask(client: TestClient, **changes: Any) -> Any:
    body = {"project": "shop", "metrics": ["visitors"], "range": "today"} | changes
    return client.post("/api/query", json=body)


def test_a_question_is_answered_with_totals_and_shares(client):
    answer = ask(client, metrics=["pageviews", "visitors"], dimensions=["page"])

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["range"] == {"start": "2026-09-30T22:00:00Z", "end": "2026-10-01T22:00:00Z"}
    assert body["totals"] == {"pageviews": 3, "visitors": 2}
    assert body["total_rows"] == 2
    assert body["rows"][0] == {
        "dimensions": {"page": "/"},
        "metrics": {"pageviews": 2, "visitors": 2},
        "shares": {"pageviews": 2 / 3, "visitors": 1.0},
    }


def test_a_series_has_every_bucket_and_marks_the_running_one(client):
    answer = ask(client, range="7d", interval="day", metrics=["sessions", "bounce_rate"])

    rows = answer.json()["rows"]
    assert [row["bucket"] for row in rows] == [
        *(f"2026-09-{day}" for day in range(25, 31)),
        "2026-10-01",
    ]
    assert rows[-1]["metrics"] == {"sessions": 2, "bounce_rate": 0.5}
    assert rows[0]["metrics"] == {"sessions": 0, "bounce_rate": None}
    assert [row.get("partial", False) for row in rows] == [False] * 6 + [True]


def test_filters_of_every_shape_are_understood(client):
    filters = {
        "and": [
            {"dimension": "page", "operator": "matches", "values": ["/p*"]},
            {"not": {"dimension": "source", "operator": "is", "values": ["Google"]}},
            {"or": [{"goal": {"page": "/pricing"}}, {"goal": {"event": "signup"}}]},
        ]
    }
    assert ask(client, filters=filters).json()["totals"] == {"visitors": 1}


def test_comparison_comes_with_every_row(client):
    answer = ask(client, dimensions=["source"], compare="previous").json()

    assert answer["compare_range"] == {
        "start": "2026-09-29T22:00:00Z",
        "end": "2026-09-30T13:00:00Z",
    }
    assert answer["compare_totals"] == {"visitors": 0}
    assert [row["compare"] for row in answer["rows"]] == [{"visitors": 0}] * 2


def test_bots_are_left_out_unless_asked_for(client):
    assert ask(client, bots="include").json()["totals"] == {"visitors": 3}
    assert ask(client, bots="only").json()["totals"] == {"visitors": 1}


def test_the_documented_example_is_answered(client):
    assert ask(client, **(EXAMPLE | {"project": "shop"})).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"metrics": []}, "metrics", "at least one"),
        ({"metrics": ["hits"]}, "metrics", "'hits'"),
        ({"metrics": "visitors"}, "metrics", "array"),
        ({"dimensions": ["path"]}, "dimensions", "'path'"),
        ({"dimensions": ["prop:"]}, "dimensions", "'prop:'"),
        ({"limit": 0}, "limit", "0"),
        ({"limit": "10"}, "limit", "int"),
        ({"offset": -1}, "offset", "-1"),
        ({"timezone": "Mars/Base"}, "timezone", "Mars/Base"),
        ({"timezone": "../../etc/passwd"}, "timezone", "IANA"),
        ({"range": "fortnight"}, "range", "'fortnight'"),
        ({"range": {"start": "2026-02-30", "end": "2026-03-01"}}, "range.start", "'2026-02-30'"),
        ({"range": {"start": "2026-03-01", "end": "2026-02-01"}}, "range.end", "before"),
        ({"range": {"start": "2026-03-01"}}, "range.end", "range.end"),
        ({"interval": "second"}, "interval", "second"),
        ({"interval": "minute", "range": "30d"}, "interval", "10000"),
        ({"order": [{"by": "sessions"}]}, "order", "'sessions'"),
        ({"filtres": {}}, "filtres", "'filtres'"),
        ({"filters": {}}, "filters", "none"),
        ({"filters": {"and": []}}, "filters.and", "empty"),
        ({"filters": {"dimension": "page"}}, "filters.operator", "filters.operator"),
        (
            {"filters": {"and": [{"dimension": "page", "operator": "is", "value": ["/"]}]}},
            "filters.and[0].value",
            "unknown field",
        ),
        (
            {"filters": {"dimension": "colour", "operator": "is", "values": ["red"]}},
            "filters",
            "'colour'",
        ),
        ({"filters": {"goal": {}}}, "filters", "goal"),
        ({"filters": {"not": {"goal": {"page": "/"}, "operator": "is"}}}, "filters.not", "exactly"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_field(client, changes, field, said):
    answer = ask(client, **changes)

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["field"] == field
    assert said in error["message"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b'{"project":"\xff"}'])
def test_a_body_that_is_no_object_is_refused(client, body):
    answer = client.post("/api/query", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in {"invalid_input", "missing_field"}


def test_deep_nesting_is_refused(client):
    deep = '{"not":' * 5_000 + "{}" + "}" * 5_000
    body = '{"project":"shop","metrics":["visitors"],"range":"today","filters":' + deep + "}"
    assert client.post("/api/query", content=body).status_code == 400


def test_a_large_body_is_refused(client):
    answer = client.post("/api/query", content=b" " * 70_000)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"


def test_strangers_learn_nothing(client):
    body = {"project": "nowhere", "metrics": ["visitors"], "range": "today"}
    del client.headers["authorization"]
    try:
        assert client.post("/api/query", json=body).status_code == 401
    finally:
        client.headers["authorization"] = "Bearer right"
    assert client.post("/api/query", json=body).status_code == 404
    wrong = client.post(
        "/api/query", json=body | {"project": "shop"}, headers={"authorization": "Bearer x"}
    )
    assert wrong.status_code == 403


def test_the_catalogue_lists_everything(client):
    body = client.get("/api/catalogue").json()
    assert [metric["name"] for metric in body["metrics"]] == [metric.name for metric in METRICS]
    assert [d["name"] for d in body["dimensions"]] == [d.name for d in DIMENSIONS]


def test_the_openapi_document_holds_together(client):
    document = client.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    names = set(document["components"]["schemas"])
    used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert used <= names


def test_the_page_loads_nothing_and_names_everything(client):
    answer = client.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert not re.search(r"(?:src|href)=[\"'](?!#|/api/openapi|/docs)", answer.text)
    assert "url(" not in answer.text
    for entry in (*METRICS, *DIMENSIONS):
        assert f"<code>{entry.name}</code>" in answer.text
