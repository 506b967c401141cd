"""The conditions behind the webhook events: a spike, silence, the end of a day. They look at
figures of the reports and nothing else; who was told what already is not theirs to know."""

from footfall.alerts.history import BASELINE_DAYS, MIN_DAYS, Baseline, History
from footfall.alerts.notice import DailySummary, TrafficSpike, ZeroTraffic
from footfall.clock import US_PER_DAY, US_PER_MINUTE
from footfall.model.time_range import TimeRange
from footfall.reports.port import Reports
from footfall.reports.query import Query
from footfall.reports.realtime import WINDOW_US

SPIKE_MULTIPLE = 2
"""A spike is more than so many times the usual [Pulse]."""

SPIKE_LEAST = 10
"""Active visitors below which nothing is a spike: three instead of one is chance."""

AVERAGE_LEAST = 1.0
"""The smallest average that can be doubled."""

SILENCE_MINUTES = 30
"""Minutes without a pageview after which traffic is missing [Pulse]."""

USUAL_LEAST = 3.0
"""Pageviews in these minutes on a usual day: with fewer, half an hour of nothing is chance."""

SUMMARY_METRICS = (
    "pageviews",
    "visitors",
    "sessions",
    "bounce_rate_pageviews",
    "session_duration",
)


async def find_spike(history: History, project: int, now_us: int) -> TrafficSpike | None:
    """Return the spike there is now: active visitors above twice the mean of the same five
    minutes on the days before, of which there must be enough."""
    span = TimeRange(now_us - WINDOW_US, now_us + 1)
    active = await history.count(project, "visitors", span)
    if active < SPIKE_LEAST:
        return None
    usual = await history.find_baseline(project, "visitors", span)
    if usual.days < MIN_DAYS or usual.mean < AVERAGE_LEAST or active <= SPIKE_MULTIPLE * usual.mean:
        return None
    return TrafficSpike(active, usual.mean, usual.days)


async def find_silence(history: History, project: int, now_us: int) -> ZeroTraffic | None:
    """Return the silence there is now: no pageview for half an hour that usually has some."""
    span = TimeRange(now_us - SILENCE_MINUTES * US_PER_MINUTE, now_us + 1)
    if await history.count(project, "pageviews", span):
        return None
    usual = await history.find_baseline(project, "pageviews", span)
    return ZeroTraffic(SILENCE_MINUTES, usual.mean) if has_usual_traffic(usual) else None


def has_usual_traffic(usual: Baseline) -> bool:
    """Tell whether traffic may be expected: enough days, most of them with traffic, and the same
    weekday among them when the data goes back a week, so that weekends raise no alarm."""
    if usual.days < MIN_DAYS or usual.mean < USUAL_LEAST:
        return False
    if usual.days == BASELINE_DAYS and usual.counts[-1] == 0:
        return False
    return 2 * sum(count > 0 for count in usual.counts) > usual.days


async def run_summary(reports: Reports, project: int, start_us: int) -> DailySummary:
    """Return the figures of the day that begins at `start_us`."""
    span = TimeRange(start_us, start_us + US_PER_DAY)
    totals = (await reports.run(Query(project, SUMMARY_METRICS, span))).totals
    pageviews, visitors, sessions, bounce_rate, duration_s = totals
    return DailySummary(
        start_us,
        int(pageviews or 0),
        int(visitors or 0),
        int(sessions or 0),
        bounce_rate,
        duration_s,
    )
