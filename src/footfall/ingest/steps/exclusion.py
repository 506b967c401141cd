"""What a project leaves out on its own wish: networks, hosts and paths."""

import ipaddress
from collections.abc import Callable
from fnmatch import fnmatchcase

from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Sender, Signal
from footfall.ingest.step import Step
from footfall.projects.exclusion import Exclusions

FindExclusions = Callable[[int], Exclusions | None]
"""The exclusions of a project number; None when it has none. Called for every event: cheap."""


def drop_excluded(find: FindExclusions) -> Step:
    """Return the step that drops what the project leaves out."""

    def drop_excluded(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        exclusions = find(sender.project)
        if exclusions is None or not _is_excluded(exclusions, sender, draft):
            return None
        return DropReason.EXCLUDED

    return drop_excluded


def _is_excluded(exclusions: Exclusions, sender: Sender, draft: Draft) -> bool:
    if any(fnmatchcase(draft.page.path, pattern) for pattern in exclusions.paths):
        return True
    host = draft.page.host or draft.site
    if any(fnmatchcase(host, pattern) for pattern in exclusions.hosts):
        return True
    if not exclusions.networks:
        return False
    try:
        address = ipaddress.ip_address(sender.ip)
    except ValueError:
        return False
    return any(address in network for network in exclusions.networks)
