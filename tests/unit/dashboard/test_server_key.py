"""The server key on the settings page: made on request, shown once, by the operator only."""

import httpx

from tests.unit.dashboard.fake_house import MADE_SERVER_KEY, FakeHouse

SETTINGS = "/dashboard/p/acme-example/settings"
URL = f"{SETTINGS}/server-key"
OWN = {"origin": "http://footfall.test"}


async def test_a_new_key_is_shown_once_with_the_end_of_the_one_before(
    operator: httpx.AsyncClient,
) -> None:
    before = (await operator.get(SETTINGS)).text
    assert "There is none yet" in before
    assert "projectId=id-1" in before
    first = await operator.post(URL, headers=OWN)
    assert first.status_code == 200
    assert MADE_SERVER_KEY in first.text
    assert "The key before it works until" not in first.text
    second = (await operator.post(URL, headers=OWN)).text
    assert "The key before it works until 20 Nov, 15:40." in second
    after = (await operator.get(SETTINGS)).text
    assert MADE_SERVER_KEY not in after
    assert "2 keys open this project" in after


async def test_only_the_operator_and_our_own_page_make_one(
    reader: httpx.AsyncClient, house: FakeHouse
) -> None:
    assert (await reader.post(URL, headers=OWN)).status_code == 403
    assert house.server_keys == 0


async def test_a_foreign_page_makes_none(operator: httpx.AsyncClient, house: FakeHouse) -> None:
    refused = await operator.post(URL, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    assert house.server_keys == 0
