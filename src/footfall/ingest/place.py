"""Places: country, region and city from a database of networks, or the country from the browser's
time zone. An address goes in, a place comes out; the address is not kept beyond a small cache."""

import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import maxminddb
import msgspec

from footfall.errors import ConfigError

_CACHED_PLACES = 16_384

_TIME_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+){0,2}")


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a sender is."""

    country: str = ""
    """ISO 3166-1 alpha-2."""
    region: str = ""
    city: str = ""


NOWHERE = Place()


class Places:
    """Looks places up. Without a path it uses the country database that comes with Footfall
    (IP Geolocation by DB-IP, CC BY 4.0)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or Path(str(resources.files("footfall.ingest") / "data/country.mmdb"))
        try:
            self._reader = maxminddb.open_database(self._path, maxminddb.MODE_MMAP_EXT)
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
            raise ConfigError(
                f"FOOTFALL_COUNTRY_DB: '{self._path}' is no country or city database (.mmdb)"
            ) from error
        self.find = lru_cache(maxsize=_CACHED_PLACES)(self._find)
        """`find(address, time_zone)`: the place; what is not known is ''."""

    @property
    def built_at_s(self) -> int:
        """When the database was built, seconds since the epoch: show its age."""
        return int(self._reader.metadata().build_epoch)

    def forget(self) -> None:
        """Empty the cache of addresses."""
        self.find.cache_clear()

    def close(self) -> None:
        """Release the database."""
        self._reader.close()

    def _find(self, address: str, time_zone: str) -> Place:
        try:
            record: Any = self._reader.get(address)
        except ValueError:
            record = None
        if isinstance(record, dict):
            place = _parse_record(record)
            if place.country:
                return place
        country = find_country_of_zone(time_zone)
        return Place(country) if country else NOWHERE

    def __repr__(self) -> str:
        return f"Places({self._path.name!r})"


def find_country_of_zone(time_zone: str) -> str:
    """Return the country of an IANA time zone by the zone tab; '' for none or an unknown one."""
    if not _TIME_ZONE.fullmatch(time_zone):
        return ""
    return _load_zone_countries().get(time_zone, "")


def _parse_record(record: dict[str, Any]) -> Place:
    # Two shapes are about: flat (country_code, state1, city) and nested with names by language.
    flat = record.get("country_code")
    if isinstance(flat, str):
        return Place(flat, _text(record.get("state1")), _text(record.get("city")))
    country = record.get("country") or record.get("registered_country") or {}
    divisions = record.get("subdivisions") or [{}]
    return Place(
        _text(country.get("iso_code")) if isinstance(country, dict) else "",
        _name(divisions[0]),
        _name(record.get("city")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _name(value: Any) -> str:
    names = value.get("names") if isinstance(value, dict) else None
    return _text(names.get("en")) if isinstance(names, dict) else ""


@lru_cache(maxsize=1)
def _load_zone_countries() -> dict[str, str]:
    folder = resources.files("tzdata") / "zoneinfo"
    countries: dict[str, str] = {}
    for line in (folder / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            countries[zone] = code
    # Browsers still report old names (Asia/Calcutta); the links lead to the present one.
    for line in (folder / "tzdata.zi").read_text("utf-8").splitlines():
        if line.startswith("L "):
            _, target, alias = line.split(" ")
            if target in countries:
                countries.setdefault(alias, countries[target])
    return countries
