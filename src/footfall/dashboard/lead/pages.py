"""The table of all addresses below `/leads`."""

from footfall.dashboard.lead.detail import erase_lead, send_person, show_erasure, show_lead
from footfall.dashboard.lead.file import send_leads
from footfall.dashboard.lead.list import move_lead, show_lead_board, show_leads
from footfall.dashboard.lead.told import add_told, remove_told, show_told

LEAD_PAGES = (
    show_leads,
    show_lead_board,
    move_lead,
    send_leads,
    show_told,
    add_told,
    remove_told,
    show_lead,
    send_person,
    show_erasure,
    erase_lead,
)
