"""The panels of the overview and their tabs: which dimension a tab shows, by which metrics,
and what an empty value is called. Adding a tab here is all it takes to show a dimension."""

from dataclasses import dataclass

from footfall.dashboard import place
from footfall.errors import NotFoundError
from footfall.reports.catalogue import DIMENSIONS, find_dimension


@dataclass(frozen=True, slots=True)
class Tab:
    """One dimension shown as a table."""

    key: str
    """Its word in the URL."""
    title: str
    dimension: str
    noun: str
    """Head of the first column."""
    nothing: str
    """What an empty value is called; such a row has no bar."""
    metrics: tuple[str, ...] = ("visitors",)
    """Shown in the panel; the first one orders and draws the bars."""
    full_metrics: tuple[str, ...] = (
        "visitors",
        "sessions",
        "pageviews",
        "bounce_rate",
        "session_duration",
    )
    """Shown in the full list."""
    advice: str = "Try a longer period or remove a filter."
    """What to do when there is nothing to show."""

    @property
    def plural(self) -> str:
        """What all rows together are called: 'countries', 'entry pages', 'UTM sources'."""
        word = self.noun if self.noun.startswith("UTM") else self.noun.lower()
        if word.endswith("y"):
            return f"{word[:-1]}ies"
        return word if word.endswith("s") else f"{word}s"

    @property
    def omits_empty(self) -> bool:
        """Tell whether rows without a value stand in no line of the report."""
        return find_dimension(self.dimension).omits_empty


@dataclass(frozen=True, slots=True)
class Panel:
    """A card with tabs."""

    key: str
    title: str
    tabs: tuple[Tab, ...]

    def tab(self, key: str) -> Tab:
        """Return the tab of this key, else the first."""
        return next((t for t in self.tabs if t.key == key), self.tabs[0])


_TAG = "Add utm tags to the links you share; tagged visits appear here."
_PLACE = "Regions and cities need a city database: set FOOTFALL_COUNTRY_DB to its file."
_PAGE = ("visitors", "pageviews", "time_on_page")


PANELS: tuple[Panel, ...] = (
    Panel(
        "sources",
        "Sources",
        (
            Tab("channel", "Channels", "channel", "Channel", "Unknown"),
            Tab("source", "Sources", "source", "Source", "Direct or unknown"),
            Tab("campaign", "Campaigns", "utm_campaign", "Campaign", "No campaign", advice=_TAG),
            Tab("utm-source", "UTM source", "utm_source", "UTM source", "Not tagged", advice=_TAG),
            Tab("utm-medium", "UTM medium", "utm_medium", "UTM medium", "Not tagged", advice=_TAG),
        ),
    ),
    Panel(
        "pages",
        "Pages",
        (
            Tab(
                "top",
                "Top",
                "page",
                "Page",
                "Not a page",
                full_metrics=_PAGE,
            ),
            Tab("entry", "Entry", "entry_page", "Entry page", "No page", ("entries",)),
            Tab("exit", "Exit", "exit_page", "Exit page", "No page", ("exits",)),
        ),
    ),
    Panel(
        "places",
        "Places",
        (
            Tab("country", "Countries", "country", "Country", "Unknown"),
            Tab("region", "Regions", "region", "Region", "Unknown", advice=_PLACE),
            Tab("city", "Cities", "city", "City", "Unknown", advice=_PLACE),
            Tab("language", "Languages", "language", "Language", "Unknown"),
        ),
    ),
    Panel(
        "devices",
        "Devices",
        (
            Tab("browser", "Browsers", "browser", "Browser", "Unknown"),
            Tab("system", "Systems", "os", "System", "Unknown"),
            Tab("device", "Types", "device", "Type", "Unknown"),
            Tab("screen", "Sizes", "screen", "Screen size", "Unknown"),
        ),
    ),
    Panel(
        "events",
        "Events",
        (
            Tab(
                "event",
                "Events",
                "event",
                "Event",
                "Unnamed",
                ("events", "visitors"),
                ("events", "visitors"),
                "Call pulse('event', {name: 'signup'}) on your site; any name appears here.",
            ),
        ),
    ),
)

EVENT_TAB = PANELS[-1].tabs[0]

REASONS = Panel(
    "reasons",
    "Why",
    (
        Tab(
            "reason",
            "Reasons",
            "bot_reasons",
            "Reasons",
            "None",
            ("signals", "visitors"),
            ("signals", "visitors"),
        ),
    ),
)
"""Stands on the page of bots in place of events."""

CRAWLERS = Panel(
    "crawlers",
    "Crawlers by name",
    (
        Tab(
            "crawler",
            "Names",
            "crawler",
            "Crawler",
            "Unnamed",
            ("signals", "visitors"),
            ("signals", "visitors"),
            "Crawlers that run scripts or stand in an imported access log appear here.",
        ),
        Tab(
            "crawler-kind",
            "Kinds",
            "crawler_kind",
            "Kind",
            "Unknown",
            ("signals", "visitors"),
            ("signals", "visitors"),
        ),
    ),
)
"""Stands on the page of bots."""

BOT_PANELS = (REASONS, CRAWLERS)

DIMENSION_TITLES: dict[str, str] = {d.name: d.title for d in DIMENSIONS if not d.is_time}
"""Dimensions that can be filtered by, with their titles."""

_NOTHING: dict[str, str] = {t.dimension: t.nothing for p in PANELS for t in p.tabs}


def find_panel(key: str) -> Panel:
    """Return the panel of this key. Raises NotFoundError."""
    for panel in (*PANELS, *BOT_PANELS):
        if panel.key == key:
            return panel
    raise NotFoundError("Report", key)


def title_of(dimension: str) -> str:
    """Return what a dimension is called; a property is called by its key."""
    if dimension.startswith("prop:"):
        return f"Property {dimension[5:]}"
    return DIMENSION_TITLES.get(dimension, dimension)


def name_of(dimension: str, value: str) -> str:
    """Return how a value is shown: countries by name, empty ones in words."""
    if value == "":
        return _NOTHING.get(dimension, "None")
    if dimension == "country":
        return place.find_country(value)
    return value
