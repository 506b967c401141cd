"""Surveys through Pulse's door: definitions, responses through the real pipeline, and figures."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.site import CHROME, IPHONE, Site, open_site

NPS: dict[str, Any] = {
    "name": "NPS Survey",
    "questions": [
        {
            "id": "q1",
            "type": "rating",
            "text": "How likely are you to recommend us?",
            "min": 0,
            "max": 10,
        },
        {"id": "q2", "type": "text", "text": "What could we improve?", "required": False},
    ],
    "trigger_config": {
        "type": "time_on_page",
        "delay_seconds": 30,
        "pages": ["/dashboard", "/app/*"],
        "show_once": True,
    },
    "appearance": {"position": "bottom-right", "theme": "dark", "primary_color": "#6366f1"},
    "response_limit": 500,
}
"""The body of Pulse's document."""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, modules=["surveys"]) as opened:
        yield opened


async def start(site: Site, body: dict[str, Any] | None = None) -> str:
    created = await site.manage("POST", "/surveys", body or NPS, status=201)
    await site.manage("PUT", f"/surveys/{created['id']}/status", {"status": "active"})
    return str(created["id"])


def response(survey: str, *, completed: bool = True, **answers: Any) -> dict[str, Any]:
    return {
        "type": "survey_response",
        "survey_id": survey,
        "answers": [{"question_id": id_, "value": value} for id_, value in answers.items()],
        "completed": completed,
        "path": "/app/settings",
    }


async def test_creates_the_documented_survey_as_a_draft(site: Site) -> None:
    created = await site.manage("POST", "/surveys", NPS, status=201)
    assert created["id"].startswith("srv-")
    assert created["status"] == "draft"
    assert {key: created[key] for key in NPS} == NPS
    assert await site.read(f"/surveys/{created['id']}") == created
    assert await site.read(f"/surveys/{created['id'].removeprefix('srv-')}") == created
    assert await site.read("/surveys") == {
        "data": [
            {
                "id": created["id"],
                "name": "NPS Survey",
                "status": "draft",
                "responses": 0,
                "created_at": "2026-03-01T12:00:00Z",
            }
        ]
    }


async def test_shows_active_surveys_only_and_not_what_pages_need_not_know(site: Site) -> None:
    survey = await start(site)
    await site.manage("POST", "/surveys", {**NPS, "name": "Draft"}, status=201)
    active = await site.read("/surveys/active")
    wanted = ("name", "questions", "trigger_config", "appearance")
    assert active == {"data": [{"id": survey, **{key: NPS[key] for key in wanted}}]}
    await site.manage("PUT", f"/surveys/{survey}/status", {"status": "paused"})
    assert await site.read("/surveys/active") == {"data": []}


async def test_changes_a_survey_only_while_nobody_answers_it(site: Site) -> None:
    survey = await start(site)
    refused = await site.manage("PUT", f"/surveys/{survey}", {"name": "New"}, status=400)
    assert refused == {
        "error": f"Invalid request body: survey '{survey}' is active; it can be edited while it "
        "is draft or paused."
    }
    await site.manage("PUT", f"/surveys/{survey}/status", {"status": "paused"})
    changed = await site.manage("PUT", f"/surveys/{survey}", {"name": "New"})
    assert (changed["name"], changed["response_limit"]) == ("New", 500)
    changed = await site.manage("PUT", f"/surveys/{survey}", {"response_limit": None})
    assert (changed["name"], changed["response_limit"]) == ("New", None)


@pytest.mark.parametrize("status", ["draft", "active", "paused", "archived", "completed"])
async def test_knows_every_documented_state(site: Site, status: str) -> None:
    survey = await start(site)
    answer = await site.manage("PUT", f"/surveys/{survey}/status", {"status": status})
    assert answer["status"] == status


async def test_refuses_an_unknown_state_with_its_quotation(site: Site) -> None:
    survey = await start(site)
    answer = await site.manage("PUT", f"/surveys/{survey}/status", {"status": "on"}, status=400)
    assert "'on'" in answer["error"]
    assert "draft, active, paused" in answer["error"]


@pytest.mark.parametrize(
    ("change", "quoted"),
    [
        ({"questions": []}, "the number of questions is 0"),
        ({"questions": [{"id": "q", "type": "poem", "text": "?"}]}, "'poem'"),
        ({"questions": [{"id": "q", "type": "single_choice", "text": "?"}]}, "options is 0"),
        ({"questions": [{"id": "q", "type": "rating", "text": "?", "min": 5, "max": 1}]}, "5 to 1"),
        ({"questions": [{"id": "q", "type": "text"}]}, "'questions[0].text'"),
        ({"questions": [NPS["questions"][0]] * 2}, "'q1' stands twice"),
        ({"appearance": {"primary_color": "red; background: url(x)"}}, "'red; background"),
        ({"appearance": {"position": "middle"}}, "'middle'"),
        ({"trigger_config": {"type": "moon"}}, "'moon'"),
        ({"trigger_config": {"type": "event"}}, "'trigger_config.event_name'"),
        ({"trigger_config": {"type": "time_on_page", "delay_seconds": -1}}, "is -1"),
        ({"trigger_config": {"type": "page_load", "pages": ["app"]}}, "'app'"),
        ({"response_limit": 0}, "response_limit is 0"),
    ],
)
async def test_refuses_a_bad_definition(site: Site, change: dict[str, Any], quoted: str) -> None:
    answer = await site.manage("POST", "/surveys", {**NPS, **change}, status=400)
    assert quoted in answer["error"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"type": "rating"}, (1, 5)),
        ({"type": "rating", "max": 7}, (1, 7)),
        ({"type": "rating", "max": 10}, (0, 10)),
        ({"type": "rating", "min": 0}, (0, 10)),
        ({"type": "nps"}, (0, 10)),
    ],
)
async def test_completes_a_scale(site: Site, given: dict[str, Any], kept: tuple[int, int]) -> None:
    question = {"id": "q", "text": "?", **given}
    made = await site.manage("POST", "/surveys", {**NPS, "questions": [question]}, status=201)
    (question,) = made["questions"]
    assert (question["type"], question["min"], question["max"]) == ("rating", *kept)


async def test_counts_what_people_answered(site: Site) -> None:
    survey = await start(site)
    ratings = (3, 6, 7, 8, 9, 9, 10)
    for number, rating in enumerate(ratings):
        words = {"q2": f"Remark {number}"} if number < 2 else {}
        await site.send(number, f"203.0.113.{number}", CHROME, response(survey, q1=rating, **words))
    await site.send(20, "203.0.113.50", IPHONE, response(survey, completed=False, q1=10))
    stats = await site.read(f"/surveys/{survey}/stats")
    assert stats["total_responses"] == 8
    assert stats["completed_responses"] == 7
    assert stats["completion_rate"] == 87.5
    rating_stats, text_stats = stats["questions"]
    # (3+6+7+8+9+9+10+10) / 8 = 7.75; promoters 9, 9, 10, 10, detractors 3, 6: (4 - 2) / 8.
    assert rating_stats == {
        "id": "q1",
        "text": "How likely are you to recommend us?",
        "type": "rating",
        "answers": 8,
        "avg_value": 7.8,
        "distribution": {"0-6": 2, "7-8": 2, "9-10": 4},
        "nps": 25.0,
        "latest": [],
    }
    assert text_stats["latest"] == ["Remark 1", "Remark 0"]
    assert text_stats["answers"] == 2
    assert stats["timeline"] == [{"date": "2026-03-01", "responses": 8, "completed": 7}]
    assert (await site.read("/surveys"))["data"][0]["responses"] == 8


async def test_lists_responses_newest_first_with_limit_offset_and_dates(site: Site) -> None:
    survey = await start(site)
    for number in range(3):
        after_s = number * 86_400
        await site.send(after_s, f"203.0.113.{number}", CHROME, response(survey, q1=number))
    everything = await site.read(f"/surveys/{survey}/responses")
    assert everything["total"] == 3
    assert [item["answers"][0]["value"] for item in everything["data"]] == [2, 1, 0]
    first = everything["data"][0]
    assert first["id"].startswith("resp-")
    assert first == {
        "id": first["id"],
        "answers": [{"question_id": "q1", "value": 2}],
        "completed": True,
        "path": "/app/settings",
        "submitted_at": "2026-03-03T12:00:00Z",
    }
    page = await site.read(f"/surveys/{survey}/responses?limit=1&offset=1")
    assert page["total"] == 3
    assert page["data"] == everything["data"][1:2]
    day = await site.read(f"/surveys/{survey}/responses?start_at=2026-03-02&end_at=2026-03-02")
    assert (day["total"], day["data"]) == (1, everything["data"][1:2])
    stats = await site.read(f"/surveys/{survey}/stats?end_at=2026-03-02")
    assert stats["total_responses"] == 2
    assert [day["responses"] for day in stats["timeline"]] == [1, 1]


async def test_a_repeated_response_counts_once(site: Site) -> None:
    survey = await start(site)
    body = {**response(survey, q1=9), "id": "same"}
    await site.send(0, "203.0.113.1", CHROME, body)
    again = await site.post("203.0.113.1", CHROME, body)
    assert again.status == 200
    assert again.headers["footfall-dropped"] == "duplicate"
    stats = await site.read(f"/surveys/{survey}/stats")
    assert stats["total_responses"] == 1


async def test_a_half_response_is_continued_by_its_visitor(site: Site) -> None:
    survey = await start(site)
    await site.send(0, "203.0.113.1", CHROME, response(survey, completed=False, q1=4))
    await site.send(5, "203.0.113.2", CHROME, response(survey, completed=False, q1=5))
    await site.send(9, "203.0.113.1", CHROME, response(survey, q1=9, q2="Better now"))
    found = (await site.read(f"/surveys/{survey}/responses"))["data"]
    assert [(r["completed"], [a["value"] for a in r["answers"]]) for r in found] == [
        (True, [9, "Better now"]),
        (False, [5]),
    ]
    # Who has answered to the end and answers again answers a second time.
    await site.send(60, "203.0.113.1", CHROME, response(survey, q1=2))
    assert (await site.read(f"/surveys/{survey}/stats"))["total_responses"] == 3


async def test_a_first_half_that_arrives_last_adds_only_what_is_missing(site: Site) -> None:
    survey = await start(site)
    half = response(survey, completed=False, q1=4, q2="Early words")
    half["timestamp"] = site.clock.now_us() // 1_000
    await site.send(9, "203.0.113.1", CHROME, response(survey, q1=9))
    await site.send(10, "203.0.113.1", CHROME, half)
    found = (await site.read(f"/surveys/{survey}/responses"))["data"]
    assert [(r["completed"], [a["value"] for a in r["answers"]]) for r in found] == [
        (True, [9, "Early words"])
    ]


async def test_the_event_is_in_reports_without_anybodys_words(site: Site) -> None:
    survey = await start(site)
    await site.send(0, "203.0.113.1", CHROME, response(survey, q1=9, q2="My secret wish"))
    await site.read("/stats")  # loads what is in the spool
    sql = "SELECT kind, name, path, value, props FROM events"
    rows = site.footfall.warehouse.query(sql).rows
    assert [row[:4] for row in rows] == [("survey_response", survey, "/app/settings", 1.0)]
    assert rows[0][4] == '{"answers":[{"question_id":"q1","value":9}],"completed":true}'


async def test_says_why_a_response_is_not_stored(site: Site) -> None:
    unknown = await site.post("203.0.113.1", CHROME, response("c7f3e8a2-91b4", q1=9))
    assert (unknown.status, unknown.headers["footfall-dropped"]) == (200, "unknown_survey")
    survey = await start(site)
    await site.manage("PUT", f"/surveys/{survey}/status", {"status": "paused"})
    closed = await site.post("203.0.113.1", CHROME, response(survey, q1=9))
    assert (closed.status, closed.headers["footfall-dropped"]) == (200, "survey_closed")
    counts = site.footfall.counters.counts
    assert counts["pulse", "survey_response", "unknown_survey"] == 1
    assert counts["pulse", "survey_response", "survey_closed"] == 1
    assert (await site.read(f"/surveys/{survey}/stats"))["total_responses"] == 0


@pytest.mark.parametrize(
    ("answers", "quoted"),
    [
        ({"q1": 11}, "the answer to 'q1' is '11'; accepted: 0 to 10"),
        ({"q1": "Very satisfied"}, "'Very satisfied'"),
        ({"q9": 1}, "question_id 'q9' is not asked; accepted are q1, q2"),
        ({"q2": 7}, "the answer to 'q2' is '7'; accepted: text"),
    ],
)
async def test_refuses_answers_that_do_not_fit(
    site: Site, answers: dict[str, Any], quoted: str
) -> None:
    survey = await start(site)
    refused = await site.post("203.0.113.1", CHROME, response(survey, **answers))
    assert refused.status == 400
    assert quoted in refused.body.decode()
    batch = {"events": [{"type": "pageview", "path": "/"}, response(survey, **answers)]}
    refused = await site.post("203.0.113.1", CHROME, batch, "/api/batch")
    assert refused.status == 400
    stats = await site.read("/stats")
    assert stats["current"]["pageviews"] == 0
    assert (await site.read(f"/surveys/{survey}/stats"))["total_responses"] == 0


async def test_takes_responses_in_a_batch(site: Site) -> None:
    survey = await start(site)
    batch = {
        "events": [
            {"type": "pageview", "path": "/"},
            response("srv-nowhere", q1=1),
            response(survey, q1=10),
        ]
    }
    answered = await site.post("203.0.113.1", CHROME, batch, "/api/batch")
    assert answered.body == b'{"ok":true,"accepted":2}'
    assert answered.headers["footfall-dropped"] == "unknown_survey=1"
    assert (await site.read(f"/surveys/{survey}/stats"))["total_responses"] == 1


async def test_ends_at_its_limit(site: Site) -> None:
    survey = await start(site, {**NPS, "response_limit": 2})
    await site.send(0, "203.0.113.1", CHROME, response(survey, q1=9))
    await site.send(1, "203.0.113.2", CHROME, response(survey, completed=False, q1=9))
    assert await site.read("/surveys/active") == {"data": []}
    late = await site.post("203.0.113.3", CHROME, response(survey, q1=9))
    assert late.headers["footfall-dropped"] == "survey_closed"
    # Who had begun may finish.
    await site.send(5, "203.0.113.2", CHROME, response(survey, q1=10))
    stats = await site.read(f"/surveys/{survey}/stats")
    assert (stats["total_responses"], stats["completed_responses"]) == (2, 2)
    await site.read("/stats")
    assert site.footfall.warehouse.query("SELECT count(*) FROM events").rows == [(3,)]


async def test_deleting_a_survey_deletes_its_responses(site: Site) -> None:
    survey = await start(site)
    await site.send(0, "203.0.113.1", CHROME, response(survey, q1=9))
    await site.manage("DELETE", f"/surveys/{survey}", status=204)
    missing = await site.manage("GET", f"/surveys/{survey}", status=404)
    assert missing == {"error": f"Survey '{survey}' not found."}
    with site.footfall.records.transaction() as t:
        assert t.count("survey_responses", {}) == 0
        assert t.count("survey_submissions", {}) == 0


async def test_a_csv_holds_no_formula(site: Site) -> None:
    survey = await start(site)
    words = '=HYPERLINK("http://x.example","win")'
    await site.send(0, "203.0.113.1", CHROME, response(survey, q1=9, q2=words))
    path = f"/api/v1/surveys/{survey}/responses.csv"
    answered = await site.call("GET", path, headers=[("X-Pulse-Key", site.key)])
    assert answered.headers["content-type"].startswith("text/csv")
    heading, line = answered.body.decode().splitlines()
    assert heading.startswith("id,submitted_at,completed,path,How likely")
    assert line.endswith(
        ',2026-03-01T12:00:00Z,yes,/app/settings,9,"\'=HYPERLINK(""http://x.example"",""win"")"'
    )


async def test_another_project_sees_nothing(site: Site) -> None:
    survey = await start(site)
    other = site.footfall.projects.create(
        "Other", settings={"modules": {"surveys": {"enabled": True, "access": "all"}}}
    )
    _, key = site.footfall.projects.create_key(other, "k", scopes=["ingest", "query"])
    for method, path in (("GET", ""), ("GET", "/stats"), ("DELETE", ""), ("GET", "/responses")):
        answered = await site.call(
            method, f"/api/v1/surveys/{survey}{path}", headers=[("X-Pulse-Key", key)]
        )
        assert answered.status == 404
    dropped = await site.post(
        "203.0.113.1", CHROME, response(survey, q1=9), headers=[("X-Pulse-Key", key)]
    )
    assert dropped.headers["footfall-dropped"] == "unknown_survey"


async def test_a_page_reads_active_surveys_with_its_ingest_key(site: Site) -> None:
    survey = await start(site)
    _, key = site.footfall.projects.create_key(site.project, "page", scopes=["ingest"])
    shown = await site.call("GET", f"/api/v1/surveys/active?key={key}")
    assert survey in shown.body.decode()
    refused = await site.call("GET", f"/api/v1/surveys/{survey}?key={key}")
    assert refused.status == 403


async def test_pages_of_visitors_leave_the_owners_limit_alone(tmp_path: Path) -> None:
    limited = {"RATE_LIMIT_PER_SECOND": "5"}
    async with open_site(tmp_path, modules=["surveys"], settings=limited) as site:
        headers = [("X-Pulse-Key", site.key)]
        asked = [
            await site.call("GET", "/api/v1/surveys/active", headers=headers) for _ in range(6)
        ]
        assert [answer.status for answer in asked] == [200] * 5 + [429]
        assert (await site.call("GET", "/api/v1/surveys", headers=headers)).status == 200
