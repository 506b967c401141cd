"""The reports that have a page of their own: where they stand, which module they belong to, and
what a page without figures says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """One report."""

    key: str
    """Its word in the URL."""
    title: str
    module: str
    about: str
    """One sentence: what it answers."""
    advice: str
    """What to do when there is nothing to show."""


def _advise(attribute: str, then: str) -> str:
    return f'Add data-{attribute}="true" to the script tag of your pages; {then}.'


CAMPAIGNS = Report(
    "campaigns",
    "Campaigns",
    "utm",
    "Which of the links you tagged bring visits, and which of these reach a goal.",
    "Add utm_source, utm_medium and utm_campaign to links you share; tagged visits appear here.",
)
JOURNEYS = Report(
    "journeys",
    "Journeys",
    "paths",
    "The ways people take through the site, and what lies before and after a page.",
    "Journeys appear as soon as visits see two pages; try a longer period or remove a filter.",
)
RETENTION = Report(
    "retention",
    "Retention",
    "retention",
    "How many of those who came for the first time come back later.",
    "Returning is known of visitors with an id of their own, or within a day; try a longer period.",
)
SEARCH = Report(
    "search",
    "Site search",
    "search",
    "What people look for on your site, and whether they find it.",
    _advise("search", "searches in the address (?q=) are then seen"),
)
LINKS = Report(
    "links",
    "Outbound links",
    "events",
    "Where people go from here, and what they download.",
    _advise("outlinks", "links away from the site are then seen"),
)
GOALS = Report(
    "goals",
    "Goals",
    "goals",
    "What counts as success on your site, and how often it happens.",
    "A goal is a page seen, an event sent, or a visit long enough.",
)
FUNNELS = Report(
    "funnels",
    "Funnels",
    "funnels",
    "Steps on the way to success, and where people leave it.",
    "A funnel needs two steps: pages seen or events sent, in the order they happen.",
)
VITALS = Report(
    "vitals",
    "Web vitals",
    "webvitals",
    "How fast your pages feel to the people who visit them.",
    _advise("vitals", "browsers then report how fast pages were"),
)
ERRORS = Report(
    "errors",
    "Errors",
    "error_tracking",
    "What breaks in your visitors' browsers.",
    "No error happened here. " + _advise("errors", "whatever breaks is then reported"),
)
HEATMAP = Report(
    "heatmap",
    "Heatmap",
    "heatmaps",
    "Where people click on a page.",
    _advise("clicks", "clicks are then seen"),
)
SCROLL = Report(
    "scroll",
    "Scroll depth",
    "scroll_depth",
    "How far down your pages people read.",
    _advise("scroll", "depths are then seen"),
)

REPORTS: tuple[Report, ...] = (
    *(CAMPAIGNS, JOURNEYS, RETENTION, SEARCH, LINKS, GOALS, FUNNELS, VITALS, ERRORS),
    *(HEATMAP, SCROLL),
)
