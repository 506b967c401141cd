"""A drop of submissions as one of the anomalies that reports tell of."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from footfall.leads.report import LeadReports
from footfall.reports.anomaly import Anomaly, judge

KIND = "submission_drop"

Detect = Callable[[int, int], Awaitable[Sequence[Anomaly]]]


def make_drop_detector(reports: LeadReports) -> Detect:
    """Return what looks for a drop in a project (number) at an instant (µs): submissions of the
    last 24 hours below half of the mean of the seven days before."""

    async def detect(project: int, now_us: int) -> Sequence[Anomaly]:
        drop = await asyncio.to_thread(reports.find_drop, project)
        if drop is None:
            return ()
        past = drop.mean / max(drop.current, 0.5)
        return (
            Anomaly(
                KIND,
                judge(past, 2),
                f"{drop.current} submissions in the last 24 hours; {drop.mean:.1f} a day in the "
                f"{drop.days} days before",
                drop.current,
                drop.mean,
                now_us,
            ),
        )

    return detect
