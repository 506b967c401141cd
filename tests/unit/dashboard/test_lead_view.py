"""The address of a page of leads says all of it, and nothing more."""

from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest

from footfall.dashboard.lead.view import LeadView, parse_lead_view
from footfall.dashboard.period import Calendar
from footfall.errors import InvalidInputError

NOON = 1_772_366_400_000_000
"""2026-03-01 12:00 UTC."""


def test_address_and_view_say_the_same() -> None:
    view = LeadView(
        *("", "a&b=c é", "won", "Sky Towers", "FB", "pk_live_x", "enquiry"),
        *("2026-02-01", "2026-02-28", "high", "risk_desc", 3),
    )
    pairs = parse_qsl(view.query(page=view.page).removeprefix("?"))
    assert parse_lead_view(pairs) == view
    assert LeadView().query() == ""
    assert parse_lead_view([("q", " "), ("page", ""), ("utm_source", "x")]) == LeadView()


def test_another_filter_begins_with_the_first_page() -> None:
    view = LeadView(q="x", page=4)
    assert view.query(status="won") == "?q=x&status=won"
    assert view.query(page=5) == "?q=x&page=5"
    assert view.filters == 0
    assert LeadView(source="FB", risk="high").filters == 2
    assert not LeadView(show="tests").is_narrowed


def test_days_are_those_of_the_projects_zone() -> None:
    kathmandu = Calendar(ZoneInfo("Asia/Kathmandu"), NOON)
    view = LeadView(since="2026-02-28", until="2026-02-28")
    search = view.make_search(7, kathmandu)
    day_us = 86_400_000_000
    # 5 h 45 min ahead: the day begins at 18:15 UTC of the day before.
    first_us = NOON - 2 * day_us + (6 * 60 + 15) * 60_000_000
    assert search.created_us == (first_us, first_us + day_us - 1)
    assert search.project == 7
    open_ended = LeadView(since="2026-02-28").make_search(7, kathmandu)
    assert open_ended.created_us == (first_us, first_us + 2 * day_us - 1)
    assert LeadView().make_search(7, kathmandu).created_us is None


@pytest.mark.parametrize("page", ["0", "-1", "1.5", "x", "9999999", "²"])
def test_a_page_that_is_none_is_refused(page: str) -> None:
    with pytest.raises(InvalidInputError, match="is no page"):
        parse_lead_view([("page", page)])
