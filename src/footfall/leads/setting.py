"""How leads are treated: one value that an operator changes while Footfall runs. It holds for the
whole installation, is checked as a whole and stored as a whole."""

import threading
from zoneinfo import ZoneInfo

import msgspec

from footfall.delivery.address import Rule, parse_url
from footfall.errors import InvalidInputError
from footfall.projects.domain import parse_domain
from footfall.store.records import Records

DAYS_MOST = 3_650
HOURS_MOST = 8_760
MINUTES_MOST = 43_200
WORDS_MOST = 100
WORD_LENGTH_MOST = 200

_ROOM = "lead_settings"
_NAME = "settings"


class Hours(msgspec.Struct, frozen=True):
    """A time of day, both ends in minutes since midnight; it may run over midnight."""

    start_minute: int = 9 * 60
    end_minute: int = 18 * 60

    def has(self, minute: int) -> bool:
        """Tell whether a minute of the day lies within."""
        if self.start_minute <= self.end_minute:
            return self.start_minute <= minute < self.end_minute
        return minute >= self.start_minute or minute < self.end_minute


class DroughtSettings(msgspec.Struct, frozen=True):
    """When the lack of leads is an alarm [PulseGate: lead drought]."""

    is_enabled: bool = False
    threshold_minutes: int = 30
    cooldown_minutes: int = 120
    url: str = ""
    """Empty: the alarm stands in the log only."""
    has_hours: bool = False
    """Off: around the clock."""
    hours: Hours = Hours()
    time_zone: str = "UTC"


class Keeping(msgspec.Struct, frozen=True):
    """For how many days what was sent is kept; 0 keeps it for good."""

    lead_days: int = 0
    """Since the last form of the lead."""
    test_days: int = 30
    blocked_days: int = 90


class LeadSettings(msgspec.Struct, frozen=True):
    """Everything that can be set."""

    forwards: bool = True
    """Off: leads are stored and never sent on."""
    forward_url: str = ""
    forwards_development: bool = False
    """Also leads from pages on the developer's own machine."""
    reengage_hours: int = 24
    """A follow-up within so many hours of the one before is a duplicate and not sent on."""
    test_words: tuple[str, ...] = ()
    competitor_domains: tuple[str, ...] = ()
    blocks_bots: bool = True
    """A filled trap blocks its address and makes no lead."""
    requires_form: bool = False
    """Only registered forms on registered domains, and holders of a key, may send."""
    keeps_addresses: bool = True
    drought: DroughtSettings = DroughtSettings()
    keeping: Keeping = Keeping()


class LeadSettingsStore:
    """Keeps the settings; `current` is at hand without a store. `save` blocks."""

    def __init__(self, records: Records, rule: Rule, defaults: LeadSettings | None = None) -> None:
        """`defaults` hold until somebody saves others; `rule` says which addresses calls may
        reach."""
        self._records = records
        self._rule = rule
        self._changing = threading.Lock()
        self.current = defaults or LeadSettings()

    def reload(self) -> None:
        """Read what is stored: at the start, and to see what other nodes changed."""
        with self._records.transaction() as t:
            found = t.find(_ROOM, {"name": _NAME})
        if found:
            stored = msgspec.json.decode(found[0]["value"], type=LeadSettings)
            # These two are the environment's, whatever was saved with the others.
            self.current = msgspec.structs.replace(
                stored,
                reengage_hours=self.current.reengage_hours,
                requires_form=self.current.requires_form,
            )

    def save(self, settings: LeadSettings) -> LeadSettings:
        """Check and store the settings. Raises InvalidInputError that names the field."""
        settings = check_settings(settings, self._rule)
        value = {"value": msgspec.json.encode(settings).decode()}
        with self._changing, self._records.transaction() as t:
            if not t.change(_ROOM, {"name": _NAME}, value):
                t.add(_ROOM, {"name": _NAME, **value})
        self.current = settings
        return settings


def check_settings(settings: LeadSettings, rule: Rule) -> LeadSettings:
    """Return the settings with their texts in one form. Raises InvalidInputError."""
    drought, keeping = settings.drought, settings.keeping
    _check_range("reengage_hours", settings.reengage_hours, 0, HOURS_MOST)
    _check_range("threshold_minutes", drought.threshold_minutes, 1, MINUTES_MOST)
    _check_range("cooldown_minutes", drought.cooldown_minutes, 0, MINUTES_MOST)
    for field in Keeping.__struct_fields__:
        _check_range(field, getattr(keeping, field), 0, DAYS_MOST)
    for minute in (drought.hours.start_minute, drought.hours.end_minute):
        _check_range("business_hours", minute, 0, 24 * 60)
    try:
        ZoneInfo(drought.time_zone)
    except (KeyError, ValueError, OSError):
        raise InvalidInputError(
            f"unknown time zone '{drought.time_zone[:60]}'; write for example Asia/Kolkata",
            field="time_zone",
        ) from None
    return msgspec.structs.replace(
        settings,
        forward_url=_parse_url(settings.forward_url, rule, "forward_url"),
        test_words=_parse_words(settings.test_words, "test_words"),
        competitor_domains=tuple(
            dict.fromkeys(
                parse_domain(word)
                for word in _parse_words(settings.competitor_domains, "competitor_domains")
            )
        ),
        drought=msgspec.structs.replace(drought, url=_parse_url(drought.url, rule, "drought_url")),
    )


def _parse_url(text: str, rule: Rule, field: str) -> str:
    return parse_url(text, rule, field=field) if text.strip() else ""


def _parse_words(words: tuple[str, ...], field: str) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(word.strip().lower() for word in words if word.strip()))
    if len(kept) > WORDS_MOST or any(len(word) > WORD_LENGTH_MOST for word in kept):
        raise InvalidInputError(
            f"{field} holds {len(kept)} words; accepted are {WORDS_MOST} of up to "
            f"{WORD_LENGTH_MOST} characters",
            field=field,
        )
    return kept


def _check_range(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidInputError(f"{field} is {value}; accepted are {least} to {most}", field=field)
