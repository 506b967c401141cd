"""A response that was acknowledged survives a kill, exactly once, with its event."""

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.process import Project, Server

pytestmark = pytest.mark.acceptance


def open_project(server: Server) -> Project:
    settings = {"modules": {"surveys": {"enabled": True, "access": "all"}}}
    body = {"name": "Survey", "domain": "site.test", "settings": settings}
    made = server.admin("POST", "/api/admin/projects", body)[1]
    path = f"/api/admin/projects/{made['id']}/keys"
    keys = [
        server.admin("POST", path, {"name": scope, "scopes": [scope]})[1]["key"]
        for scope in ("ingest", "query")
    ]
    return Project(server, made["id"], *keys)


def manage(project: Project, method: str, path: str, body: Any = None) -> Any:
    headers = {"X-Pulse-Key": project.query_key}
    status, _, answer = project.server.request(method, f"/api/v1/surveys{path}", body, headers)
    assert status < 300, answer
    return answer


def test_responses_survive_a_kill_and_a_retry_adds_none(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    project = open_project(server)
    question = {"id": "q", "type": "rating", "text": "?", "min": 0, "max": 10}
    survey = manage(project, "POST", "", {"name": "n", "questions": [question]})["id"]
    manage(project, "PUT", f"/{survey}/status", {"status": "active"})
    bodies = [
        {
            "type": "survey_response",
            "survey_id": survey,
            "answers": [{"question_id": "q", "value": number % 11}],
            "completed": True,
            "id": f"response-{number}",
            "visitor_id": f"v{number}",
        }
        for number in range(22)
    ]
    for body in bodies:
        assert project.collect(body)[0] == 200
    server.kill()
    server.start()
    for body in bodies:
        status, headers, _ = project.collect(body)
        assert (status, headers["footfall-dropped"]) == (200, "duplicate")
    stats = manage(project, "GET", f"/{survey}/stats")
    assert stats["total_responses"] == 22
    assert stats["questions"][0]["avg_value"] == 5.0
    assert stats["questions"][0]["distribution"] == {"0-6": 14, "7-8": 4, "9-10": 4}
    totals = project.query(metrics=["signals"], range="7d", bots="include")["totals"]
    assert totals == {"signals": 22}
    assert server.stop() == 0
