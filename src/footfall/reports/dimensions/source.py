"""Dimensions of where a visit came from: they are those of the first signal of the visit."""

from footfall.reports.dimension import Dimension, Level, make_column_dimension
from footfall.reports.expression import Context, Expression, Get


def _referrer_host(get: Get, _: Context) -> Expression:
    referrer = get("referrer")
    return referrer.left((referrer + "/").find("/"))


_COLUMNS = tuple(
    make_column_dimension(name, title, description, Level.SHARED)
    for name, title, description in (
        ("channel", "Channel", "Channel group of the visit: Organic Search, Direct, Paid Social …"),
        ("source", "Source", "Where the visit came from; '' for direct."),
        ("referrer", "Referrer", "Host and path of the referring page; '' for none."),
        ("utm_source", "UTM source", "utm_source of the visit; '' for none."),
        ("utm_medium", "UTM medium", "utm_medium of the visit; '' for none."),
        ("utm_campaign", "UTM campaign", "utm_campaign of the visit; '' for none."),
        ("utm_content", "UTM content", "utm_content of the visit; '' for none."),
        ("utm_term", "UTM term", "utm_term of the visit; '' for none."),
        ("click_id", "Click id", "Which advertiser's click id came along: gclid, fbclid …"),
        ("door", "Door", "The API that the event came in by: pulse, pulsegate, import …"),
    )
)

DIMENSIONS: tuple[Dimension, ...] = (
    *_COLUMNS,
    Dimension(
        "referrer_host",
        "Referring host",
        "Host of the referring page, without 'www.'; '' for none.",
        Level.SHARED,
        _referrer_host,
    ),
)
