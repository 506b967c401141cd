"""The pages of surveys: making one by form, its results, and who may do what."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.site import ADMIN_TOKEN, CHROME, Site, open_site

HOME = "/dashboard/p/shop/surveys"

FIELDS = [
    ("name", "How are we doing?"),
    ("question", "q1"),
    ("q1.text", "How likely are you to recommend us?"),
    ("q1.type", "rating"),
    ("q1.min", "0"),
    ("q1.max", "10"),
    ("q1.required", "1"),
    ("question", "q2"),
    ("q2.text", "Which one?"),
    ("q2.type", "single_choice"),
    ("q2.options", "Red\n Blue \n\n"),
    ("question", "q3"),
    ("q3.text", "Why <so>?"),
    ("q3.type", "text"),
    ("trigger", "time_on_page"),
    ("delay", "30"),
    ("scroll", "50"),
    ("event", ""),
    ("pages", "/dashboard\n/app/*"),
    ("once", "1"),
    ("sample", "50"),
    ("position", "bottom-left"),
    ("theme", "dark"),
    ("color", "#6366f1"),
    ("thank_you", ""),
    ("limit", "500"),
]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as opened:
        yield opened


@pytest.fixture
async def operator(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(site.app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://here.test") as client:
        await client.post("/dashboard/login", data={"secret": ADMIN_TOKEN})
        yield client


async def post(client: httpx.AsyncClient, path: str, *fields: tuple[str, str]) -> httpx.Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await client.post(HOME + path, content=urlencode(fields), headers=headers)


async def make(client: httpx.AsyncClient) -> str:
    answer = await post(client, "/new", *FIELDS, ("do", "save"))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removeprefix(HOME)


async def test_a_form_becomes_the_survey_it_says(site: Site, operator: httpx.AsyncClient) -> None:
    await post(operator, "/on")
    survey = (await make(operator)).strip("/")
    made = await site.read(f"/surveys/{survey}")
    assert made["status"] == "draft"
    assert made["questions"] == [
        {
            "id": "q1",
            "type": "rating",
            "text": "How likely are you to recommend us?",
            "min": 0,
            "max": 10,
            "required": True,
        },
        {
            "id": "q2",
            "type": "single_choice",
            "text": "Which one?",
            "required": False,
            "options": ["Red", "Blue"],
        },
        {"id": "q3", "type": "text", "text": "Why <so>?", "required": False},
    ]
    assert made["trigger_config"] == {
        "type": "time_on_page",
        "delay_seconds": 30,
        "pages": ["/dashboard", "/app/*"],
        "show_once": True,
        "sample_percent": 50,
    }
    assert made["appearance"] == {
        "position": "bottom-left",
        "theme": "dark",
        "primary_color": "#6366f1",
    }
    assert made["response_limit"] == 500


async def test_the_form_shows_what_is_kept_and_saves_the_same(
    site: Site, operator: httpx.AsyncClient
) -> None:
    await post(operator, "/on")
    path = await make(operator)
    before = await site.read(f"/surveys{path}")
    page = (await operator.get(f"{HOME}{path}/edit")).text
    assert 'value="Why &lt;so&gt;?"' in page
    assert "Red\nBlue</textarea>" in page
    await post(operator, f"{path}/edit", *FIELDS, ("do", "save"))
    assert await site.read(f"/surveys{path}") == before


async def test_questions_come_and_go_without_a_script(operator: httpx.AsyncClient) -> None:
    more = (await post(operator, "/new", *FIELDS, ("do", "add"))).text
    assert re.findall(r'data-question="(\w+)"', more) == ["q1", "q2", "q3", "q4"]
    less = (await post(operator, "/new", *FIELDS, ("do", "remove q2"))).text
    assert re.findall(r'data-question="(\w+)"', less) == ["q1", "q3"]
    assert 'value="Why &lt;so&gt;?"' in less
    assert "No survey yet." in (await operator.get(HOME)).text


async def test_a_mistake_is_said_and_nothing_is_lost(operator: httpx.AsyncClient) -> None:
    fields = [(n, "one" if n == "q1.max" else v) for n, v in FIELDS]
    page = (await post(operator, "/new", *fields, ("do", "save"))).text
    assert "Highest value is &#39;one&#39;; accepted are whole numbers" in page
    assert 'value="Why &lt;so&gt;?"' in page


async def test_results_are_the_figures_of_what_was_answered(
    site: Site, operator: httpx.AsyncClient
) -> None:
    await post(operator, "/on")
    path = await make(operator)
    await post(operator, f"{path}/status", ("status", "active"))
    for number, (rating, color) in enumerate(((10, "Red"), (9, "Red"), (7, "Blue"), (2, "Red"))):
        answers = [
            {"question_id": "q1", "value": rating},
            {"question_id": "q2", "value": color},
            {"question_id": "q3", "value": f"<b>{number}</b>"},
        ]
        body = {
            "type": "survey_response",
            "survey_id": path.strip("/"),
            "answers": answers,
            "completed": number != 3,
            "path": "/app",
        }
        await site.send(number, f"203.0.113.{number}", CHROME, body)
    page = (await operator.get(HOME + path)).text
    assert "<strong>+25</strong>" in page
    assert "Promoters 9-10: 50 %" in page
    assert "75.0 %" in page
    assert '<td>3</td><td class="share">75 %</td>' in page
    assert "&lt;b&gt;0&lt;/b&gt;" in page
    assert "<b>0</b>" not in page
    assert "not finished" in page
    csv = await operator.get(f"{HOME}{path}/responses.csv")
    assert csv.headers["content-type"].startswith("text/csv")
    assert len(csv.text.splitlines()) == 5
    assert re.search(
        r'class="figure">4 <small class="soft">of 500', (await operator.get(HOME)).text
    )

    listed = (await operator.get(HOME)).text
    assert re.search(r'class="figure">4 <small class="soft">of 500', listed)


async def test_days_narrow_the_figures_the_list_and_the_csv(
    site: Site, operator: httpx.AsyncClient
) -> None:
    await post(operator, "/on")
    path = await make(operator)
    await post(operator, f"{path}/status", ("status", "active"))
    for day, rating in enumerate((10, 8, 6)):
        answers = [{"question_id": "q1", "value": rating}]
        body = {
            "type": "survey_response",
            "survey_id": path.strip("/"),
            "answers": answers,
            "completed": True,
        }
        await site.send(day * 86_400, f"203.0.113.{day}", CHROME, body)
    await operator.post("/dashboard/login", data={"secret": ADMIN_TOKEN})
    days = "?from=2026-03-02&to=2026-03-02"
    page = (await operator.get(HOME + path + days)).text
    assert "1 answered · mean 8.0" in page
    assert "3 answered · mean 8.0" in (await operator.get(HOME + path)).text
    csv = (await operator.get(f"{HOME}{path}/responses.csv{days}")).text
    assert [line.split(",")[4] for line in csv.splitlines()[1:]] == ["8"]
    nothing = (await operator.get(f"{HOME}{path}?from=2026-02-01&to=2026-02-02")).text
    assert "No response in these days." in nothing


async def test_states_change_and_deleting_leaves_nothing(
    site: Site, operator: httpx.AsyncClient
) -> None:
    await post(operator, "/on")
    path = await make(operator)
    await post(operator, f"{path}/status", ("status", "active"))
    assert "It is shown on your pages now." in (await operator.get(HOME + path)).text
    refused = await post(operator, f"{path}/edit", *FIELDS, ("do", "save"))
    assert "it can be edited while it is draft or paused" in refused.text
    await post(operator, f"{path}/delete")
    assert (await operator.get(HOME + path)).status_code == 404


async def test_surveys_are_switched_on_without_touching_other_settings(
    site: Site, operator: httpx.AsyncClient
) -> None:
    site.footfall.projects.save_settings(
        site.project.id, {"hosts": ["a.example"], "modules": {"search": {"enabled": True}}}
    )
    assert "Surveys are off" in (await operator.get(HOME)).text
    await post(operator, "/on")
    assert "Surveys are off" not in (await operator.get(HOME)).text
    entry = site.footfall.directory.find_number(site.project.number)
    assert entry is not None
    assert entry.settings.hosts == ("a.example",)
    assert entry.settings.modules["search"].is_enabled


async def test_a_reader_sees_results_and_changes_nothing(site: Site) -> None:
    transport = httpx.ASGITransport(site.app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://here.test") as reader:
        _, key = site.footfall.projects.create_key(site.project, "r", scopes=["query"])
        await reader.post("/dashboard/login", data={"secret": key})
        assert (await reader.get(HOME)).status_code == 200
        assert "New survey" not in (await reader.get(HOME)).text
        assert (await reader.get(f"{HOME}/new")).status_code == 403
        assert (await post(reader, "/new", *FIELDS, ("do", "save"))).status_code == 403
        assert (await post(reader, "/on")).status_code == 403


async def test_refuses_a_form_of_another_site(operator: httpx.AsyncClient) -> None:
    answer = await operator.post(f"{HOME}/on", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
