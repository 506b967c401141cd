"""Summaries by mail: the figures of a project's week or month, to whoever wants them. One mail for
each period, after it is over; the mark moves in the transaction that puts the mail out."""

import asyncio
import logging
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from footfall.alerts.desk import Desk
from footfall.alerts.sentence import render_figure
from footfall.clock import Clock
from footfall.delivery.delivery import Message
from footfall.delivery.mail import Letter, parse_mail_address, render_letter
from footfall.errors import FootfallError, InvalidInputError, NotFoundError, UnavailableError
from footfall.model.time_range import TimeRange, from_us
from footfall.projects.project import Project
from footfall.reports.bucket import start_of_day_us
from footfall.reports.catalogue import find_dimension, find_metric
from footfall.reports.port import Reports
from footfall.reports.query import Query, Value
from footfall.store.records import Record, Records

_log = logging.getLogger(__name__)

Rhythm = Literal["week", "month"]

RHYTHMS: tuple[Rhythm, ...] = get_args(Rhythm)

MAX_SUMMARIES = 50
"""Summaries of one project."""

FIGURES = ("visitors", "sessions", "pageviews", "bounce_rate", "session_duration")
LISTS = {"page": "(none)", "source": "direct"}
"""Dimensions of which the first rows are listed, with the word for their empty value."""

ROWS = 5
"""Rows of each list: a mail is read on a phone."""

_ROOM = "summary_mails"


@dataclass(frozen=True, slots=True)
class Summary:
    """Somebody who gets a project's summaries."""

    number: int
    id: str
    """'sum-' and a UUID."""
    project: int
    address: str
    rhythm: Rhythm
    told_until_us: int
    """The end of the last period that was told."""
    created_at_us: int


class Summaries:
    """Keeps who gets summaries. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    def create(self, project: Project, address: str, rhythm: str) -> Summary:
        """Send summaries to an address, from the period that runs now. Raises
        InvalidInputError."""
        if rhythm not in RHYTHMS:
            raise InvalidInputError(
                f"unknown rhythm '{rhythm[:20]}'; accepted are {', '.join(RHYTHMS)}",
                field="rhythm",
            )
        now_us = self._clock.now_us()
        record = {
            "id": f"sum-{uuid.uuid4()}",
            "project": project.number,
            "address": parse_mail_address(address),
            "rhythm": rhythm,
            "told_until_us": find_period(rhythm, project.time_zone, now_us).end_us,
            "created_at_us": now_us,
        }
        with self._records.transaction() as t:
            if t.count(_ROOM, {"project": project.number}) >= MAX_SUMMARIES:
                raise InvalidInputError(f"the project has {MAX_SUMMARIES} summaries already")
            return _summary({**record, "number": t.add(_ROOM, record)})

    def list_summaries(self, project: int) -> list[Summary]:
        """Return who gets a project's summaries, oldest first."""
        with self._records.transaction() as t:
            return [_summary(record) for record in t.find(_ROOM, {"project": project})]

    def list_all(self) -> list[Summary]:
        """Return the summaries of all projects."""
        with self._records.transaction() as t:
            return [_summary(record) for record in t.find(_ROOM, {}, limit=100_000)]

    def remove(self, project: int, summary_id: str) -> None:
        """Send no more summaries to somebody. Raises NotFoundError."""
        with self._records.transaction() as t:
            if not t.remove(_ROOM, {"project": project, "id": summary_id}):
                raise NotFoundError("Summary", summary_id[:60])


class SummaryMails:
    """Writes summaries when their period is over."""

    def __init__(self, desk: Desk, summaries: Summaries) -> None:
        self._desk = desk
        self._summaries = summaries

    async def run(self) -> None:
        """Write what is due. After a downtime only the last period is told."""
        for summary in await asyncio.to_thread(self._summaries.list_all):
            try:
                await self._look(summary)
            except UnavailableError:
                raise
            except FootfallError as error:
                _log.warning("summary %s not written: %s", summary.id, type(error).__name__)

    async def _look(self, summary: Summary) -> None:
        entry = self._desk.directory.find_number(summary.project)
        if entry is None:
            return
        project = entry.project
        period = find_period(summary.rhythm, project.time_zone, self._desk.clock.now_us())
        if period.end_us <= summary.told_until_us:
            return
        letter = await write_letter(self._desk.reports, project, summary.rhythm, period)
        await asyncio.to_thread(self._put, summary, period, letter)

    def _put(self, summary: Summary, period: TimeRange, letter: Letter) -> None:
        seen = {"number": summary.number, "told_until_us": summary.told_until_us}
        with self._desk.records.transaction() as t:
            if t.change(_ROOM, seen, {"told_until_us": period.end_us}):
                message = Message(
                    project=summary.project,
                    source=summary.id,
                    subject=f"summary of the {summary.rhythm}",
                    channel="email",
                    target=summary.address,
                    body=render_letter(letter),
                )
                self._desk.outbox.put(t, message)


def find_period(rhythm: str, time_zone: str, now_us: int) -> TimeRange:
    """Return the last week (from Monday) or month that is over, in the project's time zone."""
    zone = ZoneInfo(time_zone)
    today = from_us(now_us).astimezone(zone).date()
    if rhythm == "week":
        end = today - timedelta(days=today.weekday())
        start = end - timedelta(days=7)
    else:
        end = today.replace(day=1)
        start = (end - timedelta(days=1)).replace(day=1)
    return TimeRange(start_of_day_us(start, zone), start_of_day_us(end, zone))


async def write_letter(
    reports: Reports, project: Project, rhythm: Rhythm, period: TimeRange
) -> Letter:
    """Return the mail of a period: its figures beside those of the period before, and the first
    pages and sources."""
    before = find_period(rhythm, project.time_zone, period.start_us)
    query = Query(project.number, FIGURES, period, time_zone=project.time_zone, compare=before)
    result = await reports.run(query)
    compared = result.compare_totals or (None,) * len(FIGURES)
    paragraphs = [
        _describe_figure(metric, now, then)
        for metric, now, then in zip(FIGURES, result.totals, compared, strict=True)
    ]
    for dimension, nothing in LISTS.items():
        rows = await reports.run(
            Query(project.number, ("visitors",), period, (dimension,), limit=ROWS)
        )
        if rows.rows:
            listed = ", ".join(
                f"{row.dimensions[0] or nothing} ({row.metrics[0]})" for row in rows.rows
            )
            paragraphs.append(f"{find_dimension(dimension).title}, by visitors: {listed}.")
    first, last = _days_of(period, ZoneInfo(project.time_zone))
    return Letter(
        f"[{project.name}] The {rhythm} from {first} to {last}",
        [
            f"{project.name}, {first} to {last}, beside the {rhythm} before.",
            *paragraphs,
            "You get this mail because a summary names your address; the operator of this "
            "Footfall can end it.",
        ],
    )


def _describe_figure(metric: str, now: Value, then: Value) -> str:
    shown = "none" if now is None else render_figure(metric, round(now, 3))
    before = "none" if then is None else render_figure(metric, round(then, 3))
    return f"{find_metric(metric).title}: {shown} (before: {before})."


def _days_of(period: TimeRange, zone: ZoneInfo) -> tuple[date, date]:
    last = from_us(period.end_us - 1).astimezone(zone).date()
    return from_us(period.start_us).astimezone(zone).date(), last


def _summary(record: Record) -> Summary:
    return Summary(**record)
