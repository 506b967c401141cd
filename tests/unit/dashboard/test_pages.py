import re

import httpx
import pytest

from footfall.errors import UnavailableError
from footfall.reports.query import And, DimensionFilter, Interval
from tests.unit.dashboard.fake_house import MADE_KEY, NOW_US, FakeHouse
from tests.unit.dashboard.fake_reports import PER_VISITOR, FakeReports

OVERVIEW = "/dashboard/p/acme-example"


def fragment(target: str) -> dict[str, str]:
    return {"hx-request": "true", "hx-target": target}


async def test_the_overview_shows_figures_chart_and_panels(operator: httpx.AsyncClient) -> None:
    page = (await operator.get(OVERVIEW)).text
    for text in (
        "Visitors",
        "Bounce rate",
        "Organic Search",
        "/pricing",
        "United States",
        "Chrome",
    ):
        assert text in page
    assert "could not be loaded" not in page
    assert 'data-chart="' in page


async def test_every_part_asks_for_the_same_period_filter_and_zone(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    query = "?period=7d&is.country=DE&is_not.page=/&tz=Asia/Kathmandu"
    assert (await operator.get(OVERVIEW + query)).status_code == 200
    ranges = {q.range for q in reports.asked}
    assert len(reports.asked) == 7
    assert len(ranges) == 1
    assert {q.time_zone for q in reports.asked} == {"Asia/Kathmandu"}
    wanted = And(
        (DimensionFilter("country", "is", ("DE",)), DimensionFilter("page", "is_not", ("/",)))
    )
    assert {q.filter for q in reports.asked} == {wanted}
    assert ranges.pop().end_us == NOW_US


async def test_the_series_asks_for_the_chosen_metric_and_interval(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    await operator.get(f"{OVERVIEW}?metric=bounce_rate&interval=week")
    series = next(q for q in reports.asked if q.interval)
    assert (series.metrics, series.interval) == (("bounce_rate",), Interval.WEEK)


async def test_a_row_links_to_the_filtered_view_and_a_chip_back(
    operator: httpx.AsyncClient,
) -> None:
    page = (await operator.get(f"{OVERVIEW}?period=7d")).text
    assert f'href="{OVERVIEW}?period=7d&amp;is.channel=Direct"' in page
    assert f'href="{OVERVIEW}?period=7d&amp;is_not.channel=Direct"' in page
    page = (await operator.get(f"{OVERVIEW}?period=7d&is.channel=Direct")).text
    assert "Remove filter Channel is Direct" in page
    assert re.search(rf'class="remove" href="{OVERVIEW}\?period=7d"', page)


async def test_values_are_escaped_wherever_they_stand(operator: httpx.AsyncClient) -> None:
    page = (await operator.get(f"{OVERVIEW}?is.page=<script>alert(1)</script>")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


async def test_a_tab_is_answered_alone(operator: httpx.AsyncClient, reports: FakeReports) -> None:
    answer = await operator.get(f"{OVERVIEW}?pages=entry", headers=fragment("section#panel-pages"))
    assert answer.text.lstrip().startswith('<section class="card panel')
    assert [q.dimensions for q in reports.asked] == [("entry_page",)]


async def test_a_chosen_metric_is_answered_with_the_head_alone(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    answer = await operator.get(f"{OVERVIEW}?metric=sessions", headers=fragment("section#head"))
    assert 'id="metric-sessions"' in answer.text
    assert all(not q.dimensions for q in reports.asked)


async def test_a_failing_part_leaves_the_others_standing(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    reports.failing["country"] = UnavailableError("The events cannot be read right now.")
    page = (await operator.get(OVERVIEW)).text
    assert "Places could not be loaded." in page
    assert "The events cannot be read right now." in page
    assert "Chrome" in page


async def test_a_slow_part_comes_later_by_itself(
    operator: httpx.AsyncClient, reports: FakeReports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.dashboard.overview.BUDGET_S", 0.05)
    reports.slow_s["browser"] = 0.4
    page = (await operator.get(OVERVIEW)).text
    panel = page[page.index('id="panel-devices"') :]
    assert 'hx-trigger="load"' in panel[:400]
    later = await operator.get(OVERVIEW, headers=fragment("section#panel-devices"))
    assert "Chrome" in later.text


async def test_metrics_without_a_figure_do_not_take_a_place(
    operator: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PER_VISITOR, "revenue", 0.0)
    page = (await operator.get(OVERVIEW)).text
    assert 'id="metric-revenue"' not in page
    assert 'id="metric-events"' in page


async def test_an_unknown_parameter_value_is_quoted_with_what_is_accepted(
    operator: httpx.AsyncClient,
) -> None:
    answer = await operator.get(f"{OVERVIEW}?period=fortnight")
    assert answer.status_code == 400
    assert "fortnight" in answer.text
    assert "last-month" in answer.text


@pytest.mark.parametrize("query", ["?tz=Mars/Olympus", "?from=2026-13-01&to=2026-11-01"])
async def test_a_bad_zone_or_day_is_refused(operator: httpx.AsyncClient, query: str) -> None:
    assert (await operator.get(OVERVIEW + query)).status_code == 400


async def test_the_first_start_shows_the_snippet_and_waits(
    operator: httpx.AsyncClient, reports: FakeReports, house: FakeHouse
) -> None:
    reports.level = 0
    page = (await operator.get(OVERVIEW)).text
    assert "http://footfall.test/api/script.js" in page
    assert "Make a key for it" in page
    made = (await operator.post(f"{OVERVIEW}/first-key")).text
    assert MADE_KEY in made
    assert house.made == [(1, "Website", ("ingest",))]
    waiting = await operator.get(f"{OVERVIEW}/waiting", headers=fragment("div#waiting"))
    assert "Waiting for the first event" in waiting.text
    assert "hx-redirect" not in waiting.headers
    reports.level = 1
    come = await operator.get(f"{OVERVIEW}/waiting", headers=fragment("div#waiting"))
    assert come.headers["hx-redirect"] == f"{OVERVIEW}?period=today"


async def test_a_reader_is_told_whom_to_ask_for_a_key(
    reader: httpx.AsyncClient, reports: FakeReports
) -> None:
    reports.level = 0
    page = (await reader.get(OVERVIEW)).text
    assert "Make a key for it" not in page
    assert "Your operator makes one" in page
    assert (await reader.post(f"{OVERVIEW}/first-key")).status_code == 403


async def test_an_empty_period_of_a_known_project_is_no_first_start(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    page = (await operator.get(f"{OVERVIEW}?from=2020-01-01&to=2020-01-02")).text
    assert "Nothing in this period" in page
    assert "Put one tag" not in page


async def test_home_opens_the_project_looked_at_last(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/dashboard")).headers["location"] == OVERVIEW
    await operator.get("/dashboard/p/docs-acme-example")
    home = (await operator.get("/dashboard")).headers["location"]
    assert home == "/dashboard/p/docs-acme-example"


async def test_all_time_begins_with_the_first_day(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    await operator.get(f"{OVERVIEW}?period=all")
    asked = [q for q in reports.asked if q.dimensions == ("page",)]
    day_us = 86_400_000_000
    assert asked[0].range.start_us == reports.first_us - reports.first_us % day_us


async def test_the_page_of_bots_asks_for_bots_only(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    page = (await operator.get(f"{OVERVIEW}/bots")).text
    assert {q.bots for q in reports.asked} == {"only"}
    assert "agent,rate" in page


async def test_the_filter_form_leads_to_the_filtered_address(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(
        f"{OVERVIEW}/filter?period=7d&dimension=page&operator=contains&value=docs"
    )
    assert answer.headers["location"] == f"{OVERVIEW}?period=7d&contains.page=docs"


async def test_an_event_filter_shows_what_the_event_carried(operator: httpx.AsyncClient) -> None:
    page = (await operator.get(f"{OVERVIEW}?is.event=signup")).text
    assert "What “signup” carried" in page
    assert "Property plan" in page
    piece = await operator.get(
        f"{OVERVIEW}?is.event=signup", headers=fragment("section#panel-properties")
    )
    assert piece.text.lstrip().startswith('<section class="card panel" id="panel-properties"')


async def test_pages_carry_a_strict_policy_and_nothing_inline(operator: httpx.AsyncClient) -> None:
    answer = await operator.get(OVERVIEW)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)", answer.text)
    assert not re.search(r"\sstyle=|\son\w+=", answer.text)
    assert "://" not in re.sub(r"http://(footfall\.test|www\.w3\.org)", "", answer.text)


async def test_the_live_counter_is_a_piece_of_its_own(
    operator: httpx.AsyncClient, house: FakeHouse
) -> None:
    house.live = 1
    piece = await operator.get(f"{OVERVIEW}/live", headers=fragment("a#live"))
    assert "1 person now" in piece.text


async def test_realtime_shows_the_last_half_hour_by_minute(
    operator: httpx.AsyncClient, reports: FakeReports
) -> None:
    assert (await operator.get(f"{OVERVIEW}/realtime")).status_code == 200
    series = next(q for q in reports.asked if q.interval)
    assert series.interval is Interval.MINUTE
    assert series.range.end_us == NOW_US
    assert len({q.range for q in reports.asked}) == 1


async def test_the_server_page_explains_an_untrusted_proxy(
    operator: httpx.AsyncClient, house: FakeHouse
) -> None:
    house.peer = type(house.peer)("10.0.0.5", "10.0.0.5", False, "203.0.113.9", ())
    page = (await operator.get("/dashboard/server")).text
    assert "FOOTFALL_TRUSTED_PROXIES=10.0.0.5" in page


async def test_an_unknown_project_or_report_is_not_found(operator: httpx.AsyncClient) -> None:
    assert (await operator.get("/dashboard/p/nowhere")).status_code == 404
    assert (await operator.get(f"{OVERVIEW}/shoes")).status_code == 404
    lost = await operator.get("/dashboard/lost/and/found")
    assert lost.status_code == 404
    assert "There is nothing here" in lost.text
