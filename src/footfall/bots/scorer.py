"""The bot scorer: gathers the factors of a sender and adds them up. It marks; it drops nothing."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from footfall.bots.crawler import AgentClass, classify_agent
from footfall.bots.evidence import EvidenceJudge
from footfall.bots.factor import Factor, score
from footfall.bots.header import find_header_factors
from footfall.bots.network import HostingNetworks
from footfall.bots.point import PointBook
from footfall.bots.rate import Rates
from footfall.ingest.agent import AGENT_LIMIT
from footfall.ingest.draft import Draft
from footfall.ingest.request import Evidence, Sender, Signal
from footfall.reports.crawler import load_crawlers

_AGENT_FACTORS: dict[AgentClass, tuple[Factor, ...]] = {
    "browser": (),
    "crawler": (Factor.CRAWLER,),
    "automation": (Factor.AUTOMATION,),
    "library": (Factor.LIBRARY,),
    "none": (Factor.NO_USER_AGENT,),
    "odd": (Factor.ODD_USER_AGENT,),
    "old": (Factor.OLD_BROWSER,),
}

_VISIT_FACTORS: dict[AgentClass, Factor] = {
    "automation": Factor.AUTOMATION_VISIT,
    "library": Factor.LIBRARY_VISIT,
}
"""What the user agent alone says in a log or a generated history."""


@dataclass(frozen=True, slots=True)
class _Finding:
    factors: tuple[Factor, ...]
    score: tuple[int, str]
    """What the factors amount to."""
    is_rated: bool
    """False where one hash may stand for many people, so that speed says nothing."""


class BotScorer:
    """Scores senders; implements `ingest.steps.bot.Scorer`."""

    def __init__(
        self,
        networks: HostingNetworks | None = None,
        book: PointBook | None = None,
        *,
        robots: frozenset[str] = frozenset(),
    ) -> None:
        self._networks = HostingNetworks() if networks is None else networks
        self.judge = EvidenceJudge(book, self._networks, robots=robots)
        self._rates = Rates()
        self._classify = lru_cache(maxsize=8192)(classify_agent)
        self._find = lru_cache(maxsize=32_768)(self._find_factors)
        self._name = lru_cache(maxsize=1024)(_find_crawler)
        self._score = lru_cache(maxsize=1024)(score)

    def score(self, sender: Sender, visitor: int) -> tuple[int, str]:
        """Return (0 to 100, reason codes joined by commas) and count the event for its rate."""
        found = self._find(
            sender.user_agent[:AGENT_LIMIT],
            sender.ip,
            sender.headers_seen,
            sender.is_trusted_clock,
        )
        # Imported time passes in a rush: its speed is the importer's.
        if found.is_rated and not sender.is_trusted_clock:
            fast = self._rates.count(visitor, sender.received_at_us)
            if fast is not None:
                return self._score((*found.factors, fast))
        return found.score

    def score_sender(self, sender: Sender) -> int:
        """Return the score of what a sender shows of itself; its rate is not counted."""
        found = self._find(
            sender.user_agent[:AGENT_LIMIT],
            sender.ip,
            sender.headers_seen,
            sender.is_trusted_clock,
        )
        return found.score[0]

    def find_crawler(self, user_agent: str, family: str) -> str:
        """Return a crawler's name."""
        return self._name(user_agent, family)

    def score_evidence(
        self, sender: Sender, signal: Signal, evidence: Evidence, draft: Draft
    ) -> tuple[int, str]:
        """Return the same for a signal that came with evidence: points that add up."""
        return self.judge.score(sender, signal, evidence, draft)

    def forget(self) -> None:
        """Empty the caches of addresses."""
        self.judge.forget()
        self._find.cache_clear()
        self._networks.forget()

    def _find_factors(
        self,
        user_agent: str,
        address: str,
        headers_seen: frozenset[str],
        is_history: bool,  # noqa: FBT001 - the cache wants positions
    ) -> _Finding:
        agent_class = self._classify(user_agent)
        factors = _AGENT_FACTORS[agent_class]
        # In an access log or a generated history the user agent read a page; it sent no event.
        if is_history and agent_class in _VISIT_FACTORS:
            factors = (_VISIT_FACTORS[agent_class],)
        elif is_history and agent_class == "old":
            # What is old today was new then.
            factors = ()
        if agent_class != "library":
            factors += find_header_factors(user_agent, headers_seen)
        if self._networks.has(address):
            factors = (*factors, Factor.HOSTING)
        # A library speaks for a backend's many users, a private address for all behind a proxy
        # that nobody named.
        is_rated = agent_class != "library" and not _is_private(address)
        return _Finding(factors, self._score(factors) if factors else (0, ""), is_rated)


def _find_crawler(user_agent: str, family: str) -> str:
    return load_crawlers().find_name(user_agent, family)


def _is_private(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return True
