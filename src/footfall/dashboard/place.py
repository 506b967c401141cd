"""Names of countries and of time zones, read from the tzdata package that Python's zones come
from anyway. No border is drawn here: a code that the list lacks is shown as it is."""

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from footfall.errors import InvalidInputError

_PLAINER = {
    "GB": "United Kingdom",
    "US": "United States",
    "KR": "South Korea",
    "KP": "North Korea",
    "CD": "DR Congo",
    "CG": "Congo",
    "MM": "Myanmar",
    "BA": "Bosnia and Herzegovina",
    "VI": "US Virgin Islands",
    "VG": "British Virgin Islands",
    "AS": "American Samoa",
    "WS": "Samoa",
    "XK": "Kosovo",
}
"""The table of tzdata abbreviates for its own readers; these are the names people expect."""


@cache
def load_countries() -> dict[str, str]:
    """Return names by ISO 3166-1 code."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return dict(rows) | _PLAINER


def find_country(code: str) -> str:
    """Return the country's name, or the code itself when it is not in the list."""
    return load_countries().get(code, code)


@cache
def load_zones() -> tuple[str, ...]:
    """Return the names of the zones people live in, in order."""
    text = (files("tzdata") / "zoneinfo" / "zone1970.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return ("UTC", *sorted(row[2] for row in rows))


def parse_zone(name: str, field: str = "tz") -> ZoneInfo:
    """Return a zone. Raises InvalidInputError that quotes an unknown name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(
            f"'{name}' is no time zone; write it as Europe/Berlin or UTC", field=field
        ) from None
