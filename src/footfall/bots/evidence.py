"""Judges signals that came with evidence: gathers the signs, adds up their points and remembers,
for minutes, which addresses behaved as programs do."""

from collections.abc import Iterator
from functools import lru_cache

from footfall.bots.address import AddressBook
from footfall.bots.crawler import classify_agent
from footfall.bots.lookalike import Lookalikes
from footfall.bots.network import HostingNetworks
from footfall.bots.point import HASTY_MS, QUICK_MS, PointBook, is_deep, is_odd_screen
from footfall.ingest.agent import AGENT_LIMIT
from footfall.ingest.draft import Draft
from footfall.ingest.request import Evidence, Sender, Signal

NAMED = frozenset({"crawler", "automation", "library"})
"""Senders that say themselves what they are."""

CONFIRMED_FROM = 75
"""A score that no person reaches: it takes three signs that agree."""

_TAINT_FROM = 15
"""A single sign of so many points makes a look-alike suspicious."""


class EvidenceJudge:
    """Scores signals of doors that challenge their pages."""

    def __init__(
        self,
        book: PointBook | None = None,
        networks: HostingNetworks | None = None,
        addresses: AddressBook | None = None,
        *,
        robots: frozenset[str] = frozenset(),
    ) -> None:
        """`robots`: parts of user agents that the operator takes for robots."""
        self.book = PointBook() if book is None else book
        self.addresses = AddressBook() if addresses is None else addresses
        self._networks = HostingNetworks() if networks is None else networks
        self._lookalikes = Lookalikes()
        self._robots = robots
        self._classify = lru_cache(maxsize=8192)(self._classify_agent)

    def score(
        self, sender: Sender, signal: Signal, evidence: Evidence, draft: Draft
    ) -> tuple[int, str]:
        """Return (0 to 100, codes joined by commas) and remember the sender."""
        now_us, address = sender.received_at_us, sender.ip
        agent = sender.user_agent[:AGENT_LIMIT]
        named = self._classify(agent)
        codes: list[str] = [named] if named in NAMED else []
        if codes:
            self.addresses.suspect(address, now_us)
        codes += _find_signs(sender, signal, evidence, draft)
        codes += self._find_countries(draft)
        if self._networks.has(address):
            codes.append("hosting")
        if self.addresses.count(address, now_us):
            codes.append("burst")
        own_score, _ = self.book.add_up(codes)
        # Who named itself has its points; the address is held against others behind it.
        is_named = named in NAMED
        standing = "" if is_named else self.addresses.find_standing(address, agent, now_us)
        if standing:
            codes.append(f"{standing}_address")
        alike = self._count_look(sender, draft, codes, is_confirmed=standing == "confirmed")
        if alike:
            codes.append("lookalikes" if alike == 2 else "lookalike")
        if own_score >= CONFIRMED_FROM and not is_named:
            self.addresses.confirm(address, agent, now_us)
        return self.book.add_up(codes)

    def _classify_agent(self, agent: str) -> str:
        return "crawler" if any(r in agent for r in self._robots) else classify_agent(agent)

    def forget(self) -> None:
        """Forget all addresses."""
        self.addresses.forget()
        self._lookalikes.forget()

    def _find_countries(self, draft: Draft) -> list[str]:
        country, book = draft.place.country, self.book
        found = ["suspect_country"] if country and country in book.countries else []
        if country and country in book.site_countries.get(draft.site, frozenset()):
            found.append("suspect_country_of_site")
        return found

    def _count_look(
        self, sender: Sender, draft: Draft, codes: list[str], *, is_confirmed: bool
    ) -> int:
        agent = draft.agent
        look = (
            sender.project,
            draft.site,
            agent.os,
            agent.browser,
            agent.browser_version,
            draft.screen,
            draft.place.country,
            sender.accept_language,
        )
        return self._lookalikes.count(
            look,
            self.addresses.hash(sender.ip),
            sender.received_at_us,
            is_tainted=any(self.book.points[code] >= _TAINT_FROM for code in codes),
            is_confirmed=is_confirmed,
        )


def _find_signs(sender: Sender, signal: Signal, evidence: Evidence, draft: Draft) -> Iterator[str]:
    """Yield the signs that one signal shows by itself."""
    waited_ms = evidence.interaction_ms
    if waited_ms is not None and waited_ms < HASTY_MS:
        yield "quick" if waited_ms < QUICK_MS else "hasty"
    if "accept-language" not in sender.headers_seen:
        yield "no_language"
    if sender.headers_seen.isdisjoint({"sec-ch-ua", "sec-fetch-site"}):
        yield "no_hints"
    if evidence.has_screen and is_odd_screen(draft.screen):
        yield "odd_screen"
    if evidence.is_page and not signal.referrer and is_deep(draft.page.path):
        yield "deep_entry"
    if evidence.verdict:
        yield evidence.verdict
    if evidence.proof != "valid":
        yield f"proof_{evidence.proof}"
