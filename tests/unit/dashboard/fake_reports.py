"""A Reports that makes lively figures from a formula: weekly and daily rhythm, a slow trend,
filters that take their share. It counts nothing; real figures are tested where they are made."""

import asyncio
import fnmatch
import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from footfall.errors import FootfallError
from footfall.model.time_range import TimeRange, from_us, to_us
from footfall.reports.query import (
    And,
    DimensionFilter,
    Filter,
    Interval,
    Query,
    Result,
    Row,
    Value,
)

HOUR_US = 3_600_000_000
SHARES: dict[str, dict[str, float]] = {
    "channel": {
        "Organic Search": 0.501,
        "Direct": 0.242,
        "Referral": 0.121,
        "Organic Social": 0.076,
        "AI assistants": 0.039,
        "Email": 0.021,
    },
    "source": {
        "Google": 0.41,
        "": 0.242,
        "Bing": 0.052,
        "DuckDuckGo": 0.039,
        "news.ycombinator.com": 0.061,
        "GitHub": 0.048,
        "Reddit": 0.041,
        "ChatGPT": 0.03,
        "Mastodon": 0.02,
        "Newsletter": 0.021,
    },
    "utm_campaign": {"": 0.87, "autumn-launch": 0.07, "newsletter-42": 0.04, "partners": 0.02},
    "utm_source": {"": 0.87, "newsletter": 0.06, "partner": 0.04, "linkedin": 0.03},
    "utm_medium": {"": 0.87, "email": 0.08, "cpc": 0.05},
    "page": {
        "/": 0.43,
        "/pricing": 0.28,
        "/docs/getting-started": 0.186,
        "/blog/analytics-without-cookies": 0.116,
        "/signup": 0.084,
        "/changelog": 0.035,
        "/docs/self-hosting/reverse-proxies-and-the-address-of-the-visitor": 0.031,
        "/docs/api": 0.029,
        **{f"/blog/post-{n}": 0.02 / (n + 1) for n in range(1, 120)},
    },
    "entry_page": {"/": 0.52, "/blog/analytics-without-cookies": 0.2, "/docs/api": 0.09},
    "exit_page": {"/": 0.38, "/pricing": 0.24, "/signup": 0.12, "/docs/api": 0.08},
    "country": {
        "US": 0.379,
        "GB": 0.136,
        "IN": 0.11,
        "FR": 0.083,
        "DE": 0.079,
        "CA": 0.073,
        "BR": 0.05,
        "": 0.04,
        "NL": 0.03,
        "JP": 0.02,
    },
    "region": {"": 1.0},
    "city": {"": 1.0},
    "language": {"en-US": 0.5, "en-GB": 0.2, "fr-FR": 0.12, "de-DE": 0.1},
    "browser": {
        "Chrome": 0.568,
        "Safari": 0.225,
        "Firefox": 0.099,
        "Edge": 0.077,
        "Samsung Internet": 0.02,
        "Opera": 0.01,
    },
    "os": {"Windows": 0.36, "macOS": 0.22, "iOS": 0.2, "Android": 0.16, "Linux": 0.06},
    "device": {"Desktop": 0.63, "Mobile": 0.33, "Tablet": 0.04},
    "screen": {"1920x1080": 0.3, "390x844": 0.22, "1440x900": 0.18, "1536x864": 0.1},
    "event": {"signup": 0.06, "download": 0.041, "pricing toggle": 0.033, "demo": 0.012},
    "bot_reasons": {"agent,rate": 0.5, "agent,headers": 0.3, "hosting,headers": 0.2},
    "prop:plan": {"pro": 0.4, "team": 0.2, "free": 0.1},
    "prop:seats": {"1": 0.4, "5": 0.2, "20": 0.1},
}
PER_VISITOR = {
    "visitors": 1.0,
    "sessions": 1.373,
    "pageviews": 3.92,
    "events": 0.41,
    "revenue": 0.62,
    "entries": 1.373,
    "exits": 1.373,
    "engaged_sessions": 0.7,
    "signals": 5.0,
}


class FakeReports:
    """Answers any query of the dashboard. `level` 0 means a project without events."""

    def __init__(self, now_us: int, *, level: float = 1.0) -> None:
        self.now_us = now_us
        self.level = level
        self.first_us = now_us - 400 * 24 * HOUR_US
        self.asked: list[Query] = []
        self.failing: dict[str, FootfallError] = {}
        """Errors by first dimension; '' for queries without one."""
        self.slow_s: dict[str, float] = {}

    async def run(self, query: Query) -> Result:
        self.asked.append(query)
        name = query.dimensions[0] if query.dimensions else ""
        await asyncio.sleep(self.slow_s.get(name, 0))
        if name in self.failing:
            raise self.failing[name]
        part = self._part(query.filter)
        totals = self._metrics(query, query.range, part)
        before = self._metrics(query, query.compare, part) if query.compare else None
        if query.interval:
            rows = self._series(query, query.interval, part)
            return Result(query, tuple(rows), totals, len(rows), before)
        if query.dimensions:
            rows = self._table(query, name, part)
            shown = rows[query.offset : query.offset + query.limit]
            return Result(query, tuple(shown), totals, len(rows), before)
        return Result(query, (Row((), totals, compare=before),), totals, 1, before)

    def _part(self, of: Filter | None) -> float:
        if isinstance(of, And):
            return math.prod(self._part(f) for f in of.filters)
        if not isinstance(of, DimensionFilter):
            return 1.0
        shares = SHARES.get(of.dimension, {})
        part = sum(s for v, s in shares.items() if _holds(v, of)) or 0.0
        return min(1.0, part) if shares else 0.2

    def _people(self, span: TimeRange, part: float) -> float:
        total = 0.0
        start = max(span.start_us, self.first_us)
        at = start - start % HOUR_US
        while at < min(span.end_us, self.now_us):
            seen = min(at + HOUR_US, span.end_us, self.now_us) - max(at, start)
            moment = from_us(at)
            week = (1, 1.08, 1.1, 1.06, 0.98, 0.7, 0.66)[moment.weekday()]
            day = 1 + 0.75 * math.sin((moment.hour - 9) / 24 * 2 * math.pi)
            age = (self.now_us - at) / (24 * HOUR_US)
            wave = 1 + 0.06 * math.sin(at / HOUR_US / 17)
            total += 26 * week * day * wave * (1 - 0.0022 * min(age, 350)) * seen / HOUR_US
            at += HOUR_US
        return total * part * self.level

    def _metrics(self, query: Query, span: TimeRange, part: float) -> tuple[Value, ...]:
        people = self._people(span, part) * (0.12 if query.bots == "only" else 1)
        return tuple(_metric(m, people, span.start_us) for m in query.metrics)

    def _series(self, query: Query, interval: Interval, part: float) -> list[Row]:
        zone = ZoneInfo(query.time_zone)
        here = list(_buckets(query.range, interval, zone))
        there = list(_buckets(query.compare, interval, zone)) if query.compare else []
        rows = []
        for i, (start, end) in enumerate(here):
            bucket = TimeRange(to_us(start), to_us(end))
            seen = TimeRange(bucket.start_us, max(bucket.start_us, min(bucket.end_us, self.now_us)))
            before = None
            if query.compare:
                before = tuple(None for _ in query.metrics)
                if i < len(there):
                    then = TimeRange(to_us(there[i][0]), to_us(there[i][1]))
                    before = self._metrics(query, then, part)
            is_long = interval in {Interval.HOUR, Interval.MINUTE}
            label = start.isoformat() if is_long else start.date().isoformat()
            is_cut = bucket.start_us < query.range.start_us or bucket.end_us > query.range.end_us
            rows.append(
                Row(
                    (),
                    self._metrics(query, seen, part),
                    bucket.start_us,
                    label,
                    is_cut or bucket.end_us > self.now_us,
                    before,
                )
            )
        return rows

    def _table(self, query: Query, name: str, part: float) -> list[Row]:
        people = self._people(query.range, part) * (0.12 if query.bots == "only" else 1)
        rows = []
        for value, share in SHARES.get(name, {}).items():
            if not _may_show(query.filter, name, value):
                continue
            metrics = tuple(_metric(m, people * share, query.range.start_us) for m in query.metrics)
            if metrics[0]:
                shares = tuple(None if m in _RATIOS else share for m in query.metrics)
                rows.append(Row((value,), metrics, shares=shares))
        return sorted(rows, key=lambda r: (-(r.metrics[0] or 0), r.dimensions))


_RATIOS = {"bounce_rate", "session_duration", "views_per_session", "time_on_page"}


def _metric(name: str, people: float, seed: int) -> Value:
    if name in PER_VISITOR:
        count = people * PER_VISITOR[name]
        return round(count, 2) if name == "revenue" else round(count)
    if people < 0.5:
        return None
    wobble = math.sin(seed / HOUR_US / 31)
    return {
        "bounce_rate": 0.417 + 0.03 * wobble,
        "session_duration": 178 + 14 * wobble,
        "views_per_session": 2.86 + 0.1 * wobble,
        "time_on_page": 64 + 9 * wobble,
    }[name]


def _holds(value: str, of: DimensionFilter) -> bool:
    tests = {
        "is": lambda wanted: value == wanted,
        "contains": lambda wanted: wanted in value,
        "matches": lambda wanted: fnmatch.fnmatchcase(value, wanted),
    }
    found = any(tests[of.operator.replace("not_", "").replace("_not", "")](w) for w in of.values)
    return found != ("not" in of.operator)


def _may_show(of: Filter | None, name: str, value: str) -> bool:
    if isinstance(of, And):
        return all(_may_show(f, name, value) for f in of.filters)
    if isinstance(of, DimensionFilter) and of.dimension == name:
        return _holds(value, of)
    return True


def _buckets(
    span: TimeRange, interval: Interval, zone: ZoneInfo
) -> "list[tuple[datetime, datetime]]":
    at = from_us(span.start_us).astimezone(zone).replace(second=0, microsecond=0)
    if interval is not Interval.MINUTE:
        at = at.replace(minute=0)
    if interval in {Interval.DAY, Interval.WEEK, Interval.MONTH}:
        at = at.replace(hour=0)
    if interval is Interval.WEEK:
        at -= timedelta(days=at.weekday())
    if interval is Interval.MONTH:
        at = at.replace(day=1)
    found = []
    while to_us(at) < span.end_us:
        following = _next(at, interval)
        found.append((at, following))
        at = following
    return found


def _next(at: datetime, interval: Interval) -> datetime:
    if interval is Interval.MONTH:
        return (at.replace(day=28) + timedelta(days=4)).replace(day=1)
    if interval in {Interval.DAY, Interval.WEEK}:
        return at + timedelta(days=1 if interval is Interval.DAY else 7)
    step = timedelta(minutes=1 if interval is Interval.MINUTE else 60)
    return (at.astimezone(UTC) + step).astimezone(at.tzinfo)
