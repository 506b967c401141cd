"""What became of an event. Every event that reaches the pipeline gets exactly one outcome:
accepted, or dropped for one reason. Reasons are counted, documented and told to the sender."""

from enum import Enum

import msgspec


class DropReason(Enum):
    """Why an event was not stored. The value is the word in `/metrics` and in the header."""

    MALFORMED = "malformed"
    """The payload is not what its type requires."""
    TOO_LARGE = "too_large"
    """The payload or one of its fields is larger than the limit."""
    UNKNOWN_PROJECT = "unknown_project"
    """No project answers to the key or id."""
    MODULE_OFF = "module_off"
    """The project has switched the event's module off."""
    NO_CONSENT = "no_consent"
    """The sender says that the visitor has not consented."""
    DUPLICATE = "duplicate"
    """An event with this id has been stored before."""
    SPAM_REFERRER = "spam_referrer"
    """The referrer is on the public list of referrer spam."""
    EXCLUDED = "excluded"
    """The project leaves this address, path or host out."""
    RATE_LIMITED = "rate_limited"
    """The address sends faster than its door allows, and the door's answer cannot say so."""
    NO_INTERACTION = "no_interaction"
    """The page says that nobody did anything on it, or not in the time people take."""
    BOT = "bot"
    """The score reaches what the operator wants discarded; by default nothing is."""
    UNAVAILABLE = "unavailable"
    """Nothing could be stored just then, and the door's answer cannot say so."""
    UNKNOWN_SURVEY = "unknown_survey"
    """The response belongs to no survey of the project."""
    SURVEY_CLOSED = "survey_closed"
    """The survey is not active, or has all the responses it wanted."""


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """The event is stored."""

    event_id: int


class Dropped(msgspec.Struct, frozen=True, gc=False):
    """The event is not stored, for one reason."""

    reason: DropReason


Outcome = Accepted | Dropped
