"""Dimensions of what was seen: pages and their host."""

from footfall.reports.dimension import Dimension, Level, make_column_dimension

DIMENSIONS: tuple[Dimension, ...] = (
    make_column_dimension(
        "page",
        "Page",
        "Path of the page, without the query string. Events on no page are left out.",
        Level.EVENT,
        column="path",
        omits_empty=True,
    ),
    make_column_dimension(
        "title",
        "Page title",
        "Title of the page. Events without one are left out.",
        Level.EVENT,
        omits_empty=True,
    ),
    make_column_dimension(
        "entry_page",
        "Entry page",
        "Path of the visit's first pageview. Visits without a pageview are left out.",
        Level.SESSION,
        omits_empty=True,
    ),
    make_column_dimension(
        "exit_page",
        "Exit page",
        "Path of the visit's last pageview. Visits without a pageview are left out.",
        Level.SESSION,
        omits_empty=True,
    ),
    make_column_dimension(
        "hostname",
        "Host name",
        "Host name or site id that the event came from.",
        Level.SHARED,
        column="site",
    ),
)
