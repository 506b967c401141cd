"""Routes of the settings of leads, for the admin key alone. A change names only what changes."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, get, patch
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from footfall.dialects.pulsegate.access import ADMIN
from footfall.dialects.pulsegate.lead.callback import BODY_LIMIT_BYTES
from footfall.errors import InvalidInputError, TooLargeError
from footfall.http.api_document import takes
from footfall.http.json_body import parse_json
from footfall.leads.setting import DroughtSettings, Hours, Keeping, LeadSettings, LeadSettingsStore

AnyRequest = Request[Any, Any, Any]
TheStore = NamedDependency[SkipValidation[LeadSettingsStore]]


class DroughtBody(msgspec.Struct):
    """The alarm over a lack of leads."""

    enabled: bool
    threshold_minutes: int
    cooldown_minutes: int
    webhook_url: str
    business_hours_enabled: bool
    business_hours_start: str
    business_hours_end: str
    timezone: str


class KeepingBody(msgspec.Struct):
    """Days that things are kept; 0: for good."""

    leads: int
    testing_leads: int
    blocked_leads: int


class SettingsBody(msgspec.Struct):
    """All settings."""

    make_enabled: bool
    make_webhook_url: str
    make_in_development: bool
    test_lead_strings: list[str]
    bot_lead_detection: bool
    competitor_domains: list[str]
    keep_contact_ip: bool
    lead_drought: DroughtBody
    retention_days: KeepingBody


class DroughtChange(msgspec.Struct, forbid_unknown_fields=True):
    """What changes of the alarm."""

    enabled: bool | None = None
    threshold_minutes: int | None = None
    cooldown_minutes: int | None = None
    webhook_url: str | None = None
    business_hours_enabled: bool | None = None
    business_hours_start: str | None = None
    business_hours_end: str | None = None
    timezone: str | None = None


class KeepingChange(msgspec.Struct, forbid_unknown_fields=True):
    """What changes of the days that things are kept."""

    leads: int | None = None
    testing_leads: int | None = None
    blocked_leads: int | None = None


class SettingsChange(msgspec.Struct, forbid_unknown_fields=True):
    """What changes."""

    make_enabled: bool | None = None
    make_webhook_url: str | None = None
    make_in_development: bool | None = None
    test_lead_strings: list[str] | None = None
    bot_lead_detection: bool | None = None
    competitor_domains: list[str] | None = None
    keep_contact_ip: bool | None = None
    lead_drought: DroughtChange | None = None
    retention_days: KeepingChange | None = None


_CHANGE = msgspec.json.Decoder(SettingsChange)


@get("/analytics/settings", opt=ADMIN, summary="Show the settings of leads")
async def show_settings(lead_settings: TheStore) -> SettingsBody:
    """Show all settings."""
    return render_settings(lead_settings.current)


@patch(
    "/analytics/settings", opt=takes(ADMIN, SettingsChange), summary="Change the settings of leads"
)
async def change_settings(request: AnyRequest, lead_settings: TheStore) -> SettingsBody:
    """Change what is named; the rest stays."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT_BYTES:
            raise TooLargeError(f"The body is larger than {BODY_LIMIT_BYTES} bytes.")
    change = parse_json(_CHANGE, body)
    settings = apply_change(lead_settings.current, change)
    return render_settings(await asyncio.to_thread(lead_settings.save, settings))


def apply_change(settings: LeadSettings, change: SettingsChange) -> LeadSettings:
    """Return the settings with what changes. Raises InvalidInputError for a time of day."""
    shown = msgspec.to_builtins(render_settings(settings))
    given = {k: v for k, v in msgspec.to_builtins(change).items() if v is not None}
    for name in ("lead_drought", "retention_days"):
        part = {k: v for k, v in given.get(name, {}).items() if v is not None}
        given[name] = {**shown[name], **part}
    wanted = msgspec.convert({**shown, **given}, SettingsBody)
    drought, keeping = wanted.lead_drought, wanted.retention_days
    hours = Hours(
        _parse_time(drought.business_hours_start), _parse_time(drought.business_hours_end)
    )
    return msgspec.structs.replace(
        settings,
        forwards=wanted.make_enabled,
        forward_url=wanted.make_webhook_url,
        forwards_development=wanted.make_in_development,
        test_words=tuple(wanted.test_lead_strings),
        blocks_bots=wanted.bot_lead_detection,
        competitor_domains=tuple(wanted.competitor_domains),
        keeps_addresses=wanted.keep_contact_ip,
        drought=DroughtSettings(
            is_enabled=drought.enabled,
            threshold_minutes=drought.threshold_minutes,
            cooldown_minutes=drought.cooldown_minutes,
            url=drought.webhook_url,
            hours=hours,
            has_hours=drought.business_hours_enabled,
            time_zone=drought.timezone,
        ),
        keeping=Keeping(keeping.leads, keeping.testing_leads, keeping.blocked_leads),
    )


def render_settings(settings: LeadSettings) -> SettingsBody:
    """Return the settings in PulseGate's words."""
    drought, keeping = settings.drought, settings.keeping
    return SettingsBody(
        make_enabled=settings.forwards,
        make_webhook_url=settings.forward_url,
        make_in_development=settings.forwards_development,
        test_lead_strings=list(settings.test_words),
        bot_lead_detection=settings.blocks_bots,
        competitor_domains=list(settings.competitor_domains),
        keep_contact_ip=settings.keeps_addresses,
        lead_drought=DroughtBody(
            enabled=drought.is_enabled,
            threshold_minutes=drought.threshold_minutes,
            cooldown_minutes=drought.cooldown_minutes,
            webhook_url=drought.url,
            business_hours_enabled=drought.has_hours,
            business_hours_start=_render_time(drought.hours.start_minute),
            business_hours_end=_render_time(drought.hours.end_minute),
            timezone=drought.time_zone,
        ),
        retention_days=KeepingBody(keeping.lead_days, keeping.test_days, keeping.blocked_days),
    )


def _parse_time(text: str) -> int:
    hour, colon, minute = text.strip().partition(":")
    is_number = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()
    if not colon or not is_number or int(hour) > 24 or int(minute) > 59 or len(minute) != 2:
        raise InvalidInputError(
            f"'{text[:20]}' is no time of day; write for example 09:00", field="business_hours"
        )
    return int(hour) * 60 + int(minute)


def _render_time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


SETTING_ROUTES = (show_settings, change_settings)
