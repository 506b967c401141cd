"""The 23 modules a project can switch, as Pulse documents them, with their defaults and the other
names they are known by. Core modules stay readable even when they are off."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from footfall.errors import InvalidInputError

Access = Literal["read", "write", "all"]
"""What a module that is on allows: reading reports, taking data in, or both."""

ACCESSES: tuple[Access, ...] = get_args(Access)


@dataclass(frozen=True, slots=True)
class Module:
    """One set of features that a project switches on or off."""

    name: str
    title: str
    is_core: bool = False
    is_on_by_default: bool = False


MODULES: Final[tuple[Module, ...]] = (
    Module("pageviews", "Page views and top pages", True, True),
    Module("events", "Custom events with properties", True, True),
    Module("sessions", "Sessions and their duration", True, True),
    Module("referrers", "Where visits come from", True, True),
    Module("devices", "Browsers, systems and device types", True, True),
    Module("geo", "Countries", True, True),
    Module("realtime", "Visitors of the last five minutes", True, True),
    Module("utm", "Campaigns by UTM parameters", is_on_by_default=True),
    Module("funnels", "Multi-step conversion", is_on_by_default=True),
    Module("goals", "Goals and conversions", is_on_by_default=True),
    Module("retention", "How many come back", is_on_by_default=True),
    Module("cohorts", "Metrics compared by cohort"),
    Module("paths", "Ways through the site"),
    Module("webvitals", "Core Web Vitals"),
    Module("error_tracking", "JavaScript errors, grouped", is_on_by_default=True),
    Module("heatmaps", "Where people click"),
    Module("ab_testing", "Experiments"),
    Module("surveys", "Surveys and their answers"),
    Module("search", "Searches within the site"),
    Module("exports", "CSV exports", is_on_by_default=True),
    Module("sharing", "Shared dashboards"),
    Module("alerts", "Alerts on thresholds", is_on_by_default=True),
    Module("scroll_depth", "How far pages are scrolled"),
)

MODULE_NAMES: Final = tuple(m.name for m in MODULES)
CORE_MODULES: Final = tuple(m.name for m in MODULES if m.is_core)

ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "core": CORE_MODULES,
    "scroll": ("scroll_depth",),
    "web_vitals": ("webvitals",),
    "js_errors": ("error_tracking",),
    "click_events": ("heatmaps",),
    "search_queries": ("search",),
}
"""Names that Pulse's own code uses for the documented modules."""


@dataclass(frozen=True, slots=True)
class ModuleState:
    """Whether a module is on in a project, and for what."""

    is_enabled: bool
    access: Access

    @property
    def is_readable(self) -> bool:
        """Tell whether its reports answer."""
        return self.is_enabled and self.access != "write"

    @property
    def is_writable(self) -> bool:
        """Tell whether it takes data and changes."""
        return self.is_enabled and self.access != "read"


@dataclass(frozen=True, slots=True)
class ModuleChange:
    """What somebody sets of a module; None leaves it as it is."""

    is_enabled: bool | None = None
    access: Access | None = None


def default_state(module: Module) -> ModuleState:
    """Return the state of a module that a project has not set."""
    return ModuleState(module.is_on_by_default, "all" if module.is_on_by_default else "read")


def parse_module_names(name: str) -> tuple[str, ...]:
    """Return the modules that a name or an alias stands for. Raises InvalidInputError."""
    if name in MODULE_NAMES:
        return (name,)
    if name in ALIASES:
        return ALIASES[name]
    raise InvalidInputError(
        f"unknown module '{name}'; accepted are {', '.join(MODULE_NAMES)}", field="modules"
    )


def parse_access(text: str) -> Access:
    """Return an access level. Raises InvalidInputError."""
    for access in ACCESSES:
        if text == access:
            return access
    raise InvalidInputError(
        f"unknown access '{text}'; accepted are {', '.join(ACCESSES)}", field="access"
    )
