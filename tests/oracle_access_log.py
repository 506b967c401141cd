"""An independent reading of an access log: plain Python that shares no code with the program, only
two public lists: the names of crawlers and the networks of hosting companies. It says what an
import must report: lines, damaged lines, requests, pageviews in all, for each path, day and
session, and the same without bots. Run it on a file to see its figures."""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import crawleruseragents

LINE = re.compile(
    r'^(?P<ip>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<request>[^"]*)" (?P<status>[0-9]{3}) '
    r'(?P<size>[0-9]+|-) "(?P<referrer>[^"]*)" "(?P<agent>[^"]*)"$'
)
PAGE = (".html", ".htm", ".xhtml", ".php")
LIBRARIES = {
    *("curl", "wget", "ruby", "java", "php", "python", "python-urllib", "python-requests"),
    *("libwww-perl", "go-http-client", "okhttp", "apache-httpclient", "lua-resty-http"),
}
HOSTING = Path(__file__).parents[1] / "src/footfall/bots/data/hosting.txt"
HALF_HOUR = timedelta(minutes=30)


@dataclass
class Hit:
    """One pageview."""

    when: datetime
    line: int
    ip: str
    agent: str
    path: str
    is_bot: bool


@dataclass
class Visit:
    """One session."""

    hits: list[Hit]
    visitor: tuple[str, str, str]

    @property
    def start(self) -> datetime:
        """Return the time of the first pageview."""
        return self.hits[0].when

    @property
    def seconds(self) -> float:
        """Return the time from the first to the last pageview."""
        return (self.hits[-1].when - self.hits[0].when).total_seconds()

    @property
    def is_bot(self) -> bool:
        """Tell whether any of its pageviews is a bot's."""
        return any(hit.is_bot for hit in self.hits)


@dataclass
class Figures:
    """What a report over a set of pageviews must say."""

    pageviews: int = 0
    visitors: int = 0
    sessions: int = 0
    bounces: int = 0
    seconds: float = 0.0
    paths: Counter[str] = field(default_factory=Counter)
    pageviews_by_day: Counter[str] = field(default_factory=Counter)
    sessions_by_day: Counter[str] = field(default_factory=Counter)
    visitors_by_day: dict[str, int] = field(default_factory=dict)
    entry_pages: Counter[str] = field(default_factory=Counter)
    exit_pages: Counter[str] = field(default_factory=Counter)


@dataclass
class Reading:
    """Everything the oracle says of one file."""

    lines: int
    requests: int
    damaged: dict[int, str]
    everyone: Figures
    people: Figures
    bots: Figures


def read_log(path: Path) -> Reading:
    """Read a log in the combined format."""
    damaged: dict[int, str] = {}
    hits: list[Hit] = []
    lines = requests = 0
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        lines += 1
        found = LINE.match(line)
        if found is None:
            damaged[number] = "not closed" if line.count('"') % 2 else "not combined"
            continue
        requests += 1
        words = found["request"].split(" ")
        status = int(found["status"])
        if words[0] != "GET" or not (status == 304 or 200 <= status <= 299):
            continue
        where = words[1].split("?")[0].split("#")[0]
        last = where.split("/")[-1].lower()
        if "." in last and not last.endswith(".") and not last.endswith(PAGE):
            continue
        when = datetime.strptime(found["time"], "%d/%b/%Y:%H:%M:%S %z").astimezone(UTC)
        agent = "" if found["agent"] == "-" else found["agent"]
        hits.append(Hit(when, number, found["ip"], agent, where, is_bot(agent, found["ip"])))
    hits.sort(key=lambda hit: (hit.when, hit.line))
    visits = make_visits(hits)
    return Reading(
        lines,
        requests,
        damaged,
        count(hits, visits),
        count([h for h in hits if not h.is_bot], [v for v in visits if not v.is_bot]),
        count([h for h in hits if h.is_bot], [v for v in visits if v.is_bot]),
    )


def is_bot(agent: str, ip: str) -> bool:
    """Tell a robot from a person, by the rule that the documentation of bots gives.

    A robot names itself (the public list knows it, a contact address after '+', a robot's word
    where a browser's name would stand), is a browser without a window, or is an HTTP library.
    No user agent, or one that no browser has, is a robot's when it comes from a rented machine.
    """
    words = ("bot", "crawl", "spider", "feed", "scrap")
    if "+http" in agent or "PhantomJS" in agent or "HeadlessChrome" in agent:
        return True
    if re.split("[/ ]", agent.lower())[0] in LIBRARIES or crawleruseragents.is_crawler(agent):
        return True
    is_browser = agent.startswith(("Mozilla/", "Opera/", "Dalvik/"))
    if not is_browser and any(word in agent.lower() for word in words):
        return True
    is_odd = len(agent) < 12 or ("/" not in agent and "(" not in agent)
    return is_odd and is_rented(ip)


def is_rented(ip: str) -> bool:
    """Tell whether the list of hosting networks has the address."""
    address = ip_address(ip)
    return any(first <= address <= last for first, last in load_rented(address.version))


@cache
def load_rented(version: int) -> list[tuple[Any, Any]]:
    """Read the list of hosting networks."""
    lines = HOSTING.read_text().splitlines()
    spans = [line.split("-") for line in lines if line and line[0] != "#"]
    return [
        (ip_address(first), ip_address(last))
        for first, last in spans
        if (":" in first) == (version == 6)
    ]


def make_visits(hits: list[Hit]) -> list[Visit]:
    """Cut each sender's pageviews where 30 minutes pass without one, also across midnight.

    A visitor is a sender on the UTC day on which the visit began.
    """
    current: dict[tuple[str, str], Visit] = {}
    visits: list[Visit] = []
    for hit in hits:
        sender = (hit.ip, hit.agent)
        visit = current.get(sender)
        if visit is None or hit.when - visit.hits[-1].when > HALF_HOUR:
            visit = Visit([], (*sender, hit.when.date().isoformat()))
            current[sender] = visit
            visits.append(visit)
        visit.hits.append(hit)
    return visits


def count(hits: list[Hit], visits: list[Visit]) -> Figures:
    """Add up a set of pageviews and the sessions they make."""
    figures = Figures(pageviews=len(hits), sessions=len(visits))
    figures.visitors = len({visit.visitor for visit in visits})
    figures.bounces = sum(len(visit.hits) < 2 for visit in visits)
    figures.seconds = sum(visit.seconds for visit in visits)
    figures.paths = Counter(hit.path for hit in hits)
    figures.pageviews_by_day = Counter(hit.when.date().isoformat() for hit in hits)
    figures.sessions_by_day = Counter(visit.start.date().isoformat() for visit in visits)
    figures.entry_pages = Counter(visit.hits[0].path for visit in visits)
    figures.exit_pages = Counter(visit.hits[-1].path for visit in visits)
    present: dict[str, set[tuple[str, str, str]]] = {}
    for visit in visits:
        day = visit.start.date()
        while day <= visit.hits[-1].when.date():
            present.setdefault(day.isoformat(), set()).add(visit.visitor)
            day += timedelta(days=1)
    figures.visitors_by_day = {day: len(found) for day, found in sorted(present.items())}
    return figures


def describe(reading: Reading) -> str:
    """Return the figures as text."""
    text = [f"lines {reading.lines}, requests {reading.requests}, damaged {reading.damaged}"]
    for name in ("everyone", "people", "bots"):
        figures: Figures = getattr(reading, name)
        text += [
            f"{name}: pageviews {figures.pageviews}, visitors {figures.visitors}, "
            f"sessions {figures.sessions}, bounces {figures.bounces}, "
            f"seconds {figures.seconds:.0f}",
            f"  pageviews by day {dict(sorted(figures.pageviews_by_day.items()))}",
            f"  sessions by day {dict(sorted(figures.sessions_by_day.items()))}",
            f"  visitors by day {figures.visitors_by_day}",
            f"  top pages {figures.paths.most_common(5)}",
        ]
    return "\n".join(text)


if __name__ == "__main__":
    sys.stdout.write(describe(read_log(Path(sys.argv[1]))) + "\n")
