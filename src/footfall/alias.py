"""Settings under the names that Echelon documents for them, where Footfall has one of its own or
goes another way. Ours wins; whatever a name asks for that does not happen is said at the start."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath

NEAR_NETWORKS = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
"""Where a proxy of one's own stands: on this machine or in a private network. To believe headers
from anywhere would let every visitor choose an address."""

TRUE_WORDS = frozenset({"1", "on", "true", "yes"})


@dataclass(frozen=True, slots=True)
class Alias:
    """Another system's name for a setting of ours."""

    name: str
    stands_for: str
    convert: Callable[[str], str]
    """Returns our value for theirs; '' for none."""
    note: str
    """Said at the start when the alias is in force; '{value}' is ours."""


def _same(value: str) -> str:
    return value


def _folder_beside(value: str) -> str:
    """Return the folder that stands where the database file would: /data/echelon.db becomes
    /data/echelon, and an old database is left alone."""
    path = PurePath(value)
    return str(path.with_suffix("") if path.suffix else path.with_name(f"{path.name}-data"))


def _networks(value: str) -> str:
    return NEAR_NETWORKS if value.lower() in TRUE_WORDS else ""


ALIASES: tuple[Alias, ...] = (
    Alias("ECHELON_PORT", "FOOTFALL_PORT", _same, ""),
    Alias(
        "ECHELON_DB_PATH",
        "FOOTFALL_DATA_DIR",
        _folder_beside,
        "Footfall keeps a folder and no single file: its data is in '{value}'",
    ),
    Alias(
        "ECHELON_TRUST_PROXY",
        "FOOTFALL_TRUSTED_PROXIES",
        _networks,
        "X-Forwarded-For is believed from this machine and from private networks only; for a proxy"
        " elsewhere set FOOTFALL_TRUSTED_PROXIES to its network",
    ),
)

EXPLAINED: Mapping[str, str] = {
    "ECHELON_LIVE_STATS_MINUTES": "what is live is always the last five minutes",
    "ECHELON_DISPLAY_TIMEZONE": "every project has a time zone of its own, in its settings",
    "ECHELON_TELEMETRY": "Footfall reports to nobody, whatever it says",
}
"""Names that are taken and change nothing, with the reason."""


def resolve_aliases(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the environment with our names filled in from others', and what is to be said."""
    resolved, notes = dict(environ), []
    for alias in ALIASES:
        given = environ.get(alias.name, "").strip()
        value = alias.convert(given) if given else ""
        if not value:
            continue
        ours = environ.get(alias.stands_for, "").strip()
        if not ours:
            resolved[alias.stands_for] = value
            if alias.note:
                notes.append(f"{alias.name}: {alias.note.format(value=value)}")
        elif ours != value:
            notes.append(
                f"{alias.name} is '{given}' but {alias.stands_for} is '{ours}', which wins"
            )
    return resolved, notes


def find_idle(environ: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Return what is to be said of names that change nothing: those explained, and unknown ones."""
    given = sorted(n for n in environ if n.startswith("ECHELON_") and environ[n].strip())
    notes = [f"{n}: changes nothing; {EXPLAINED[n]}" for n in given if n in EXPLAINED]
    strange = [n for n in given if n not in known and n not in EXPLAINED]
    return notes + [f"{n}: no setting has this name; it changes nothing" for n in strange]
