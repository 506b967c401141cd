"""How much a visit shows of interest, 0 to 100: for how long, how far it scrolled, how often it
clicked, how often it had come before [PulseGate]. The score is worked out from the events when it
is asked for; nothing of it is stored. A visit has ended when its sender said so, or when nothing
came for 30 minutes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from footfall.clock import US_PER_DAY
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange
from footfall.reports.family import Desk
from footfall.reports.port import Reports
from footfall.reports.scope import Scope

Label = Literal["Cold", "Warm", "Hot", "Very Hot"]

LABELS: tuple[tuple[int, Label], ...] = ((20, "Cold"), (45, "Warm"), (70, "Hot"))
"""Up to and including so many points; 'Very Hot' beyond."""

POINT_US = 10_000_000
"""One point for each full ten seconds."""
DURATION_MOST = 35
POINT_SCROLL = 3.33
"""One point for each 3.33 percent of the page, of the deepest scroll."""
SCROLL_MOST = 30
CLICKS_MOST = 20
"""One point for each click."""
RETURN_POINTS = 5
"""For each earlier visit."""
RETURNS_MOST = 15

TAIL_US = 2 * US_PER_DAY
"""How long after its begin a visit is looked at: clocks are believed within ±24 h."""

SESSIONS_LIMIT = 1_000


def score_engagement(duration_us: int, scroll: float, clicks: int, returns: int) -> int:
    """Return the score of a visit: four parts, each rounded down and capped."""
    return (
        min(duration_us // POINT_US, DURATION_MOST)
        + min(int(scroll / POINT_SCROLL), SCROLL_MOST)
        + min(clicks, CLICKS_MOST)
        + min(returns * RETURN_POINTS, RETURNS_MOST)
    )


def label_engagement(score: int) -> Label:
    """Return the word for a score."""
    return next((label for most, label in LABELS if score <= most), "Very Hot")


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit with what its score is made of."""

    session: int
    visitor: int
    start_us: int
    end_us: int
    """Its last signal."""
    is_ended: bool
    site: str
    entry_page: str
    """Path; of a visit without a pageview the page it was announced on."""
    exit_page: str
    country: str
    pageviews: int
    events: int
    """What was done or noticed in it; its begin and end do not count."""
    clicks: int
    scroll: float
    """The deepest point, percent of the page."""
    returns: int
    """Earlier visits of the visitor."""
    vpn: int
    """How much spoke for a VPN when it began, 0 to 24."""
    score: int

    @property
    def duration_us(self) -> int:
        """From its first signal to its last."""
        return self.end_us - self.start_us

    @property
    def label(self) -> Label:
        """The word for its score."""
        return label_engagement(self.score)


@dataclass(frozen=True, slots=True)
class VisitsQuestion:
    """Visits that began in the scope, newest first: some by their ids, those of a visitor, or
    all."""

    scope: Scope
    sessions: tuple[int, ...] = ()
    """Empty: whatever their id."""
    visitor: int | None = None
    limit: int = 50
    offset: int = 0

    def check(self) -> None:
        """Refuse limits out of range. Raises InvalidInputError."""
        for field, value, least in (
            ("limit", self.limit, 1),
            ("offset", self.offset, 0),
            ("sessions", len(self.sessions), 0),
        ):
            if value < least or (field != "offset" and value > SESSIONS_LIMIT):
                raise InvalidInputError(
                    f"{field} is {value}; {least} to {SESSIONS_LIMIT} are accepted", field=field
                )

    def run(self, desk: Desk) -> tuple[Visit, ...]:
        """Return the visits."""
        from footfall.reports.engagement_sql import make_visits

        rows = widen(desk).ask(make_visits(widen(desk), self))
        return tuple(_read_visit(row) for row in rows)


@dataclass(frozen=True, slots=True)
class EngagementCell:
    """Visits of one day (UTC) and one score."""

    day: int
    """Days since 1970-01-01; 0 where days were not asked for."""
    score: int
    is_ended: bool
    visits: int
    duration_us: int
    """Of all of them together."""


@dataclass(frozen=True, slots=True)
class EngagementQuestion:
    """How the visits of the scope spread over scores, and over days where asked."""

    scope: Scope
    is_daily: bool = False

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> tuple[EngagementCell, ...]:
        """Return the cells that hold visits, by day, then score."""
        from footfall.reports.engagement_sql import make_cells

        rows = widen(desk).ask(make_cells(widen(desk), self))
        return tuple(
            EngagementCell(int(day), int(score), bool(ended), int(visits), int(duration_us))
            for day, score, ended, visits, duration_us in rows
        )


@dataclass(frozen=True, slots=True)
class EngagementMeans:
    """What several cells say together."""

    visits: int
    ended: int
    mean_score: float | None
    """Of the ended ones; None without any."""
    mean_duration_s: float | None


def average_engagement(cells: Sequence[EngagementCell]) -> EngagementMeans:
    """Return the means over ended visits. Sums of whole numbers, so that order says nothing."""
    ended = [cell for cell in cells if cell.is_ended]
    count = sum(cell.visits for cell in ended)
    visits = sum(cell.visits for cell in cells)
    if not count:
        return EngagementMeans(visits, 0, None, None)
    score = sum(cell.visits * cell.score for cell in ended) / count
    duration_s = sum(cell.duration_us for cell in ended) / count / 1_000_000
    return EngagementMeans(visits, count, score, duration_s)


async def run_engagement(
    reports: Reports, project: int, now_us: int, *, session: int = 0, visitor: int = 0
) -> Visit | None:
    """Return one visit as it stands: the session, else the visitor's newest; None when there is
    none. Bots are not left out: whoever asks has somebody in mind."""
    span = TimeRange(0, now_us + US_PER_DAY + 1)
    scope = Scope(project, span, bots="include")
    if session:
        found = await reports.ask(VisitsQuestion(scope, (session,), limit=1))
    elif visitor:
        found = await reports.ask(VisitsQuestion(scope, visitor=visitor, limit=1))
    else:
        return None
    return found[0] if found else None


def widen(desk: Desk) -> Desk:
    """Return a desk that sees all history, for earlier visits, and the ends of late ones."""
    end_us = desk.scope.range.end_us + TAIL_US
    return replace(desk, scope=replace(desk.scope, range=TimeRange(0, end_us)))


def _read_visit(row: tuple[Any, ...]) -> Visit:
    session, visitor, start_us, end_us, ended, site, entry, exit_, country, *counts = row
    pageviews, events, clicks, scroll, returns, vpn, score = counts
    return Visit(
        int(session),
        int(visitor),
        int(start_us),
        int(end_us),
        bool(ended),
        str(site),
        str(entry),
        str(exit_),
        str(country),
        int(pageviews),
        int(events),
        int(clicks),
        float(scroll),
        int(returns),
        int(vpn),
        int(score),
    )
