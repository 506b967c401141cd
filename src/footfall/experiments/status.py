"""Which status may follow which. The rule belongs to the core; a door names the policy that its
documents describe."""

from collections.abc import Mapping
from dataclasses import dataclass

from footfall.errors import InvalidInputError
from footfall.experiments.experiment import STATUSES, Status


@dataclass(frozen=True, slots=True)
class Policy:
    """The transitions that are allowed."""

    name: str
    following: Mapping[Status, frozenset[Status]]

    def check(self, present: Status, wanted: Status) -> None:
        """Refuse a transition that the policy does not list. Raises InvalidInputError."""
        allowed = self.following[present]
        if wanted not in allowed:
            words = ", ".join(s for s in STATUSES if s in allowed) or "nothing"
            raise InvalidInputError(
                f"an experiment that is {present} cannot become '{wanted}'; "
                f"after {present} comes {words}",
                field="status",
            )


STRICT = Policy(
    "strict",
    {
        "draft": frozenset({"running"}),
        "running": frozenset({"paused", "completed"}),
        "paused": frozenset({"running"}),
        "completed": frozenset(),
        "archived": frozenset(),
    },
)
"""draft → running → paused → running → completed, as Pulse documents."""

PERMISSIVE = Policy("permissive", {status: frozenset(STATUSES) for status in STATUSES})
"""Any status may follow any other, as Echelon documents; our own API and pages do the same."""


def parse_status(word: str) -> Status:
    """Return a status from a word; `active` means running. Raises InvalidInputError."""
    plain = "running" if word == "active" else word
    for status in STATUSES:
        if status == plain:
            return status
    raise InvalidInputError(
        f"unknown status '{word[:40]}'; accepted are {', '.join(STATUSES)}", field="status"
    )
