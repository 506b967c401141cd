"""Dimensions of what was done: the event, its name and its properties."""

from footfall.errors import InvalidInputError
from footfall.reports.crawler import KINDS, OTHER_KIND, load_crawlers
from footfall.reports.dimension import (
    PROPERTY_PREFIX,
    Dimension,
    Level,
    make_column_dimension,
)
from footfall.reports.expression import Context, Expression, Get

PROPERTY_KEY_LIMIT = 200
"""Longer keys are a mistake of the caller; the pipeline keeps none of this length."""


def _event_name(get: Get, _: Context) -> Expression:
    return (get("kind") == "event").ifelse(get("name"), "")


def _is_named_event(get: Get, _: Context) -> Expression:
    return (get("kind") == "event") & (get("name") != "")


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "event",
        "Event",
        "Name of the custom event. Everything that is no custom event is left out.",
        Level.EVENT,
        _event_name,
        omits_empty=True,
        has_place=_is_named_event,
    ),
    make_column_dimension(
        "name",
        "Name",
        "Name that an event of any kind carries: a vital, an error message, a search term.",
        Level.EVENT,
        omits_empty=True,
    ),
    make_column_dimension(
        "kind", "Kind", "Sort of event: pageview, event, web_vital, outlink …", Level.EVENT
    ),
    make_column_dimension(
        "currency",
        "Currency",
        "ISO 4217 code of the event's revenue. Events without revenue are left out.",
        Level.EVENT,
        omits_empty=True,
    ),
    make_column_dimension(
        "bot_reasons",
        "Bot reasons",
        "Why the event counts as a bot's: codes joined by commas; ask with bots included.",
        Level.EVENT,
        omits_empty=True,
    ),
    Dimension(
        "crawler",
        "Crawler",
        "The program that says of itself what it is: Googlebot, GPTBot, AhrefsBot; ask with bots"
        " included.",
        Level.EVENT,
        lambda get, _: _is_crawler(get).ifelse(get("browser"), ""),
        omits_empty=True,
        has_place=lambda get, _: _is_crawler(get) & (get("browser") != ""),
    ),
    Dimension(
        "crawler_kind",
        "Kind of crawler",
        "What that program is for: "
        + ", ".join(f"'{kind}'" for kind in (*KINDS.values(), OTHER_KIND))
        + "; ask with bots included.",
        Level.EVENT,
        lambda get, _: _is_crawler(get).ifelse(_find_kind(get("browser")), ""),
        omits_empty=True,
        has_place=lambda get, _: _is_crawler(get),
    ),
)


def _is_crawler(get: Get) -> Expression:
    return get("bot_reasons").contains("crawler")


def _find_kind(name: Expression) -> Expression:
    """Look a name up by its first letter, in one text for each kind. As one list for each kind the
    engines make a join of it, and a dozen joins take a quarter of a gigabyte."""
    import ibis

    texts: dict[str, dict[str, list[str]]] = {}
    for kind, names in load_crawlers().list_names().items():
        for one in names:
            texts.setdefault(one[0], {}).setdefault(kind, []).append(one)
    first, marked = name.substr(0, 1), "|" + name + "|"
    found = ibis.literal(OTHER_KIND)
    for letter, kinds in sorted(texts.items()):
        of_letter = ibis.literal(OTHER_KIND)
        for kind, listed in reversed(kinds.items()):
            text = ibis.literal(f"|{'|'.join(listed)}|")
            of_letter = text.contains(marked).ifelse(kind, of_letter)
        found = (first == letter).ifelse(of_letter, found)
    return found


def make_property_dimension(name: str, *, field: str = "dimensions") -> Dimension:
    """Make the dimension `prop:<key>`: the text form of a property that the sender gave.

    Raises InvalidInputError when the key is empty, too long or holds control characters.
    """
    key = name.removeprefix(PROPERTY_PREFIX)
    if not key or len(key) > PROPERTY_KEY_LIMIT or not key.isprintable():
        raise InvalidInputError(
            f"dimension '{name[:60]}' names no property; write prop:<key> with a key of 1 to "
            f"{PROPERTY_KEY_LIMIT} printable characters",
            field=field,
        )
    return Dimension(
        name,
        f"Property {key}",
        f"Value of the property '{key}' as text. Events without it are left out.",
        Level.EVENT,
        lambda get, context: context.words.property(get("props"), key),
        omits_empty=True,
    )
