"""Country, region and city of the sender."""

from functools import lru_cache

from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.place import Place, Places
from footfall.ingest.request import Sender, Signal
from footfall.ingest.step import Step

_ZONE_LIMIT = 64
"""Longest time zone looked at; the longest of IANA has 32 characters."""


make_country = lru_cache(maxsize=512)(Place)


def put_place(places: Places) -> Step:
    """Return the step that puts the place: what a trusted proxy told, else by address, else by
    the browser's time zone."""
    find = places.find

    def put_place(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        if sender.country:
            draft.place = make_country(sender.country)
        else:
            draft.place = find(sender.ip, sender.time_zone[:_ZONE_LIMIT])
        return None

    return put_place
