"""The page an event happened on, and the site it belongs to."""

from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.page import parse_page
from footfall.ingest.request import Sender, Signal
from footfall.ingest.steps.shape import SITE_LIMIT


def put_page(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Put page and site: the site the door or the sender names, else the URL's host."""
    draft.page = page = parse_page(signal.url)
    draft.site = (signal.site or sender.site or page.host)[:SITE_LIMIT]
    return None
