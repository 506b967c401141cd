import httpx
import pytest

from footfall.clock import FixedClock
from footfall.dashboard.guard import ATTEMPTS
from footfall.dashboard.sign_in import clean_next
from tests.unit.dashboard.fake_house import OPERATOR_TOKEN, READ_KEY, FakeHouse

OVERVIEW = "/dashboard/p/acme-example"


async def test_a_page_asks_to_sign_in_and_comes_back(visitor: httpx.AsyncClient) -> None:
    asked = await visitor.get(f"{OVERVIEW}?period=7d")
    assert asked.status_code == 303
    login = asked.headers["location"]
    assert login.startswith("/dashboard/login?next=")
    form = await visitor.get(login)
    assert 'value="/dashboard/p/acme-example?period=7d"' in form.text
    data = {"secret": OPERATOR_TOKEN, "next": f"{OVERVIEW}?period=7d"}
    answer = await visitor.post("/dashboard/login", data=data)
    assert answer.headers["location"] == f"{OVERVIEW}?period=7d"
    assert (await visitor.get(answer.headers["location"])).status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visitor: httpx.AsyncClient,
) -> None:
    answer = await visitor.post("/dashboard/login", data={"secret": READ_KEY})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=43200" in cookie
    assert READ_KEY.lower() not in cookie


async def test_a_wrong_secret_is_refused_and_not_shown_again(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post("/dashboard/login", data={"secret": "guessed-secret"})
    assert answer.status_code == 401
    assert "guessed-secret" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_guessing_is_stopped_and_says_for_how_long(visitor: httpx.AsyncClient) -> None:
    for _ in range(ATTEMPTS):
        await visitor.post("/dashboard/login", data={"secret": "guess"})
    answer = await visitor.post("/dashboard/login", data={"secret": OPERATOR_TOKEN})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "900"
    assert "try again in 15 min" in answer.text


async def test_a_form_from_another_site_is_refused(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.post(
        "/dashboard/login",
        data={"secret": OPERATOR_TOKEN},
        headers={"origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert "https://evil.example" in answer.text


async def test_a_revoked_key_ends_its_session_at_once(
    reader: httpx.AsyncClient, house: FakeHouse
) -> None:
    assert (await reader.get(OVERVIEW)).status_code == 200
    house.revoked.add("key-2")
    assert (await reader.get(OVERVIEW)).status_code == 303


async def test_a_session_ends_after_half_a_day(
    operator: httpx.AsyncClient, clock: FixedClock
) -> None:
    clock.advance_s(13 * 3600)
    assert (await operator.get(OVERVIEW)).status_code == 303


async def test_signing_out_ends_the_session(operator: httpx.AsyncClient) -> None:
    await operator.post("/dashboard/logout")
    assert (await operator.get(OVERVIEW)).status_code == 303


async def test_a_fragment_sends_the_whole_page_to_sign_in(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get(OVERVIEW, headers={"hx-request": "true"})
    assert answer.headers["hx-redirect"].startswith("/dashboard/login")


async def test_a_key_sees_its_own_project_only(reader: httpx.AsyncClient) -> None:
    page = await reader.get(OVERVIEW)
    assert "docs.acme.example" not in page.text
    assert (await reader.get("/dashboard/p/docs-acme-example")).status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/dashboard",
        "//evil.example/dashboard",
        "/\\evil.example",
        "/api/admin/projects",
        "/dashboardx",
        "javascript:alert(1)",
        "/dashboard/login",
    ],
)
def test_signing_in_leads_to_no_foreign_place(url: str) -> None:
    assert clean_next(url) == "/dashboard"
