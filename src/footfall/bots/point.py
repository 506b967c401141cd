"""The points of doors that challenge their pages: every sign has its points, and they add up
[Echelon]. A door that cannot challenge judges by `factor` instead, where two kinds must agree.
Both end in one score from 0 to 100, and 50 is a bot for every report."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

MOST = 100


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign with its points and its meaning."""

    code: str
    points: int
    meaning: str


SIGNS: Final[tuple[Sign, ...]] = (
    Sign("crawler", 100, "The user agent names itself a robot."),
    Sign("automation", 100, "A browser that says it is run by a program; tests are."),
    Sign("library", 100, "An HTTP library where only pages send."),
    Sign("proxy_verified", 15, "The proxy knows the sender as an honest robot (Cloudflare)."),
    Sign("proxy_certain", 50, "The proxy is certain of a robot (Cloudflare's score up to 2)."),
    Sign("proxy_likely", 30, "The proxy thinks a robot likely (3 to 29)."),
    Sign("proxy_doubtful", 10, "The proxy is in doubt (30 to 50)."),
    Sign("quick", 20, "The first interaction came within 850 ms of the load."),
    Sign("hasty", 8, "The first interaction came within a second of the load."),
    Sign("suspect_country", 30, "The address is in a country that the operator suspects."),
    Sign("suspect_country_of_site", 30, "The same, suspected for this site."),
    Sign("burst", 25, "More than 15 signals of one address within five minutes."),
    Sign("no_language", 10, "No Accept-Language header."),
    Sign("no_hints", 10, "Neither Sec-CH-UA nor Sec-Fetch-Site."),
    Sign("odd_screen", 10, "A screen without pixels, or with more than 10,000 on a side."),
    Sign("deep_entry", 5, "A page deep within the site, viewed without a referrer."),
    Sign("hosting", 15, "The address belongs to a hosting company."),
    Sign("suspected_address", 20, "A robot sent from this address within 30 minutes."),
    Sign("confirmed_address", 50, "This sender behaved as only programs do, within the hour."),
    Sign("lookalike", 30, "Six or more addresses look alike, and half show another sign."),
    Sign("lookalikes", 50, "Eight or more do, or some of them are confirmed."),
    Sign("proof_missing", 15, "The page did not prove that it was run."),
    Sign("proof_invalid", 25, "The proof is not the one that was asked for."),
)

QUICK_MS = 850
HASTY_MS = 1_000
SIDE_LIMIT = 10_000
DEEP_SEGMENTS = 2


@dataclass(frozen=True, slots=True)
class PointBook:
    """The points in force, and the countries an operator suspects."""

    points: Mapping[str, int] = field(default_factory=lambda: {s.code: s.points for s in SIGNS})
    countries: frozenset[str] = frozenset()
    site_countries: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By site."""

    def add_up(self, codes: Collection[str]) -> tuple[int, str]:
        """Return (0 to 100, codes joined by commas)."""
        return min(sum(self.points[code] for code in codes), MOST), ",".join(codes)


def make_point_book(
    *,
    changes: Mapping[str, int] | None = None,
    countries: Collection[str] = (),
    site_countries: Mapping[str, frozenset[str]] | None = None,
) -> PointBook:
    """Return the documented points with an operator's changes.

    Raises KeyError for a code that no sign has.
    """
    points = {sign.code: sign.points for sign in SIGNS}
    for code, value in (changes or {}).items():
        points[code] = min(max(value, 0), MOST) if code in points else points[code]
    return PointBook(points, frozenset(countries), site_countries or {})


def is_odd_screen(screen: str) -> bool:
    """Tell whether no device has this screen ('WxH' as it was parsed, '' for what is none)."""
    width, _, height = screen.partition("x")
    sides = [int(side) for side in (width, height) if side.isdigit()]
    return len(sides) < 2 or not all(0 < side <= SIDE_LIMIT for side in sides)


def is_deep(path: str) -> bool:
    """Tell whether a path has two segments or more."""
    return len([segment for segment in path.split("/") if segment]) >= DEEP_SEGMENTS
