"""Ids and duplicates. This is the last step that may drop: an id is claimed only for an event that
will be stored, and what comes after (visitor, session) never sees a duplicate."""

from footfall.ingest.draft import Draft
from footfall.ingest.event_id import EventIds, derive_event_id
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Sender, Signal
from footfall.ingest.step import Step


def drop_duplicate(ids: EventIds) -> Step:
    """Return the step that gives the event its id and drops one whose id is stored or claimed."""
    draw = ids.draw

    def drop_duplicate(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        client_id = signal.client_id
        if not client_id:
            draft.event_id = draw()
            return None
        draft.event_id = event_id = derive_event_id(sender.project, sender.door, client_id)
        return None if draft.claims.claim(event_id) else DropReason.DUPLICATE

    return drop_duplicate
