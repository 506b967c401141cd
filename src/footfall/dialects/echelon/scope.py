"""What a site's reports look at: the project the site stands for, the days asked for (UTC), and of
the default project only what came from this site."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from footfall.clock import US_PER_DAY
from footfall.dialects.echelon.site import DEFAULT_SITE, find_project
from footfall.dialects.echelon.sites import require_site
from footfall.dialects.echelon.track import DOOR
from footfall.errors import InvalidInputError, MissingFieldError, NotFoundError
from footfall.model.time_range import TimeRange
from footfall.projects.directory import Directory
from footfall.reports.query import And, DimensionFilter, Filter, Interval, Or, Query
from footfall.reports.scope import Scope

ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class SiteScope:
    """One site over some days."""

    site: str
    scope: Scope

    def query(
        self,
        *metrics: str,
        by: str = "",
        limit: int = 20,
        interval: Interval | None = None,
        also: Filter | None = None,
    ) -> Query:
        """Ask for metrics, largest first, or day by day."""
        parts = tuple(part for part in (self.scope.filter, also) if part is not None)
        condition = parts[0] if len(parts) == 1 else (And(parts) if parts else None)
        return Query(
            self.scope.project,
            metrics,
            self.scope.range,
            (by,) if by else (),
            condition,
            interval,
            limit=limit,
        )


def make_site_scope(directory: Directory, site_id: str | None, span: TimeRange) -> SiteScope:
    """Return what a site's reports look at.

    Raises MissingFieldError, InvalidInputError for what is no site id.
    """
    if not site_id:
        raise MissingFieldError("site_id")
    site = require_site(site_id)
    entry = find_project(directory, site)
    if entry is None:
        raise NotFoundError("Site", site)
    return SiteScope(
        site, Scope(entry.project.number, span, make_site_filter(entry.project.slug, site))
    )


def make_site_filter(slug: str, site: str) -> Filter | None:
    """Return what keeps a site's part of a project: all of its own project; of the default project
    what it sent itself, and for the site 'default' whatever no other site of Echelon's sent."""
    if slug == site and site != DEFAULT_SITE:
        return None
    own = DimensionFilter("hostname", "is", (site,))
    if site != DEFAULT_SITE:
        return own
    return Or((own, DimensionFilter("door", "is_not", (DOOR,))))


def parse_days(days: int, most: int, now_us: int) -> TimeRange:
    """Return so many days, today included. Raises InvalidInputError."""
    if not 1 <= days <= most:
        raise InvalidInputError(f"days is {days}; 1 to {most} are accepted", field="days")
    today_us = now_us // US_PER_DAY * US_PER_DAY
    return TimeRange(today_us - (days - 1) * US_PER_DAY, today_us + US_PER_DAY)
