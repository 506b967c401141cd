"""The dashboard of 30 days: each panel through reports, and the same panel (its lines, and the
totals that its shares are of) as plain SQL over raw events on the same engine."""

import asyncio
import time
from dataclasses import dataclass
from statistics import median

from footfall.clock import SystemClock
from footfall.model.time_range import TimeRange
from footfall.reports.query import Interval, Query
from footfall.reports.run import ReportRunner
from footfall.store.warehouse import Warehouse


class _Nothing:
    async def wait_loaded(self, timeout_s: float = 30.0) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: the query it asks, and the same figures from raw events."""

    name: str
    query: Query
    plain: str
    totals: str = ""
    """What the shares of a list are shares of; '' where the figures are the totals."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Median seconds of a panel, by the clock and by processor."""

    name: str
    report_s: float
    plain_s: float
    """Lines and totals."""
    plain_again_s: float
    """Of it, totals that a panel before it had counted already; the reports share those."""
    report_cpu_s: float
    plain_cpu_s: float
    plain_again_cpu_s: float

    @property
    def share(self) -> float:
        """What the report takes of the plain SQL's time."""
        return self.report_s / self.plain_s


SUMMARY = (
    "visitors",
    "sessions",
    "pageviews",
    "views_per_session",
    "bounce_rate",
    "session_duration",
)


def make_panels(project: int, span: TimeRange) -> list[Panel]:
    """Return the panels of the first page: summary, chart and the lists."""
    where = (
        f"project = {project} AND ts >= make_timestamp({span.start_us})"
        f" AND ts < make_timestamp({span.end_us}) AND bot_score < 50"
    )
    visitors = f"SELECT count(DISTINCT visitor) FROM events WHERE {where}"
    visits = f"""SELECT session, any_value(visitor) AS visitor, min(ts) AS start, max(ts) AS stop,
        count(*) FILTER (kind = 'pageview') AS views,
        count(*) FILTER (kind = 'event' AND interactive = 1) AS acts,
        min_by(path, (ts, event_id)) FILTER (kind = 'pageview') AS entry,
        max_by(path, (ts, event_id)) FILTER (kind = 'pageview') AS exit
        FROM events WHERE {where} GROUP BY session"""
    panels = [
        Panel(
            "summary",
            Query(project, SUMMARY, span),
            f"""SELECT count(DISTINCT visitor), count(*), sum(views), avg(views),
                avg((views < 2 AND acts = 0)::INT), avg(epoch(stop - start)) FROM ({visits})""",
        ),
        Panel(
            "chart",
            Query(project, ("visitors",), span, interval=Interval.DAY, time_zone="Europe/Berlin"),
            f"""SELECT date_trunc('day', timezone('Europe/Berlin', timezone('UTC', ts))) AS day,
                count(DISTINCT visitor) FROM events WHERE {where} GROUP BY 1 ORDER BY 1""",
            visitors,
        ),
        Panel(
            "pages",
            Query(project, ("visitors",), span, ("page",), limit=10),
            f"""SELECT path, count(DISTINCT visitor) AS v FROM events WHERE {where} AND path <> ''
                GROUP BY 1 ORDER BY v DESC, 1 LIMIT 10""",
            visitors,
        ),
        Panel(
            "events",
            Query(project, ("events", "visitors"), span, ("event",), limit=10),
            f"""SELECT name, count(*) AS n, count(DISTINCT visitor) FROM events
                WHERE {where} AND kind = 'event' GROUP BY 1 ORDER BY n DESC, 1 LIMIT 10""",
            f"""SELECT count(*), count(DISTINCT visitor) FROM events
                WHERE {where} AND kind = 'event'""",
        ),
    ]
    for metric, dimension, column in (
        ("entries", "entry_page", "entry"),
        ("exits", "exit_page", "exit"),
    ):
        panels.append(
            Panel(
                dimension,
                Query(project, (metric,), span, (dimension,), limit=10),
                f"SELECT {column}, count(*) AS n FROM ({visits}) GROUP BY 1"
                " ORDER BY n DESC, 1 LIMIT 10",
                f"SELECT count(*) FROM ({visits}) WHERE views > 0",
            )
        )
    panels += [
        Panel(
            name,
            Query(project, ("visitors",), span, (name,), limit=10),
            f"SELECT {name}, count(DISTINCT visitor) AS v FROM events WHERE {where}"
            " GROUP BY 1 ORDER BY v DESC, 1 LIMIT 10",
            visitors,
        )
        for name in (
            *("channel", "source", "utm_campaign", "country", "language"),
            *("browser", "os", "device", "screen"),
        )
    ]
    return panels


def run_dashboard(warehouse: Warehouse, project: int, span: TimeRange, rounds: int) -> list[Timing]:
    """Time every panel, report and plain SQL in turn, and return the medians."""
    return asyncio.run(_time_panels(warehouse, make_panels(project, span), rounds))


async def _time_panels(warehouse: Warehouse, panels: list[Panel], rounds: int) -> list[Timing]:
    """Time whole pages, so that what panels share is paid for once a page, as in the product."""
    taken: dict[str, list[tuple[float, ...]]] = {panel.name: [] for panel in panels}
    for _ in range(rounds + 1):
        runner = ReportRunner(warehouse, _Nothing(), SystemClock())
        for panel in panels:
            watch = _Watch()
            await runner.run(panel.query)
            report = watch.lap()
            await asyncio.to_thread(warehouse.query, panel.plain)
            plain = watch.lap()
            if panel.totals:
                await asyncio.to_thread(warehouse.query, panel.totals)
            taken[panel.name].append((*report, *plain, *watch.lap()))
    known: set[str] = set()
    timings = []
    for panel in panels:
        # The first page compiles its SQL.
        rest = taken[panel.name][1:]
        report_s, report_cpu_s, plain_s, plain_cpu_s, totals_s, totals_cpu_s = (
            median(column) for column in zip(*rest, strict=True)
        )
        is_new = panel.totals not in known
        known.add(panel.totals)
        timings.append(
            Timing(
                panel.name,
                report_s,
                plain_s + totals_s,
                totals_s if panel.totals and not is_new else 0.0,
                report_cpu_s,
                plain_cpu_s + totals_cpu_s,
                totals_cpu_s if panel.totals and not is_new else 0.0,
            )
        )
    return timings


class _Watch:
    """Tells how long something took, by the clock and by the processor time of this process."""

    def __init__(self) -> None:
        self.lap()

    def lap(self) -> tuple[float, float]:
        """Return both since the last call."""
        now = (time.perf_counter(), time.process_time())
        before = getattr(self, "_last", now)
        self._last = now
        return now[0] - before[0], now[1] - before[1]
