"""The rooms behind the pages of leads, as `app` hands them over."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from footfall.leads.erasure import LeadErasure
from footfall.leads.notice import Notices
from footfall.leads.register import Leads
from footfall.leads.report import LeadReports
from footfall.leads.visit import Visits

HasRecording = Callable[[int, str], Awaitable[bool]]
"""Tells whether there is a recording of a project's (number) session (as its sender calls it)."""


async def has_no_recording(_project: int, _session_id: str) -> bool:
    """Tell that nothing is recorded."""
    return False


@dataclass(frozen=True, slots=True)
class LeadDesk:
    """The rooms behind the pages."""

    leads: Leads
    reports: LeadReports
    visits: Visits
    erasure: LeadErasure
    notices: Notices
    has_mail: bool = False
    """A mail server is set."""
    has_recording: HasRecording = has_no_recording
