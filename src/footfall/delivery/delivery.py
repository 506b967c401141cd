"""What is delivered to others: a call to a webhook or a mail, with its state. Nothing here sends;
nothing here knows what a message is about."""

from dataclasses import dataclass
from typing import Literal

Channel = Literal["webhook", "email"]

State = Literal["waiting", "delivered", "dead"]
"""`dead`: given up after the last attempt, or because no repetition could succeed."""

STATES: tuple[State, ...] = ("waiting", "delivered", "dead")

ID_HEADER = "X-Footfall-Delivery"
"""Names a delivery in every attempt, so that a receiver can drop repetitions."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to deliver, as the room that caused it hands it over."""

    project: int
    source: str
    """Public id of the rule or webhook that caused it."""
    subject: str
    """A few words for lists, such as the name of the event."""
    channel: Channel
    target: str
    """The address of a webhook, or of a mailbox."""
    body: str
    """What is posted, byte for byte in every attempt; for mail, a rendered `mail.Letter`."""
    signer: str | None = None
    """Who signs it; a reference, never the secret itself."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with what became of it."""

    number: int
    id: str
    """'dlv-' and a UUID."""
    project: int
    source: str
    subject: str
    channel: Channel
    target: str
    lane: str
    """The receiver: deliveries of one lane wait for each other, those of others do not."""
    body: str
    signer: str | None
    state: State
    attempts: int
    """Attempts that were begun."""
    due_at_us: int
    """When the next attempt may begin; while one runs, when its claim ends."""
    claim: str | None
    """Set while a worker tries."""
    last_status: int | None
    """Status of the receiver's last answer; None when none came."""
    last_error: str | None
    created_at_us: int
    finished_at_us: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt ended."""

    error: str | None = None
    """None: the receiver took it. Never holds a secret or what the receiver answered."""
    status: int | None = None
    is_final: bool = False
    """No repetition could succeed."""
    is_silence: bool = False
    """The receiver did not answer at all: it is left alone for a while."""

    @property
    def is_success(self) -> bool:
        """Tell whether the receiver took it."""
        return self.error is None
