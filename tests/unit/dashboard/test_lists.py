import csv
import io

import httpx

from footfall.dashboard.static_file import load_static_files
from footfall.reports.query import DimensionFilter
from tests.unit.dashboard.fake_house import MADE_KEY, FakeHouse
from tests.unit.dashboard.fake_reports import SHARES, FakeReports

OVERVIEW = "/dashboard/p/acme-example"


async def test_a_full_list_has_all_rows_page_by_page(operator: httpx.AsyncClient) -> None:
    first = (await operator.get(f"{OVERVIEW}/pages")).text
    last = (await operator.get(f"{OVERVIEW}/pages?page=3")).text
    assert "1–50 of 127" in first
    assert "101–127 of 127" in last
    assert 'rel="next"' in first
    assert 'rel="next"' not in last


async def test_a_search_narrows_the_list(operator: httpx.AsyncClient, reports: FakeReports) -> None:
    page = (await operator.get(f"{OVERVIEW}/pages?q=docs")).text
    assert reports.asked[-1].filter == DimensionFilter("page", "contains", ("docs",))
    assert "/docs/api" in page
    assert "/pricing<" not in page


async def test_countries_are_searched_by_name(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    page = (await operator.get(f"{OVERVIEW}/places?q=united")).text
    assert "United Kingdom" in page
    assert "Brazil" not in page


async def test_a_dialog_gets_the_list_without_the_frame(operator: httpx.AsyncClient) -> None:
    headers = {"hx-request": "true", "hx-target": "div#dialog-body"}
    piece = (await operator.get(f"{OVERVIEW}/pages", headers=headers)).text
    assert "<nav" not in piece
    assert 'aria-label="Close"' in piece


async def test_a_page_that_is_no_number_is_refused(operator: httpx.AsyncClient) -> None:
    for page in ("0", "-1", "one", "²"):
        assert (await operator.get(f"{OVERVIEW}/pages?page={page}")).status_code == 400


async def test_the_csv_holds_every_row_as_plain_numbers(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(f"{OVERVIEW}/csv/pages?period=7d")
    assert answer.headers["content-type"].startswith("text/csv")
    name = "acme-example-pages-top-2026-11-13-2026-11-19.csv"
    assert name in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0][:2] == ["Page", "Visitors"]
    assert rows[1][0] == "/"
    assert rows[1][1].isdigit()
    assert len(rows) == 128


async def test_a_csv_value_is_no_formula(operator: httpx.AsyncClient) -> None:
    SHARES["page"]["=HYPERLINK()"] = 0.3
    try:
        answer = await operator.get(f"{OVERVIEW}/csv/pages")
    finally:
        del SHARES["page"]["=HYPERLINK()"]
    assert "'=HYPERLINK()" in answer.text


async def test_keys_are_made_shown_once_and_revoked(
    operator: httpx.AsyncClient, house: FakeHouse
) -> None:
    url = f"{OVERVIEW}/settings"
    assert "pa_live_xK9m..." in (await operator.get(url)).text
    made = await operator.post(f"{url}/keys", data={"name": "Bot", "scope": ["ingest", "query"]})
    assert MADE_KEY in made.text
    assert f'data-key="{MADE_KEY}"'.replace('"', "&#34;") not in made.text
    assert house.made == [(1, "Bot", ("ingest", "query"))]
    assert MADE_KEY not in (await operator.get(url)).text
    assert (await operator.post(f"{url}/keys/key-1/revoke")).status_code == 303
    assert house.revoked == {"key-1"}


async def test_a_key_needs_a_name_and_a_known_scope(operator: httpx.AsyncClient) -> None:
    url = f"{OVERVIEW}/settings/keys"
    assert (await operator.post(url, data={"name": "", "scope": "query"})).status_code == 400
    assert (await operator.post(url, data={"name": "A"})).status_code == 400
    answer = await operator.post(url, data={"name": "A", "scope": "root"})
    assert answer.status_code == 400
    assert "root" in answer.text


async def test_settings_are_closed_to_readers_and_other_sites(
    reader: httpx.AsyncClient, house: FakeHouse
) -> None:
    assert (await reader.get(f"{OVERVIEW}/settings")).status_code == 403
    answer = await reader.post(
        f"{OVERVIEW}/settings/keys/key-1/revoke", headers={"origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert house.revoked == set()


async def test_files_are_kept_for_good_packed_and_tagged(visitor: httpx.AsyncClient) -> None:
    for key, file in load_static_files().items():
        answer = await visitor.get(f"/dashboard/static/{file.name}")
        assert answer.status_code == 200, key
        assert "immutable" in answer.headers["cache-control"]
        assert ("content-encoding" in answer.headers) == (file.zipped is not None)
        assert answer.content == file.plain
        tag = {"if-none-match": answer.headers["etag"]}
        assert (await visitor.get(f"/dashboard/static/{file.name}", headers=tag)).status_code == 304


async def test_a_file_of_another_version_is_not_found(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/dashboard/static/dashboard-0000000000.css")).status_code == 404
    assert (await visitor.get("/dashboard/static/../page.py")).status_code == 404


def test_the_first_visit_stays_light() -> None:
    total = sum(len(f.zipped or f.plain) for f in load_static_files().values())
    assert total < 270_000
