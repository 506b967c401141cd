"""Watches the traffic of projects with webhooks: says when it spikes, when it is missing and, after
midnight UTC, what the day was. Marks in the records remember what was said."""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, replace

from footfall.alerts.desk import Desk
from footfall.alerts.history import History
from footfall.alerts.mark import drop_marks, load_marks, move_mark
from footfall.alerts.notice import EventName, Notice
from footfall.alerts.traffic import SILENCE_MINUTES, find_silence, find_spike, run_summary
from footfall.alerts.webhook import Webhook, Webhooks
from footfall.clock import US_PER_DAY, US_PER_HOUR, US_PER_MINUTE
from footfall.delivery.delivery import Message
from footfall.errors import FootfallError, UnavailableError
from footfall.model.time_range import TimeRange
from footfall.projects.project import Project

_log = logging.getLogger(__name__)

SPIKE_REST_US = US_PER_HOUR
"""A spike that goes on is told again after an hour at the earliest."""

SUMMARY_DAYS = 7
"""Summaries made up for after a downtime; who was away longer reads the reports."""


@dataclass(frozen=True, slots=True)
class _Topic:
    """One event of one project, with who wants to know."""

    project: Project
    event: EventName
    webhooks: tuple[Webhook, ...]
    mark_us: int | None
    """What the event's mark said when the round began."""


class Watch:
    """Tells webhooks about traffic."""

    def __init__(self, desk: Desk, webhooks: Webhooks, history: History) -> None:
        self._desk = desk
        self._webhooks = webhooks
        self._history = history
        self._awake_since_us = desk.clock.now_us()

    async def run(self) -> None:
        """Look at every project that has webhooks, once."""
        for topic in await asyncio.to_thread(self._load_topics):
            try:
                await self._look(topic)
            except UnavailableError:
                raise
            except FootfallError as error:
                _log.warning(
                    "%s of project %d not looked at: %s",
                    topic.event,
                    topic.project.number,
                    type(error).__name__,
                )

    def _load_topics(self) -> list[_Topic]:
        """Load what is subscribed to, and forget marks of what no longer is."""
        subscribers: dict[tuple[int, EventName], list[Webhook]] = defaultdict(list)
        for webhook in self._webhooks.list_all():
            for event in webhook.events:
                subscribers[webhook.project, event].append(webhook)
        marks = load_marks(self._desk.records)
        if gone := marks.keys() - subscribers.keys():
            drop_marks(self._desk.records, gone)
        return [
            _Topic(entry.project, event, tuple(webhooks), marks.get((number, event)))
            for (number, event), webhooks in subscribers.items()
            if (entry := self._desk.directory.find_number(number)) is not None
        ]

    async def _look(self, topic: _Topic) -> None:
        now_us = self._desk.clock.now_us()
        if topic.event == "daily_summary":
            await self._sum_up(topic, now_us)
        elif topic.event == "zero_traffic":
            await self._look_for_silence(topic, now_us)
        else:
            await self._look_for_spike(topic, now_us)

    async def _look_for_spike(self, topic: _Topic, now_us: int) -> None:
        if topic.mark_us is not None and 0 <= now_us - topic.mark_us < SPIKE_REST_US:
            return
        spike = await find_spike(self._history, topic.project.number, now_us)
        if spike is not None:
            await asyncio.to_thread(self._tell, topic, spike, now_us)

    async def _look_for_silence(self, topic: _Topic, now_us: int) -> None:
        # While Footfall itself was down nobody could be counted.
        if now_us - self._awake_since_us < SILENCE_MINUTES * US_PER_MINUTE:
            return
        told_us, project = topic.mark_us, topic.project.number
        if told_us is not None and told_us <= now_us:
            since = TimeRange(told_us, now_us + 1)
            if not await self._history.count(project, "pageviews", since):
                return
        silence = await find_silence(self._history, project, now_us)
        if silence is not None:
            await asyncio.to_thread(self._tell, topic, silence, now_us)

    async def _sum_up(self, topic: _Topic, now_us: int) -> None:
        """Tell each day that ended since the mark; the first mark is the day it is set on."""
        today_us = now_us - now_us % US_PER_DAY
        if topic.mark_us is None:
            await asyncio.to_thread(self._tell, topic, None, today_us)
            return
        first_us = max(topic.mark_us, today_us - SUMMARY_DAYS * US_PER_DAY)
        seen_us = topic.mark_us
        for start_us in range(first_us, today_us, US_PER_DAY):
            end_us = start_us + US_PER_DAY
            old_enough = tuple(w for w in topic.webhooks if w.created_at_us < end_us)
            day = replace(topic, webhooks=old_enough, mark_us=seen_us)
            summary = await run_summary(self._desk.reports, topic.project.number, start_us)
            if not await asyncio.to_thread(self._tell, day, summary, end_us):
                return
            seen_us = end_us

    def _tell(self, topic: _Topic, notice: Notice | None, mark_us: int) -> bool:
        """Set the mark and put the notice out, both or neither. False: another node did it."""
        project, outbox = topic.project, self._desk.outbox
        now_us = self._desk.clock.now_us()
        with self._desk.records.transaction() as t:
            if not move_mark(t, project.number, topic.event, seen_us=topic.mark_us, at_us=mark_us):
                return False
            if notice is not None:
                body = self._desk.wording.render_notice(notice, project, now_us)
                for webhook in topic.webhooks:
                    outbox.put(t, _make_message(webhook, topic.event, body))
        return True


def _make_message(webhook: Webhook, event: EventName, body: str) -> Message:
    return Message(
        project=webhook.project,
        source=webhook.id,
        subject=event,
        channel="webhook",
        target=webhook.url,
        body=body,
        signer=webhook.id,
    )
