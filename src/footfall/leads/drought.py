"""The alarm over a lack of leads: forms break silently, and nobody misses a lead that never came.
One node looks every ten minutes; what it decides is stored together with the call it causes."""

import logging
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from footfall.clock import US_PER_MINUTE, Clock
from footfall.delivery.delivery import Message
from footfall.delivery.outbox import Outbox
from footfall.leads.lead import Lead
from footfall.leads.register import SOURCE, Leads
from footfall.leads.setting import DroughtSettings, LeadSettingsStore
from footfall.model.time_range import from_us, to_us
from footfall.store.records import Records

_log = logging.getLogger(__name__)

EVERY_S = 600.0
"""How often is looked [PulseGate]."""

SUBJECT = "lead_drought"

_ROOM = "lead_settings"
_NAME = "drought"


class Drought(msgspec.Struct, frozen=True):
    """A lack of leads that is an alarm."""

    last: Lead
    minutes: int
    """Without a lead, of the hours that count."""
    threshold_minutes: int
    at_us: int


class DroughtWording(Protocol):
    """Says it to others."""

    def render_drought(self, drought: Drought) -> str:
        """Return the body of the call."""
        ...


class DroughtWatch:
    """Looks for droughts. Calls block: through a thread."""

    def __init__(
        self,
        records: Records,
        clock: Clock,
        leads: Leads,
        settings: LeadSettingsStore,
        outbox: Outbox,
        wording: DroughtWording,
    ) -> None:
        self._records = records
        self._clock = clock
        self._leads = leads
        self._settings = settings
        self._outbox = outbox
        self._wording = wording

    def run(self) -> Drought | None:
        """Look once; returns the drought that was told of."""
        settings = self._settings.current.drought
        last = self._leads.find_newest() if settings.is_enabled else None
        if last is None:
            return None
        drought = find_drought(last, settings, self._clock.now_us())
        return drought if drought is not None and self._tell(drought, settings) else None

    def _tell(self, drought: Drought, settings: DroughtSettings) -> bool:
        """Put the call into the outbox unless there was one within the cooldown."""
        with self._records.transaction() as t:
            found = t.find(_ROOM, {"name": _NAME})
            told_us = int(found[0]["value"]) if found else None
            rest_us = settings.cooldown_minutes * US_PER_MINUTE
            if told_us is not None and 0 <= drought.at_us - told_us < rest_us:
                return False
            value = {"value": str(drought.at_us)}
            if not t.change(_ROOM, {"name": _NAME}, value):
                t.add(_ROOM, {"name": _NAME, **value})
            if settings.url:
                self._outbox.put(
                    t,
                    Message(
                        project=drought.last.project,
                        source=SOURCE,
                        subject=SUBJECT,
                        channel="webhook",
                        target=settings.url,
                        body=self._wording.render_drought(drought),
                    ),
                )
        _log.warning(
            "no lead for %d minutes; the threshold is %d",
            drought.minutes,
            drought.threshold_minutes,
        )
        return True


def find_drought(last: Lead, settings: DroughtSettings, now_us: int) -> Drought | None:
    """Return the drought there is at an instant; None outside business hours. The time begins with
    the last lead, within business hours no earlier than they: a night is no drought."""
    since_us = last.created_at_us
    if settings.has_hours:
        opened_us = find_opening(settings, now_us)
        if opened_us is None:
            return None
        since_us = max(since_us, opened_us)
    minutes = (now_us - since_us) // US_PER_MINUTE
    if minutes < settings.threshold_minutes:
        return None
    return Drought(last, minutes, settings.threshold_minutes, now_us)


def find_opening(settings: DroughtSettings, now_us: int) -> int | None:
    """Return when the business hours that an instant lies in began; None when it lies in none."""
    zone = ZoneInfo(settings.time_zone)
    local = from_us(now_us).astimezone(zone)
    minute = local.hour * 60 + local.minute
    if not settings.hours.has(minute):
        return None
    day = local.date()
    if minute < settings.hours.start_minute:
        day -= timedelta(days=1)  # the hours run over midnight
    start = settings.hours.start_minute
    opened = local.replace(
        year=day.year,
        month=day.month,
        day=day.day,
        hour=start // 60 % 24,
        minute=start % 60,
        second=0,
        microsecond=0,
        fold=0,
    )
    return to_us(opened)
