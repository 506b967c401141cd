"""The whole history of the demo, streamed in the order of time. The same seed, days, size and end
give the same history; memory holds about a day and a half of it, however long it is."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from random import Random

from footfall.cli.demo.bot import BOT_SHARE, crawl, make_bot
from footfall.cli.demo.journey import JOURNEYS
from footfall.cli.demo.person import Person, make_person
from footfall.cli.demo.rhythm import (
    AT_HOME,
    AT_WORK,
    LEISURE_WEEK,
    WORKING_WEEK,
    draw_moment_us,
)
from footfall.cli.demo.site import ARTICLES, CATEGORIES, GUIDES, PRODUCTS, SITES, Campaign, Site
from footfall.cli.demo.visit import Visit
from footfall.ingest.request import Sender, Signal
from footfall.model.time_range import from_us, to_us

DAY_US = 86_400_000_000
DOOR = "demo"

_POOL = 20_000
"""People of a site who may come back; beyond it a newcomer takes somebody's place."""

_EARLIEST_ZONE_US = 14 * 3_600_000_000
"""No local day begins earlier than this before its date begins in UTC."""

_PAGES = {
    "shop": ["/", *(f"/category/{c}" for c in CATEGORIES), *(f"/product/{p[0]}" for p in PRODUCTS)],
    "docs": ["/", *(f"/{guide}" for guide in GUIDES)],
    "journal": ["/", *(f"/{slug}" for slug, _ in ARTICLES)],
}

Moment = tuple[int, int, Sender, Signal]


def generate(
    seed: int,
    days: int,
    end_us: int,
    *,
    visitors_per_day: int = 400,
    projects: Sequence[int] = (1, 2, 3),
) -> Iterator[tuple[Sender, Signal]]:
    """Give the signals of `days` days up to `end_us`, oldest first.

    `projects` are the project numbers of shop, docs and journal. `visitors_per_day` is a day's
    number of visits in the middle of the history, over all sites; each makes about eight signals.
    """
    start_us = end_us - days * DAY_US
    first = from_us(start_us).date() - timedelta(days=1)
    towns = [
        _Town(Random(f"{seed}/{site.key}"), site, number, visitors_per_day * site.share)  # noqa: S311
        for site, number in zip(SITES, projects, strict=True)
    ]
    waiting: list[Moment] = []
    count = 0
    for offset in range(days + 3):
        day = first + timedelta(days=offset)
        progress = min(max((offset - 1) / days, 0.0), 1.0)
        for town in towns:
            for sender, signals in town.live(day, progress):
                if (signals[0].ts_us or 0) < start_us:
                    continue
                sender.received_at_us = end_us
                for signal in signals:
                    ts_us = signal.ts_us or 0
                    if ts_us < end_us:
                        count += 1
                        signal.client_id = f"{seed}.{count}"
                        waiting.append((ts_us, count, sender, signal))
        waiting.sort(key=itemgetter(0, 1))
        limit_us = to_us(datetime.combine(day, datetime.min.time(), UTC)) + DAY_US
        limit_us -= _EARLIEST_ZONE_US
        ready = next((i for i, m in enumerate(waiting) if m[0] >= limit_us), len(waiting))
        for _, _, sender, signal in waiting[:ready]:
            yield sender, signal
        del waiting[:ready]
    for _, _, sender, signal in waiting:
        yield sender, signal


class _Town:
    """The visitors of one site, and who of them comes back."""

    def __init__(self, rng: Random, site: Site, project: int, visits_a_day: float) -> None:
        self._rng = rng
        self._site = site
        self._project = project
        self._visits_a_day = visits_a_day
        self._known: list[Person] = []
        is_work = site.week == "working"
        self._week = WORKING_WEEK if is_work else LEISURE_WEEK
        self._hours = AT_WORK if is_work else AT_HOME
        self._own_hosts = frozenset({site.host, f"www.{site.host}"})

    def live(self, day: date, progress: float) -> Iterator[tuple[Sender, list[Signal]]]:
        """Give the visits that begin on this date, each in its visitor's own time zone."""
        rng, site = self._rng, self._site
        usual = self._visits_a_day * self._week[day.weekday()]
        usual *= site.growth ** (progress - 0.5) * rng.uniform(0.93, 1.07)
        today: list[Person] = []
        for _ in range(_round(rng, usual)):
            origin = site.origins.draw(rng)
            landing = site.landings.draw(rng)
            yield self._visit(day, today, landing, origin.referrer, origin.tags)
        for campaign in site.campaigns:
            if _is_running(campaign, day, progress):
                for _ in range(_round(rng, usual * campaign.share)):
                    origin = campaign.origin
                    yield self._visit(day, today, campaign.landing, origin.referrer, origin.tags)
        for _ in range(_round(rng, usual * BOT_SHARE)):
            bot = make_bot(rng)
            start_us = draw_moment_us(rng, "UTC", day, self._hours)
            yield self._send(bot), crawl(rng, site.host, _PAGES[site.key], start_us)

    def _visit(
        self, day: date, today: list[Person], landing: str, referrer: str, tags: str
    ) -> tuple[Sender, list[Signal]]:
        person, is_loyal = self._draw_person(today)
        rng, site = self._rng, self._site
        start_us = draw_moment_us(rng, person.home.time_zone, day, self._hours)
        visit = Visit(rng, person, f"https://{site.host}", start_us)
        visit.come_from("" if is_loyal and rng.random() < 0.4 else referrer, tags)
        visit.is_loyal = is_loyal
        JOURNEYS[site.key](visit, landing)
        return self._send(person), visit.signals

    def _draw_person(self, today: list[Person]) -> tuple[Person, bool]:
        """Return somebody new, or somebody who was here before, mostly of late."""
        rng, known = self._rng, self._known
        if today and rng.random() < 0.09:
            return rng.choice(today), True
        if known and rng.random() < 0.34 * min(len(known) / (self._visits_a_day * 5 + 1), 1.0):
            age = int(rng.expovariate(4.0 / len(known)))
            return known[-1 - min(age, len(known) - 1)], True
        person = make_person(rng, has_id=rng.random() < self._site.known_share)
        today.append(person)
        if person.visitor_id:
            if len(known) >= _POOL:
                known[rng.randrange(_POOL)] = person
            else:
                known.append(person)
        return person, False

    def _send(self, person: Person) -> Sender:
        return Sender(
            project=self._project,
            door=DOOR,
            ip=person.ip,
            user_agent=person.device.user_agent,
            received_at_us=0,
            accept_language=person.language,
            site=self._site.host,
            own_hosts=self._own_hosts,
            time_zone=person.home.time_zone,
            is_trusted_clock=True,
        )


def _is_running(campaign: Campaign, day: date, progress: float) -> bool:
    is_its_day = campaign.weekday is None or campaign.weekday == day.weekday()
    return is_its_day and campaign.start <= progress <= campaign.end


def _round(rng: Random, number: float) -> int:
    """Round up or down by chance, so that small numbers are right on average."""
    return math.floor(number + rng.random())
