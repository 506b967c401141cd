"""Echelon's document against the real program, started with Echelon's own settings and nothing
else: every documented call is made, with the document's own examples where it has some."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.process import Server
from tests.dialects.documented import ECHELON
from tests.dialects.test_documents import CAMPAIGN, EXPERIMENT, MEASUREMENT

SECRET = "the-secret-of-the-document"
SESSION = "11111111-2222-4333-8444-555555555555"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

BATCH = {
    "v": 1,
    "batch_id": "0b0e7a52-0c53-4a3a-9d4e-6f5b5c0a1b2c",
    "sent_at": "2026-03-01T00:00:00Z",
    "context": {"session_id": SESSION, "site_id": "default", "user_agent": "Mozilla/5.0"},
    "events": [
        {
            "event_id": "0b0e7a52-0c53-4a3a-9d4e-6f5b5c0a1b2d",
            "type": "purchase",
            "ts": "2026-03-01T00:00:00Z",
            "data": {"amount": 3},
        }
    ],
}


class Client:
    """Makes documented calls and notes which."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.made: set[str] = set()

    def call(self, call: str, body: Any = None, *, status: int = 200, **values: str) -> Any:
        """Make a call ('GET /api/perf'); `values` fill its path, or its query."""
        method, path = call.split()
        self.made.add(call)
        query = "&".join(f"{k}={v}" for k, v in values.items() if f"{{{k}}}" not in path)
        url = path.format(**values) + (f"?{query}" if query else "")
        headers = {"Authorization": f"Bearer {SECRET}", "Sec-Fetch-Site": "cross-site"}
        answered, _, answer = self._server.request(method, url, body, headers)
        assert answered == status, (call, answered, answer)
        return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("echelon")
    server = Server(folder / "kept")
    server.settings = {
        "FOOTFALL_PORT": "",
        "FOOTFALL_DATA_DIR": "",
        "ECHELON_PORT": str(server.port),
        "ECHELON_DB_PATH": str(folder / "data" / "echelon.db"),
        "ECHELON_SECRET": SECRET,
        "ECHELON_TELEMETRY": "false",
        "ECHELON_RETENTION_DAYS": "90",
    }
    server.start()
    yield server
    assert server.stop() == 0


def pack(text: str) -> str:
    return base64.b64encode(text.encode()).decode().replace("=", "%3D")


def test_every_documented_call_answers_as_documented(server: Server) -> None:
    client = Client(server)
    call = client.call
    assert call("GET /api/health") == {"status": "ok", "service": "Echelon Analytics"}
    assert b"track" in call("GET /ea.js")
    page = {"s": "default", "sid": SESSION, "_v": "1500", "sw": "1920", "sh": "1080"}
    assert len(call("GET /b.gif", p=pack("/pricing"), uc=pack("spring-2026"), **page)) == 43
    seen = {"type": "custom", "sessionId": SESSION, "data": {"name": "signup"}}
    assert call("POST /e", {"siteId": "default", "events": [seen]}, status=204) == b""

    assert call("POST /api/campaigns", CAMPAIGN, status=201) == {"created": "spring-2026"}
    [listed] = call("GET /api/campaigns")
    assert TIME.fullmatch(listed.pop("created_at"))
    assert listed == {**CAMPAIGN, "status": "active"}
    for status in ("paused", "archived", "active"):
        changed = call("PATCH /api/campaigns/{id}", {"status": status}, id="spring-2026")
        assert changed == {"updated": "spring-2026"}

    assert call("POST /api/experiments", EXPERIMENT, status=201) == {"created": "checkout-v2"}
    for status in ("active", "paused", "completed", "archived", "draft", "active"):
        changed = call("PATCH /api/experiments/{id}", {"status": status}, id="checkout-v2")
        assert changed == {"updated": "checkout-v2"}
    shown = {"experiment_id": "checkout-v2", "variant_id": "redesign"}
    click = {"type": "click", "sessionId": SESSION, "data": shown}
    call("POST /e", {"siteId": "default", "events": [click]}, status=204)
    [experiment] = call("GET /api/experiments")
    assert TIME.fullmatch(experiment["started_at"])
    assert json.dumps(experiment["allocation_percent"]) == "100"
    assert [json.dumps(v["weight"]) for v in experiment["variants"]] == ["50", "50"]
    for given, kept in zip(EXPERIMENT["variants"], experiment["variants"], strict=True):
        assert kept == {"is_control": False, "config": None, **given}
    [figures] = call("GET /api/stats/experiments")
    assert set(figures["variants"][1]) == {
        "variant_id",
        "name",
        "is_control",
        "impressions",
        "conversions",
        "conversion_rate",
        "relative_uplift",
        "significance",
    }
    assert [v["impressions"] for v in figures["variants"]] == [0, 1]

    assert call("POST /api/perf", [MEASUREMENT]) == {"inserted": 1}
    [measured] = call("GET /api/perf", category="build")
    assert MEASUREMENT.items() <= measured.items()
    assert set(call("GET /api/perf/trends")) == {"build/bundle_size"}

    css = {"consent_css": "button { color: red }"}
    assert call("PATCH /api/sites/{id}", css, id="default") == {"updated": "default"}
    assert call("GET /api/sites/{id}", id="default") == {"site_id": "default", **css}
    assert call("POST /api/ingest", BATCH) == {"accepted": 1, "duplicate": 0}
    assert call("POST /api/ingest", BATCH) == {"accepted": 0, "duplicate": 1}

    check_statistics(call)
    check_robots(call)
    call("DELETE /api/campaigns/{id}", id="spring-2026")
    assert client.made == set(ECHELON)


def check_statistics(call: Any) -> None:
    """The view and the events above are all there is."""
    overview = call("GET /api/stats/overview", site_id="default", days="730")
    assert overview["visits"] == 1
    assert overview["top_paths"] == [{"path": "/pricing", "views": 1, "visitors": 1}]
    assert overview["devices"] == [{"device_type": "desktop", "visits": 1}]
    assert len(overview["daily_trend"]) == 730
    realtime = call("GET /api/stats/realtime", site_id="default")
    assert realtime["active_paths"] == [{"path": "/pricing", "views": 1}]
    last_day = {"total_views": 1, "human_views": 1, "bot_views": 0, "unique_visitors": 1}
    summary = call("GET /api/stats/summary")
    assert summary["last_24h"].keys() == last_day.keys()
    assert summary["last_24h"]["total_views"] == 1
    vitals = call("GET /api/stats/vitals")
    assert vitals["buffers"] == {"views": 0, "events": 0}
    assert vitals["last_24h"]["human_views"] == 1
    [campaign] = call("GET /api/stats/campaigns")
    assert campaign["id"] == "spring-2026"
    taken_apart = call("GET /api/stats/campaigns", id="spring-2026")
    assert set(taken_apart) == {
        "campaign_id",
        "bySource",
        "byMedium",
        "dailyTrend",
        "topPaths",
        "byContent",
        "byTerm",
    }


def check_robots(call: Any) -> None:
    """The browser above proved nothing, so that it is suspicious."""
    suspects = call("GET /api/bots/suspicious", min_score="1")
    assert suspects
    visitor = suspects[0]["visitor_id"]
    wish = {"visitor_id": visitor, "label": "Known bot"}
    assert call("POST /api/bots/exclude", wish, status=201) == {"excluded": visitor}
    [excluded] = call("GET /api/bots/excluded")
    assert (excluded["visitor_id"], excluded["label"]) == (visitor, "Known bot")
    detail = call("GET /api/bots/visitor/{visitor_id}", visitor_id=visitor)
    assert detail["is_excluded"]
    assert detail["views"][0]["path"] == "/pricing"
    let_in = call("DELETE /api/bots/exclude/{visitor_id}", visitor_id=visitor)
    assert let_in == {"included": visitor}


def test_the_start_says_what_echelons_settings_mean_here(server: Server) -> None:
    said = server.read_log()
    folder = Path(server.settings["ECHELON_DB_PATH"]).with_suffix("")
    assert (folder / "records.sqlite").exists()
    assert "ECHELON_DB_PATH: Footfall keeps a folder and no single file" in said
    assert f"its data is in '{folder}'" in said
    assert "ECHELON_TELEMETRY: changes nothing" in said
    assert "ECHELON_RETENTION_DAYS: events from Echelon's door are kept 90 days" in said
    assert said.count("ECHELON_TELEMETRY") == 1
