"""What those who look at figures and tell others about them work with."""

from dataclasses import dataclass

from footfall.alerts.notice import Wording
from footfall.clock import Clock
from footfall.delivery.outbox import Outbox
from footfall.projects.directory import Directory
from footfall.reports.port import Reports
from footfall.store.records import Records


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms below, as `alerts` needs them."""

    records: Records
    clock: Clock
    reports: Reports
    directory: Directory
    outbox: Outbox
    wording: Wording
