"""All settings, in one table: name, default, help, secret. The documentation of settings is
generated from it. Bad values are reported together, before anything starts."""

import ipaddress
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from footfall.alias import EXPLAINED, TRUE_WORDS, find_idle, resolve_aliases
from footfall.errors import ConfigError

Kind = Literal["text", "int", "flag", "path", "networks", "url"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


RETENTION_DAYS_LIMIT = 36_500
"""A hundred years: more is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable."""

    name: str
    kind: Kind
    default: str
    help: str
    is_secret: bool = False
    minimum: int | None = None
    maximum: int | None = None


SETTINGS: tuple[Setting, ...] = (
    Setting("FOOTFALL_HOST", "text", "127.0.0.1", "Address to listen on."),
    Setting("FOOTFALL_PORT", "int", "8000", "Port to listen on.", minimum=0, maximum=65535),
    Setting("FOOTFALL_DATA_DIR", "path", "./data", "Folder for everything Footfall keeps."),
    Setting(
        "FOOTFALL_TRUSTED_PROXIES",
        "networks",
        "",
        "Networks (CIDR, comma-separated) whose X-Forwarded-For is believed. Empty: none.",
    ),
    Setting(
        "FOOTFALL_WAREHOUSE_URL",
        "url",
        "",
        "clickhouse://user:password@host:8123/database; empty for DuckDB in the data folder.",
        is_secret=True,
    ),
    Setting(
        "FOOTFALL_RECORDS_URL",
        "url",
        "",
        "postgresql://user:password@host/database; empty for SQLite in the data folder.",
        is_secret=True,
    ),
    Setting(
        "FOOTFALL_OBJECTS_URL",
        "url",
        "",
        "Where recordings lie: s3://bucket/prefix; empty for a folder in the data folder.",
        is_secret=True,
    ),
    Setting(
        "FOOTFALL_SHARED_URL",
        "url",
        "",
        "Reserved for hot state shared by several nodes; this version keeps it in the process.",
        is_secret=True,
    ),
    Setting(
        "FOOTFALL_ALLOW_PRIVATE_WEBHOOKS",
        "flag",
        "off",
        "Let webhooks reach private and loopback addresses, and use http without TLS.",
    ),
    Setting("FOOTFALL_SMTP_HOST", "text", "", "Mail server for alerts; empty: no mail is sent."),
    Setting("FOOTFALL_SMTP_PORT", "int", "587", "Its port.", minimum=1, maximum=65535),
    Setting("FOOTFALL_SMTP_USER", "text", "", "User at the mail server; empty: none."),
    Setting("FOOTFALL_SMTP_PASSWORD", "text", "", "Its password.", True),
    Setting("FOOTFALL_SMTP_FROM", "text", "", "Sender of mails, such as footfall@example.com."),
    Setting(
        "FOOTFALL_SMTP_SECURITY",
        "text",
        "starttls",
        "starttls, tls (from the first byte, port 465), or none (a server on this machine).",
    ),
    Setting(
        "FOOTFALL_DUCKDB_MEMORY_MB",
        "int",
        "256",
        "DuckDB's memory limit in MB; larger results go to disk.",
        minimum=64,
    ),
    Setting("FOOTFALL_DUCKDB_THREADS", "int", "2", "DuckDB's threads.", minimum=1, maximum=256),
    Setting(
        "FOOTFALL_SPOOL_LIMIT_MB",
        "int",
        "1024",
        "Disk that events may wait on before new ones are refused with 503.",
        minimum=1,
    ),
    Setting(
        "FOOTFALL_RETENTION_DAYS",
        "int",
        "0",
        "Days for which events and sessions are kept; 0 for ever. A project may say otherwise.",
        minimum=0,
        maximum=RETENTION_DAYS_LIMIT,
    ),
    Setting("FOOTFALL_COUNTRY_DB", "path", "", "A newer country or city database (.mmdb)."),
    Setting("PULSE_ADMIN_TOKEN", "text", "", "Token of /api/admin; made on first start.", True),
    Setting(
        "RATE_LIMIT_PER_SECOND",
        "int",
        "100",
        "Requests a second and project, ingest and query each; 0 for no limit.",
        minimum=0,
    ),
    Setting(
        "ANALYTICS_API_KEY",
        "text",
        "",
        "Admin key of PulseGate's analytics; made on first start.",
        True,
    ),
    Setting(
        "ANALYTICS_MARKETING_API_KEY",
        "text",
        "",
        "Key to PulseGate's analytics without leads. Empty: none.",
        True,
    ),
    Setting(
        "PULSEGATE_FINGERPRINT",
        "flag",
        "off",
        "Let /tracker.js know browsers again by a fingerprint; most countries ask for consent.",
    ),
    Setting(
        "PULSEGATE_RECORDING",
        "flag",
        "off",
        "Record visits of pages that give no site key; those of a site follow the site's switch.",
    ),
    Setting(
        "FOOTFALL_RECORDING_DAYS",
        "int",
        "30",
        "Recordings of visits are forgotten after so many days.",
        minimum=1,
        maximum=3650,
    ),
    Setting(
        "FOOTFALL_RECORDING_MB_PER_DAY",
        "int",
        "1000",
        "Recordings a project may begin on one day (UTC), MB on disk; 0 for no limit.",
        minimum=0,
    ),
    Setting(
        "ENVIRONMENT",
        "text",
        "development",
        "`production` lets ALLOWED_ORIGINS hold; any other word lets every origin use Pulse.",
    ),
    Setting(
        "ALLOWED_ORIGINS",
        "text",
        "",
        "Origins (comma-separated) whose pages may use Pulse's API in production. Empty: all.",
    ),
    Setting(
        "LEAD_CAPTURE_REQUIRE_AUTH",
        "flag",
        "off",
        "Take leads only with a key, or from registered forms on registered domains.",
    ),
    Setting(
        "LEAD_REENGAGE_HOURS",
        "int",
        "24",
        "A follow-up within so many hours is a duplicate and not forwarded.",
        minimum=0,
        maximum=8760,
    ),
    Setting(
        "CRM_CALLBACK_SECRET",
        "text",
        "",
        "Secret of the callbacks that tell a lead's CRM id. Empty: they need none.",
        True,
    ),
    Setting(
        "CRM_WEBHOOK_SECRET",
        "text",
        "",
        "Secret of the CRM's reports; empty: CRM_CALLBACK_SECRET; neither: refused.",
        True,
    ),
    Setting("ECHELON_PORT", "int", "", "Another name for FOOTFALL_PORT, which wins."),
    Setting(
        "ECHELON_DB_PATH",
        "path",
        "",
        "Stands for FOOTFALL_DATA_DIR, which wins: /data/ea.db means the folder /data/ea.",
    ),
    Setting(
        "ECHELON_TRUST_PROXY",
        "flag",
        "off",
        "Stands for FOOTFALL_TRUSTED_PROXIES, which wins: this machine and private networks.",
    ),
    Setting(
        "ECHELON_RETENTION_DAYS",
        "int",
        "0",
        "Days for which events from Echelon's door are kept; 0 for ever (Echelon's own default is"
        " 90, beside daily sums of two years, which are not made here). FOOTFALL_RETENTION_DAYS,"
        " when given, and a project's own word win.",
        minimum=0,
        maximum=RETENTION_DAYS_LIMIT,
    ),
    Setting(
        "ECHELON_ANONYMIZE_SITES",
        "text",
        "",
        "Site ids (comma-separated) whose events are made anonymous before they are stored.",
    ),
    Setting(
        "ECHELON_VIEW_FLUSH_MS",
        "int",
        "",
        "Milliseconds for which acknowledged views may wait on disk before they are loaded, unless"
        " a report asks for them. Empty: 5000.",
        minimum=10,
        maximum=600_000,
    ),
    Setting(
        "ECHELON_EVENT_FLUSH_MS",
        "int",
        "",
        "The same for events. Both are loaded together, so the shorter time holds.",
        minimum=10,
        maximum=600_000,
    ),
    Setting(
        "ECHELON_SHUTDOWN_TIMEOUT_MS",
        "int",
        "60000",
        "Milliseconds that a stop waits for the last events to be loaded; what is left then is"
        " loaded after the next start.",
        minimum=0,
        maximum=3_600_000,
    ),
    *(
        Setting(name, "text", "", f"Changes nothing: {reason}.")
        for name, reason in EXPLAINED.items()
    ),
    Setting("ECHELON_SECRET", "text", "", "Bearer of Echelon's API; made on first start.", True),
    Setting("ECHELON_USERNAME", "text", "", "Name for signing in to Echelon's API by password."),
    Setting(
        "ECHELON_PASSWORD_HASH",
        "text",
        "",
        "pbkdf2$600000$<salt>$<hash> (SHA-256, hex) of the password to that name.",
        True,
    ),
    Setting(
        "ECHELON_PUBLIC_MODE", "flag", "off", "Let everybody read Echelon's API and nobody write."
    ),
    Setting(
        "ECHELON_ALLOWED_ORIGINS",
        "text",
        "",
        "Hosts whose pages may load /ea.js, comma-separated. Empty: all.",
    ),
    Setting("ECHELON_ALLOWED_SITES", "text", "", "Site ids that are recorded. Empty: all."),
    Setting("ECHELON_IGNORED_SITES", "text", "", "Site ids that are never recorded."),
    Setting(
        "ECHELON_CHALLENGE_WINDOW_MINUTES",
        "int",
        "10",
        "How long a challenge of /ea.js may be answered.",
        minimum=1,
        maximum=120,
    ),
    Setting(
        "ECHELON_POW_MISSING_POINTS",
        "int",
        "15",
        "Points of a page that did not prove that it was run.",
        minimum=0,
        maximum=100,
    ),
    Setting(
        "ECHELON_POW_INVALID_POINTS",
        "int",
        "25",
        "Points of a page with a wrong proof.",
        minimum=0,
        maximum=100,
    ),
    Setting(
        "ECHELON_SUSPECT_COUNTRIES",
        "text",
        "",
        "Countries (ISO codes) whose visitors get points. Empty: none.",
    ),
    Setting(
        "ECHELON_SUSPECT_POINTS", "int", "30", "Points of those countries.", minimum=0, maximum=100
    ),
    Setting(
        "ECHELON_SITE_SUSPECT_COUNTRIES",
        "text",
        "",
        "The same for single sites: site:CC,CC;site:CC.",
    ),
    Setting(
        "ECHELON_BOT_DISCARD_THRESHOLD",
        "int",
        "0",
        "Score from which Echelon's signals are dropped; 0 keeps and marks them.",
        minimum=0,
        maximum=100,
    ),
    Setting(
        "ECHELON_RATE_LIMIT_MAX",
        "int",
        "100",
        "Requests to /ea.js, /b.gif and /e of one address within the window; 0 for no limit.",
        minimum=0,
    ),
    Setting(
        "ECHELON_RATE_LIMIT_WINDOW_MS", "int", "60000", "That window in milliseconds.", minimum=100
    ),
    Setting(
        "ECHELON_BOT_UA_PATTERNS",
        "text",
        "",
        "Further parts of user agents that are robots, comma-separated.",
    ),
    Setting(
        "ECHELON_BEHIND_CLOUDFLARE",
        "flag",
        "off",
        "Believe Cloudflare's headers on Echelon's tracking paths: cf-connecting-ip, cf-ipcountry,"
        " cf-bot-score and cf-verified-bot.",
    ),
    Setting(
        "ECHELON_TRUST_GEO_HEADERS",
        "flag",
        "off",
        "Believe cf-ipcountry, cloudfront-viewer-country and x-country-code on /b.gif and /e.",
    ),
    Setting(
        "ECHELON_COOKIE_CONSENT",
        "flag",
        "off",
        "Let pages with data-cookie ask for consent to a cookie.",
    ),
)

MAIL_SECURITIES = ("starttls", "tls", "none")

_BY_NAME = {s.name: s for s in SETTINGS}


@dataclass(frozen=True, slots=True)
class Config:
    """Settings, parsed and checked."""

    values: Mapping[str, str]
    trusted_proxies: tuple[Network, ...]
    allowed_origins: tuple[str, ...] = ()
    """The only origins whose pages may use Pulse's API; () for all."""
    given: frozenset[str] = frozenset()
    """Names that somebody set, under our name or another's."""
    notes: tuple[str, ...] = ()
    """What is to be said at the start: contradictions, and settings that change nothing."""

    def text(self, name: str) -> str:
        """Return a setting as text."""
        return self.values[_BY_NAME[name].name]

    def integer(self, name: str) -> int:
        """Return a setting as an integer. Raises ValueError for one that nobody gave and that has
        no default."""
        return int(self.values[_BY_NAME[name].name])

    def flag(self, name: str) -> bool:
        """Return a setting as a truth value."""
        return self.values[_BY_NAME[name].name].lower() in TRUE_WORDS

    @property
    def data_dir(self) -> Path:
        """The data folder."""
        return Path(self.values["FOOTFALL_DATA_DIR"]).expanduser()


_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@\s]+\Z")
_FALSE = frozenset({"0", "off", "false", "no", ""})


def parse_config(environ: Mapping[str, str]) -> Config:
    """Read the settings from an environment.

    Raises ConfigError that lists every bad value with what would be accepted.
    """
    resolved, notes = resolve_aliases(environ)
    given = frozenset(s.name for s in SETTINGS if resolved.get(s.name, "").strip())
    values = {s.name: resolved.get(s.name, "").strip() or s.default for s in SETTINGS}
    problems = [p for s in SETTINGS if (p := _find_problem(s, values[s.name]))]
    if values["FOOTFALL_SHARED_URL"]:
        # Ignoring it would let two nodes count one visit twice.
        problems.append("FOOTFALL_SHARED_URL: sharing hot state comes later; leave it empty")
    problems += _find_mail_problems(values)
    networks: list[Network] = []
    for part in filter(None, (p.strip() for p in values["FOOTFALL_TRUSTED_PROXIES"].split(","))):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            problems.append(
                f"FOOTFALL_TRUSTED_PROXIES: '{part}' is no network; write for example 10.0.0.0/8"
            )
    origins = [o.strip().rstrip("/") for o in values["ALLOWED_ORIGINS"].lower().split(",")]
    problems += [
        f"ALLOWED_ORIGINS: '{origin}' is no origin; write for example https://shop.example"
        for origin in filter(None, origins)
        if not _ORIGIN.match(origin)
    ]
    if problems:
        raise ConfigError("\n".join(problems))
    is_production = values["ENVIRONMENT"].lower() == "production"
    allowed = tuple(filter(None, origins)) if is_production else ()
    notes += find_idle(environ, _BY_NAME)
    notes += _find_retention_notes(values, given)
    return Config(values, tuple(networks), allowed, given, tuple(notes))


def _find_retention_notes(values: Mapping[str, str], given: Collection[str]) -> list[str]:
    ours, theirs = values["FOOTFALL_RETENTION_DAYS"], values["ECHELON_RETENTION_DAYS"]
    if "FOOTFALL_RETENTION_DAYS" not in given:
        if int(theirs):
            return [f"ECHELON_RETENTION_DAYS: events from Echelon's door are kept {theirs} days"]
        return []
    if "ECHELON_RETENTION_DAYS" in given and ours != theirs:
        return [
            f"ECHELON_RETENTION_DAYS is '{theirs}' but FOOTFALL_RETENTION_DAYS is '{ours}',"
            " which wins"
        ]
    return []


def _find_mail_problems(values: Mapping[str, str]) -> list[str]:
    security = values["FOOTFALL_SMTP_SECURITY"].lower()
    problems = []
    if security not in MAIL_SECURITIES:
        problems.append(
            f"FOOTFALL_SMTP_SECURITY: '{security}' is not one of {', '.join(MAIL_SECURITIES)}"
        )
    if values["FOOTFALL_SMTP_HOST"] and "@" not in values["FOOTFALL_SMTP_FROM"]:
        problems.append("FOOTFALL_SMTP_FROM: mail needs a sender, such as footfall@example.com")
    if security == "none" and values["FOOTFALL_SMTP_USER"]:
        problems.append(
            "FOOTFALL_SMTP_SECURITY: 'none' would send the password in the clear; use starttls or "
            "tls, or leave FOOTFALL_SMTP_USER empty"
        )
    return problems


def _find_problem(setting: Setting, value: str) -> str | None:
    if setting.kind == "int" and (value or setting.default):
        try:
            number = int(value)
        except ValueError:
            return f"{setting.name}: '{value}' is no whole number"
        if setting.minimum is not None and number < setting.minimum:
            return f"{setting.name}: {number} is below {setting.minimum}"
        if setting.maximum is not None and number > setting.maximum:
            return f"{setting.name}: {number} is above {setting.maximum}"
    if setting.kind == "flag" and value.lower() not in TRUE_WORDS | _FALSE:
        return f"{setting.name}: '{value}' is neither on nor off"
    return None
