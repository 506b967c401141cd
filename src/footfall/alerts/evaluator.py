"""Looks at every alert rule once a minute and puts alarms into the outbox. One node does it at a
time; what it decides is stored together with the messages it causes."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from footfall.alerts.desk import Desk
from footfall.alerts.history import History
from footfall.alerts.notice import Alarm
from footfall.alerts.register import Alerts, save_trigger
from footfall.alerts.rule import AlertRule, Condition, Target
from footfall.alerts.sentence import describe_alarm
from footfall.clock import US_PER_HOUR, US_PER_MINUTE
from footfall.delivery.delivery import Message
from footfall.delivery.mail import Letter, render_letter
from footfall.errors import FootfallError, UnavailableError
from footfall.model.time_range import TimeRange, from_us
from footfall.projects.project import Project
from footfall.reports.catalogue import find_metric
from footfall.reports.query import Query, Value
from footfall.store.lease import Lease

_log = logging.getLogger(__name__)

EVERY_S = 60.0
"""Rules are looked at every minute [Pulse]."""

LEASE_US = 3 * US_PER_MINUTE
"""After a node died another one takes over within so long."""

AWAKE_US = US_PER_HOUR
"""After so long awake the time before weighs little; a window of a month cannot be waited for."""

MODULE = "alerts"


class Round(Protocol):
    """Something to look after once a minute."""

    async def run(self) -> None:
        """Look at everything once."""
        ...


class Evaluator:
    """Evaluates rules and watches traffic."""

    def __init__(
        self, desk: Desk, alerts: Alerts, history: History, others: Sequence[Round]
    ) -> None:
        """`others` are looked after in the same round, behind the rules."""
        self._desk = desk
        self._alerts = alerts
        self._others = others
        self._history = history
        self._awake_since_us = desk.clock.now_us()
        self._lease = Lease(desk.records, desk.clock, "alerts", term_us=LEASE_US)

    async def run(self) -> None:
        """Look at everything once; does nothing while another node holds the lease."""
        if not await asyncio.to_thread(self._lease.take):
            return
        for rule in await asyncio.to_thread(self._alerts.list_enabled):
            try:
                await self._evaluate(rule)
            except UnavailableError:
                raise
            except FootfallError as error:
                _log.warning("alert %s not evaluated: %s", rule.id, type(error).__name__)
        for other in self._others:
            await other.run()

    async def stop(self) -> None:
        """Leave the task to another node at once."""
        await asyncio.to_thread(self._lease.drop)

    async def _evaluate(self, rule: AlertRule) -> None:
        now_us = self._desk.clock.now_us()
        entry = self._desk.directory.find_number(rule.project)
        if entry is None or not entry.settings.modules[MODULE].is_enabled:
            return
        cooldown_us = rule.condition.cooldown_minutes * US_PER_MINUTE
        last_us = rule.last_triggered_at_us
        if last_us is not None and 0 <= now_us - last_us < cooldown_us:
            return
        value = await self.measure(rule.project, rule.condition, now_us)
        if value is None or not rule.condition.is_met(value):
            return
        if not await self._has_said_enough(rule, now_us):
            return
        alarm = Alarm(rule, entry.project, value, now_us)
        await asyncio.to_thread(self._raise, alarm)

    async def measure(self, project: int, condition: Condition, now_us: int) -> Value:
        """Return the figure of a rule's window that ends now, as the reports have it."""
        start_us = now_us - condition.window_minutes * US_PER_MINUTE
        # An event may carry the present microsecond; the range's end is not part of it.
        query = Query(
            project,
            (condition.metric,),
            TimeRange(start_us, now_us + 1),
            filter=condition.filter,
        )
        return (await self._desk.reports.run(query)).totals[0]

    async def _has_said_enough(self, rule: AlertRule, now_us: int) -> bool:
        """Tell whether a figure may be believed. One of a window in which nobody could be counted,
        before the project's data begins or while Footfall was down, may not, unless it is a count
        that can only be higher."""
        condition = rule.condition
        is_count = find_metric(condition.metric).unit == "count"
        if is_count and condition.operator in {"gt", "gte"}:
            return True
        window_us = condition.window_minutes * US_PER_MINUTE
        if now_us - self._awake_since_us < min(window_us, AWAKE_US):
            return False
        return await self._history.covers(rule.project, now_us - window_us)

    def _raise(self, alarm: Alarm) -> None:
        with self._desk.records.transaction() as t:
            if not save_trigger(t, alarm.rule, alarm.at_us, alarm.value):
                return
            for target in alarm.rule.condition.targets:
                self._desk.outbox.put(t, self._make_message(alarm, target))

    def _make_message(self, alarm: Alarm, target: Target) -> Message:
        if target.channel == "email":
            body = render_letter(make_letter(alarm))
        else:
            body = self._desk.wording.render_alarm(alarm)
        return Message(
            project=alarm.rule.project,
            source=alarm.rule.id,
            subject=f"alert: {alarm.rule.condition.name}",
            channel=target.channel,
            target=target.address,
            body=body,
        )


def make_letter(alarm: Alarm) -> Letter:
    """Return the mail of an alarm."""
    project: Project = alarm.project
    condition = alarm.rule.condition
    at = from_us(alarm.at_us).strftime("%Y-%m-%d %H:%M UTC")
    return Letter(
        f"[{project.name}] {condition.name}",
        [
            describe_alarm(condition, alarm.value),
            f"Project {project.name}, {at}.",
            "You get this mail because the rule names your address. It is sent again at the "
            f"earliest after {condition.cooldown_minutes} minutes.",
        ],
    )
