"""What speaks for a program behind a request: every factor with its kind and weight, in one table.
No single kind reaches the threshold of 50, except a user agent that names itself a robot."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from footfall.model.event import BOT_THRESHOLD

Kind = Literal["user_agent", "headers", "network", "rate"]
"""What a factor looks at. Two kinds must agree before a sender counts as a bot."""

SINGLE_KIND_LIMIT = BOT_THRESHOLD - 5
"""Highest score from one kind alone."""

MOST = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked at."""

    code: str
    kind: Kind
    weight: int
    meaning: str
    is_enough: bool = False
    """True when it needs no second kind."""


class Factor(Enum):
    """Every factor. The code is the word in `bot_reasons` and in the bots report."""

    CRAWLER = Rule(
        "crawler", "user_agent", 90, "The user agent names itself a robot.", is_enough=True
    )
    AUTOMATION = Rule(
        "automation", "user_agent", 80, "A browser that says it is run by a program; tests are."
    )
    AUTOMATION_VISIT = Rule(
        "automation", "user_agent", 80, "The same in an access log, which shows no more.", True
    )
    LIBRARY_VISIT = Rule(
        "library", "user_agent", 80, "A program's HTTP library read a page (access log).", True
    )
    LIBRARY = Rule("library", "user_agent", 20, "An HTTP library sends events; a backend may.")
    NO_USER_AGENT = Rule("no_user_agent", "user_agent", 30, "There is no user agent.")
    ODD_USER_AGENT = Rule("odd_user_agent", "user_agent", 25, "No browser looks like this.")
    OLD_BROWSER = Rule("old_browser", "user_agent", 15, "A browser version long out of use.")
    NO_LANGUAGE = Rule("no_language", "headers", 25, "A browser that sends no Accept-Language.")
    NO_ACCEPT = Rule("no_accept", "headers", 15, "A browser that sends no Accept header.")
    NO_FETCH_METADATA = Rule(
        "no_fetch_metadata", "headers", 5, "A present browser without Sec-Fetch headers."
    )
    HOSTING = Rule("hosting", "network", 25, "The address belongs to a hosting company.")
    FAST = Rule("fast", "rate", 20, "More than 120 events within a minute.")
    VERY_FAST = Rule("very_fast", "rate", 35, "More than 600 events within a minute.")


def score(factors: tuple[Factor, ...]) -> tuple[int, str]:
    """Return (0 to 100, codes joined by commas) of what was found.

    The weights add up; one kind alone stops below the threshold.
    """
    if not factors:
        return 0, ""
    rules = [factor.value for factor in factors]
    total = sum(rule.weight for rule in rules)
    is_strong = len({rule.kind for rule in rules}) > 1 or any(rule.is_enough for rule in rules)
    limit = MOST if is_strong else SINGLE_KIND_LIMIT
    return min(total, limit), ",".join(rule.code for rule in rules)
