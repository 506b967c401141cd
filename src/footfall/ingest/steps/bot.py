"""Bot score and its reasons, and a crawler's name in the place of a browser's. A bot is marked,
never dropped; the rules live in `bots`."""

from typing import Protocol

import msgspec

from footfall.ingest.agent import AGENT_LIMIT
from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Evidence, Sender, Signal
from footfall.ingest.step import Step


class Scorer(Protocol):
    """Judges how likely a sender is a program."""

    def score(self, sender: Sender, visitor: int) -> tuple[int, str]:
        """Return (0 to 100, reason codes joined by commas) and count the signal for its rate."""
        ...

    def find_crawler(self, user_agent: str, family: str) -> str:
        """Return the name of a program that says of itself that it is a crawler; `family` is what
        a parser of browsers calls it."""
        ...

    def score_evidence(
        self, sender: Sender, signal: Signal, evidence: Evidence, draft: Draft
    ) -> tuple[int, str]:
        """Return the same for a signal that came with evidence."""
        ...


def put_bot_score(scorer: Scorer) -> Step:
    """Return the step that puts the bot score and its reasons."""
    score = scorer.score

    def name_crawler(sender: Sender, draft: Draft) -> None:
        if "crawler" in draft.bot_reasons:
            name = scorer.find_crawler(sender.user_agent[:AGENT_LIMIT], draft.agent.browser)
            draft.agent = msgspec.structs.replace(draft.agent, browser=name, browser_version="")

    def put_bot_score(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        evidence = signal.evidence
        if evidence is not None:
            found = scorer.score_evidence(sender, signal, evidence, draft)
            draft.bot_score, draft.bot_reasons = found
            name_crawler(sender, draft)
            is_unwanted = sender.discard_from and found[0] >= sender.discard_from
            return DropReason.BOT if is_unwanted else None
        if not sender.is_unscored:
            draft.bot_score, draft.bot_reasons = score(sender, draft.visitor)
            if draft.bot_reasons:
                name_crawler(sender, draft)
        return None

    return put_bot_score
