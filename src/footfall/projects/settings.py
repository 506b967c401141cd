"""What a project's settings say: its modules, further host names, what it leaves out and for how
long it keeps events. Settings are one JSON object; keys that this module does not know are kept for
whoever wrote them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from footfall.config import RETENTION_DAYS_LIMIT
from footfall.errors import InvalidInputError
from footfall.projects.domain import parse_domain
from footfall.projects.exclusion import Exclusions, parse_exclusions
from footfall.projects.module import (
    MODULES,
    ModuleChange,
    ModuleState,
    default_state,
    parse_access,
    parse_module_names,
)

SETTINGS_LIMIT_BYTES = 64 * 1024
"""Settings are held in memory for every project; this is far above what switches need."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one project, parsed."""

    modules: Mapping[str, ModuleState]
    """All 23, in the documented order."""
    hosts: tuple[str, ...] = ()
    """Host names of the project besides its domain."""
    exclusions: Exclusions | None = None
    """What it leaves out; None for nothing."""
    has_daily_visitors: bool = False
    """True when ids that senders give are hashed with the day's salt: nobody is known tomorrow."""
    retention_days: int | None = None
    """Days for which events are kept, 0 for ever; None: as the server's settings say."""


def render_settings(settings: Mapping[str, Any]) -> str:
    """Return settings as the JSON text that is stored. Raises InvalidInputError when what is
    said about modules or hosts cannot be understood."""
    _parse(settings)
    text = msgspec.json.encode(settings).decode()
    if len(text) > SETTINGS_LIMIT_BYTES:
        raise InvalidInputError(
            f"settings take {len(text)} bytes; accepted are {SETTINGS_LIMIT_BYTES}",
            field="settings",
        )
    return text


def parse_settings(text: str) -> Settings:
    """Read stored settings. Raises InvalidInputError."""
    value = msgspec.json.decode(text)
    if not isinstance(value, dict):
        raise InvalidInputError(f"settings must be an object, not {value!r}", field="settings")
    return _parse(value)


def merge_modules(
    settings: Mapping[str, Any], changes: Iterable[tuple[str, ModuleChange]]
) -> dict[str, Any]:
    """Return settings in which modules are changed, each under its documented name; what nobody
    set stays unset, so that it follows the defaults. Raises InvalidInputError."""
    modules: dict[str, dict[str, Any]] = {}
    for name, said in _module_changes(settings.get("modules")):
        for module in parse_module_names(name):
            kept = {k: said[k] for k in ("enabled", "access") if said.get(k) is not None}
            modules[module] = modules.get(module, {}) | kept
    for name, change in changes:
        for module in parse_module_names(name):
            entry = modules.setdefault(module, {})
            if change.is_enabled is not None:
                entry["enabled"] = change.is_enabled
            if change.access is not None:
                entry["access"] = change.access
    return {**settings, "modules": modules}


def _parse(settings: Mapping[str, Any]) -> Settings:
    states = {m.name: default_state(m) for m in MODULES}
    for name, change in merge_modules(settings, ())["modules"].items():
        states[name] = _parse_state(name, change, states[name])
    hosts = settings.get("hosts") or []
    if not isinstance(hosts, list) or not all(isinstance(h, str) for h in hosts):
        raise InvalidInputError(f"hosts must be a list of host names, not {hosts!r}", field="hosts")
    is_daily = settings.get("daily_visitors", False)
    if not isinstance(is_daily, bool):
        raise InvalidInputError(
            f"daily_visitors is {is_daily!r}; accepted are true and false", field="daily_visitors"
        )
    return Settings(
        states,
        tuple(parse_domain(h) for h in hosts),
        parse_exclusions(settings.get("exclude")),
        is_daily,
        _parse_retention(settings.get("retention_days")),
    )


def _parse_retention(days: object) -> int | None:
    is_days = isinstance(days, int) and not isinstance(days, bool)
    if days is None or (is_days and 0 <= cast("int", days) <= RETENTION_DAYS_LIMIT):
        return cast("int | None", days)
    raise InvalidInputError(
        f"retention_days is {days!r}; accepted are whole numbers from 1 to {RETENTION_DAYS_LIMIT},"
        " 0 to keep events for ever, and null to follow the server",
        field="retention_days",
    )


def _module_changes(modules: object) -> list[tuple[str, dict[str, Any]]]:
    """Accept `{name: {enabled, access}}` and `[{name, enabled, access}]`."""
    changes: list[tuple[object, object]] = []
    if isinstance(modules, dict):
        changes = list(modules.items())
    elif isinstance(modules, list):
        changes = [(m.get("name") if isinstance(m, dict) else None, m) for m in modules]
    elif modules is not None:
        changes = [(None, modules)]
    checked = []
    for name, change in changes:
        if not isinstance(name, str) or not isinstance(change, dict):
            raise InvalidInputError(
                f"modules must be a list of {{name, enabled, access}}, not {modules!r}",
                field="modules",
            )
        checked.append((name, change))
    return checked


def _parse_state(name: str, change: dict[str, Any], before: ModuleState) -> ModuleState:
    is_enabled = change.get("enabled", before.is_enabled)
    if not isinstance(is_enabled, bool):
        raise InvalidInputError(
            f"enabled of module '{name}' is {is_enabled!r}; accepted are true and false",
            field="modules",
        )
    access = change.get("access")
    if access is not None:
        return ModuleState(is_enabled, parse_access(str(access)))
    # Who switches a module on without a word on its access expects it to work.
    return ModuleState(is_enabled, "all" if is_enabled else before.access)
