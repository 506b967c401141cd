"""Browser, system and device of the sender."""

from footfall.ingest.agent import AGENT_LIMIT, parse_agent
from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Sender, Signal


def put_agent(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Put what the user agent says."""
    draft.agent = parse_agent(sender.user_agent[:AGENT_LIMIT])
    return None
