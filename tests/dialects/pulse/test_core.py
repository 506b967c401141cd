"""The core reports: what they ask, what they answer, and the documented errors."""

from typing import Any

import msgspec
import pytest

from footfall.clock import US_PER_DAY, US_PER_MINUTE
from footfall.errors import InvalidInputError, UnavailableError
from footfall.model.time_range import TimeRange
from footfall.reports.query import Interval, Row
from tests.dialects.pulse.conftest import NOW_US, Api
from tests.dialects.pulse.test_admin import body_of

PATHS = (
    "/stats",
    "/stats/timeseries",
    "/pages",
    "/referrers",
    "/events",
    "/devices",
    "/geo",
    "/realtime",
)
MARCH_1 = 1_772_323_200_000_000
MARCH_23 = MARCH_1 + 22 * US_PER_DAY


async def test_stats_are_the_documented_figures(api: Api) -> None:
    api.reports.totals = (14832, 3241, 4567, 0.42345, 187.46, 2891)
    api.reports.compare_totals = (12104, 2890, 3921, None, None, 2340)
    path = "/stats?start_at=2026-03-01T00:00:00Z&end_at=2026-03-22T23:59:59Z"
    assert body_of(await api.get(path)) == {
        "current": {
            "pageviews": 14832,
            "visitors": 3241,
            "sessions": 4567,
            "bounce_rate": 42.3,
            "avg_duration": 187.5,
            "events": 2891,
        },
        "previous": {
            "pageviews": 12104,
            "visitors": 2890,
            "sessions": 3921,
            "bounce_rate": 0.0,
            "avg_duration": 0.0,
            "events": 2340,
        },
    }
    (query,) = api.reports.queries
    assert query.project == api.door.project.number
    assert query.range == TimeRange(MARCH_1, MARCH_23 - 1_000_000)
    assert query.compare == query.range.previous()
    assert query.metrics[3] == "bounce_rate_pageviews"
    assert query.bots == "exclude"


async def test_the_series_has_one_row_per_day(api: Api) -> None:
    api.reports.rows[""] = (
        Row((), (687, 198, 245), MARCH_1, "2026-03-01"),
        Row((), (0, 0, 0), MARCH_1 + US_PER_DAY, "2026-03-02"),
    )
    answered = await api.get("/stats/timeseries?start_at=2026-03-01&end_at=2026-03-02")
    assert body_of(answered) == {
        "data": [
            {"date": "2026-03-01", "pageviews": 687, "visitors": 198, "sessions": 245},
            {"date": "2026-03-02", "pageviews": 0, "visitors": 0, "sessions": 0},
        ]
    }
    (query,) = api.reports.queries
    assert query.interval is Interval.DAY
    assert query.range == TimeRange(MARCH_1, MARCH_1 + 2 * US_PER_DAY)
    assert query.metrics == ("pageviews", "visitors", "sessions")


async def test_pages_carry_the_number_of_paths(api: Api) -> None:
    api.reports.rows["page"] = (
        Row(("/",), (4821, 2190, 45.21)),
        Row(("/exit",), (7, 7, None)),
    )
    api.reports.total_rows = 47
    assert body_of(await api.get("/pages?limit=5&offset=10")) == {
        "data": [
            {"path": "/", "views": 4821, "unique_views": 2190, "avg_duration": 45.2},
            {"path": "/exit", "views": 7, "unique_views": 7, "avg_duration": 0.0},
        ],
        "total": 47,
    }
    (query,) = api.reports.queries
    assert (query.limit, query.offset) == (5, 10)
    assert query.metrics == ("pageviews", "unique_pageviews", "time_to_next")


async def test_no_referrer_is_direct(api: Api) -> None:
    api.reports.rows["referrer_host"] = (
        Row(("",), (1245, 3891)),
        Row(("www.google.com",), (892, 2104)),
    )
    assert body_of(await api.get("/referrers")) == {
        "data": [
            {"source": "(direct)", "visitors": 1245, "pageviews": 3891},
            {"source": "google.com", "visitors": 892, "pageviews": 2104},
        ]
    }


async def test_events_carry_their_visitors(api: Api) -> None:
    api.reports.rows["event"] = (Row(("signup_complete",), (423, 412)),)
    assert body_of(await api.get("/events")) == {
        "data": [{"name": "signup_complete", "count": 423, "unique": 412}]
    }


async def test_percentages_are_of_all_visitors(api: Api) -> None:
    api.reports.totals = (3241,)
    api.reports.rows["browser"] = (Row(("Chrome",), (1842,)), Row(("",), (2,)))
    api.reports.rows["os"] = (Row(("Windows",), (1456,)),)
    api.reports.rows["device"] = (Row(("Desktop",), (2198,)),)
    assert body_of(await api.get("/devices?limit=2")) == {
        "browsers": [
            {"name": "Chrome", "visitors": 1842, "percentage": 56.8},
            {"name": "Unknown", "visitors": 2, "percentage": 0.1},
        ],
        "operating_systems": [{"name": "Windows", "visitors": 1456, "percentage": 44.9}],
        "device_types": [{"name": "Desktop", "visitors": 2198, "percentage": 67.8}],
    }
    assert [q.dimensions for q in api.reports.queries] == [("browser",), ("os",), ("device",)]


async def test_an_unknown_country_is_xx(api: Api) -> None:
    api.reports.totals = (3241,)
    api.reports.rows["country"] = (Row(("US",), (1567,)), Row(("",), (3,)))
    assert body_of(await api.get("/geo")) == {
        "data": [
            {"country": "US", "visitors": 1567, "percentage": 48.3},
            {"country": "XX", "visitors": 3, "percentage": 0.1},
        ]
    }


async def test_realtime_is_the_last_five_minutes_and_now(api: Api) -> None:
    api.reports.totals = (23,)
    assert body_of(await api.get("/realtime")) == {"active_visitors": 23}
    (query,) = api.reports.queries
    assert query.range == TimeRange(NOW_US - 5 * US_PER_MINUTE, NOW_US + 1)


async def test_nothing_measured_is_zero(api: Api) -> None:
    stats = body_of(await api.get("/stats"))
    assert set(stats["current"].values()) | set(stats["previous"].values()) == {0}
    devices = body_of(await api.get("/devices"))
    assert devices == {"browsers": [], "operating_systems": [], "device_types": []}


async def test_lists_show_ten_rows_and_at_most_a_thousand(api: Api) -> None:
    await api.get("/pages")
    await api.get("/pages?limit=5000")
    assert [q.limit for q in api.reports.queries] == [10, 1_000]


async def test_the_last_thirty_days_unless_said(api: Api) -> None:
    await api.get("/pages")
    assert api.reports.queries[0].range == TimeRange(NOW_US + 1 - 30 * US_PER_DAY, NOW_US + 1)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/pages?limit=x", "limit is 'x'; accepted is a whole number."),
        ("/pages?limit=0", "limit is 0; accepted are 1 to 1000."),
        ("/pages?offset=-1", "offset is -1; accepted are 0 to 1000000000."),
        ("/stats?start_at=yesterday", "start_at 'yesterday' is no date; accepted is ISO 8601"),
        ("/stats?end_at=2026-02-30", "end_at '2026-02-30' is no date; accepted is ISO 8601"),
        (
            "/stats?start_at=2026-03-02&end_at=2026-02-01",
            "end_at '2026-02-01' lies before start_at '2026-03-02'.",
        ),
        ("/stats?start_at=2030-01-01", "end_at 'now' lies before start_at '2030-01-01'."),
    ],
)
async def test_bad_parameters_are_errors(api: Api, path: str, sentence: str) -> None:
    error = body_of(await api.get(path), 400)["error"]
    assert error.startswith(f"Invalid request: {sentence}")
    assert api.reports.queries == []


@pytest.mark.parametrize("path", PATHS)
async def test_every_report_wants_a_key_with_the_query_scope(api: Api, path: str) -> None:
    path = f"/api/v1{path}"
    assert body_of(await api.call("GET", path), 401) == {
        "error": "Missing API key. Provide it via X-Pulse-Key header or ?key= query parameter."
    }
    wrong = [("X-Pulse-Key", "pa_live_wrong")]
    assert body_of(await api.call("GET", path, headers=wrong), 401) == {"error": "Invalid API key."}
    ingest = [("X-Pulse-Key", api.door.key)]
    assert body_of(await api.call("GET", path, headers=ingest), 403) == {
        "error": "API key does not have the required 'query' scope for this endpoint."
    }
    assert (await api.call("GET", f"{path}?key={api.query_key}")).status == 200


async def test_an_admin_key_may_read(api: Api) -> None:
    _, key = api.door.projects.create_key(api.door.project, "a", scopes=["admin"])
    assert (await api.get("/stats", key)).status == 200


async def test_a_key_made_later_and_revoked_is_seen_at_once(api: Api) -> None:
    key, secret = api.door.projects.create_key(api.door.project, "q", scopes=["query"])
    assert (await api.get("/stats", secret)).status == 200
    api.door.projects.revoke_key(key.id)
    assert (await api.get("/stats", secret)).status == 401


async def test_core_reports_answer_with_their_modules_off(api: Api) -> None:
    off = {"modules": {"core": {"enabled": False}}}
    api.door.projects.save_settings(api.door.project.id, off)
    for path in PATHS:
        assert (await api.get(path)).status == 200


async def test_the_101st_query_of_a_second_waits(api: Api) -> None:
    for _ in range(100):
        assert (await api.get("/realtime")).status == 200
    answered = await api.get("/realtime")
    assert body_of(answered, 429) == {"error": "Rate limit exceeded. Retry after 1 second."}
    assert answered.headers["retry-after"] == "1"
    assert (await api.door.collect({"type": "pageview", "path": "/"})).status == 200


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (UnavailableError(retry_after_s=3), 503, "The server cannot take this right now."),
        (InvalidInputError("unknown metric 'x'"), 400, "Invalid request: unknown metric 'x'."),
        (ZeroDivisionError("secret"), 500, "Internal server error."),
    ],
)
async def test_failing_reports_answer_in_the_documented_form(
    api: Api, error: Exception, status: int, sentence: str
) -> None:
    api.reports.error = error
    answered = await api.get("/stats")
    assert body_of(answered, status)["error"].startswith(sentence)
    assert answered.headers.get("retry-after") == ("3" if status == 503 else None)


async def test_hot_paths_stand_in_front_of_the_same_door(api: Api) -> None:
    headers = [("X-Pulse-Key", api.door.key)]
    body: Any = {"type": "pageview", "path": "/"}
    answered = await api.call("POST", "/api/collect", body, headers=headers)
    assert answered.body == b'{"ok":true}'
    answered = await api.call("POST", "/api/batch", {"events": [body]}, headers=headers)
    assert answered.body == b'{"ok":true,"accepted":1}'
    assert (await api.call("OPTIONS", "/api/collect")).status == 204


def test_every_route_is_described(api: Api) -> None:
    schema = msgspec.json.decode(msgspec.json.encode(api.litestar.openapi_schema.to_schema()))
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert operation["description"], (path, method)
            assert {"400", "401", "403", "429"} <= set(operation["responses"]), (path, method)
    names = {p["name"] for p in schema["paths"]["/api/v1/pages"]["get"]["parameters"]}
    assert names == {"start_at", "end_at", "limit", "offset"}
