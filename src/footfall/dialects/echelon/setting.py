"""Echelon's own settings, under their own names."""

import re
from dataclasses import dataclass

from footfall.bots.point import PointBook, make_point_book
from footfall.config import Config
from footfall.dialects.echelon.track import EchelonRules
from footfall.errors import ConfigError

_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class EchelonSettings:
    """What an operator decides."""

    rules: EchelonRules
    points: PointBook
    window_minutes: int
    """How long a challenge may be answered."""
    requests: int
    """Requests of one address within `requests_window_s`."""
    requests_window_s: float
    allowed_hosts: frozenset[str]
    """Hosts whose pages may load the script. Empty: all."""
    asks_consent: bool
    robots: frozenset[str]
    """Parts of user agents that are robots."""


def parse_settings(config: Config) -> EchelonSettings:
    """Read the settings. Raises ConfigError that quotes the value."""
    return EchelonSettings(
        rules=EchelonRules(
            ignored_sites=_parse_list(config.text("ECHELON_IGNORED_SITES")),
            allowed_sites=_parse_list(config.text("ECHELON_ALLOWED_SITES")),
            anonymous_sites=_parse_list(config.text("ECHELON_ANONYMIZE_SITES").lower()),
            discard_from=config.integer("ECHELON_BOT_DISCARD_THRESHOLD"),
            trusts_cloudflare=config.flag("ECHELON_BEHIND_CLOUDFLARE"),
            trusts_country=config.flag("ECHELON_TRUST_GEO_HEADERS"),
        ),
        points=make_point_book(
            changes={
                "proof_missing": config.integer("ECHELON_POW_MISSING_POINTS"),
                "proof_invalid": config.integer("ECHELON_POW_INVALID_POINTS"),
                "suspect_country": config.integer("ECHELON_SUSPECT_POINTS"),
                "suspect_country_of_site": config.integer("ECHELON_SUSPECT_POINTS"),
            },
            countries=_parse_countries(config.text("ECHELON_SUSPECT_COUNTRIES")),
            site_countries=_parse_sites(config.text("ECHELON_SITE_SUSPECT_COUNTRIES")),
        ),
        window_minutes=config.integer("ECHELON_CHALLENGE_WINDOW_MINUTES"),
        requests=config.integer("ECHELON_RATE_LIMIT_MAX"),
        requests_window_s=config.integer("ECHELON_RATE_LIMIT_WINDOW_MS") / 1_000,
        allowed_hosts=_parse_list(config.text("ECHELON_ALLOWED_ORIGINS").lower()),
        asks_consent=config.flag("ECHELON_COOKIE_CONSENT"),
        robots=_parse_list(config.text("ECHELON_BOT_UA_PATTERNS")),
    )


def _parse_list(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def _parse_countries(text: str) -> frozenset[str]:
    countries = frozenset(country.upper() for country in _parse_list(text))
    for country in countries:
        if not _COUNTRY.fullmatch(country):
            raise ConfigError(
                f"ECHELON_SUSPECT_COUNTRIES: '{country}' is no country; write codes such as AT,DE"
            )
    return countries


def _parse_sites(text: str) -> dict[str, frozenset[str]]:
    found = {}
    for part in filter(None, (p.strip() for p in text.split(";"))):
        site, mark, countries = part.partition(":")
        if not mark:
            raise ConfigError(
                f"ECHELON_SITE_SUSPECT_COUNTRIES: '{part}' names no countries; write site:CC,CC"
            )
        found[site.strip()] = _parse_countries(countries)
    return found
