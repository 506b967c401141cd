"""Bot score and its reasons. A bot is marked, never dropped; the rules live in `bots`."""

from typing import Protocol

from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Evidence, Sender, Signal
from footfall.ingest.step import Step


class Scorer(Protocol):
    """Judges how likely a sender is a program."""

    def score(self, sender: Sender, visitor: int) -> tuple[int, str]:
        """Return (0 to 100, reason codes joined by commas) and count the signal for its rate."""
        ...

    def score_evidence(
        self, sender: Sender, signal: Signal, evidence: Evidence, draft: Draft
    ) -> tuple[int, str]:
        """Return the same for a signal that came with evidence."""
        ...


def put_bot_score(scorer: Scorer) -> Step:
    """Return the step that puts the bot score and its reasons."""
    score = scorer.score

    def put_bot_score(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        evidence = signal.evidence
        if evidence is not None:
            found = scorer.score_evidence(sender, signal, evidence, draft)
            draft.bot_score, draft.bot_reasons = found
            is_unwanted = sender.discard_from and found[0] >= sender.discard_from
            return DropReason.BOT if is_unwanted else None
        if not sender.is_unscored:
            draft.bot_score, draft.bot_reasons = score(sender, draft.visitor)
        return None

    return put_bot_score
