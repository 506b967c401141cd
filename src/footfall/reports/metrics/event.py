"""Metrics of events: they count events whose time lies in the range."""

from footfall.model.event import REVENUE_SCALE
from footfall.reports.expression import Context, Expression, Relation
from footfall.reports.metric import (
    Metric,
    Part,
    Source,
    count_rows,
    count_visitors,
    make_count,
)


def _is_pageview(rows: Relation, _: Context) -> Expression:
    return rows.kind == "pageview"


def _is_custom(rows: Relation, _: Context) -> Expression:
    return rows.kind == "event"


def _is_error(rows: Relation, _: Context) -> Expression:
    return rows.kind == "error"


def _has_revenue(rows: Relation, _: Context) -> Expression:
    return rows.revenue_micros != 0


def _has_engagement(rows: Relation, _: Context) -> Expression:
    return rows.engagement_ms > 0


def _is_measurement(rows: Relation, _: Context) -> Expression:
    return rows.kind.isin(["web_vital", "scroll_depth"])


def _is_touched_page(rows: Relation, _: Context) -> Expression:
    return (rows.kind == "pageview") & (rows.value > 0)


# Rows that do not count here hold 0, and a sum without a condition is faster.


def _sum_revenue(rows: Relation, _: Expression | None, __: Context) -> Expression:
    return rows.revenue_micros.sum()


def _sum_engagement(rows: Relation, _: Expression | None, __: Context) -> Expression:
    return rows.engagement_ms.sum()


def _sum_whole_value(rows: Relation, where: Expression | None, __: Context) -> Expression:
    # Whole milliseconds: a sum of fractions depends on its order, which engines choose.
    return rows.value.floor().cast("int64").sum(where=where)


PAGEVIEWS = Part("pageviews", Source.EVENTS, count_rows, _is_pageview)
EVENTS = Part("events", Source.EVENTS, count_rows, _is_custom)
REVENUE = Part("revenue", Source.EVENTS, _sum_revenue, _has_revenue)
ENGAGEMENT = Part("engagement_ms", Source.EVENTS, _sum_engagement, _has_engagement)
_PAGE_VISITORS = Part(
    "unique_pageviews", Source.EVENTS, count_visitors, _is_pageview, merge="visitors"
)
_ERRORS = Part("errors", Source.EVENTS, count_rows, _is_error)
_TOUCHED_PAGES = Part("touched_pages", Source.EVENTS, count_rows, _is_touched_page)
_TOUCHED_AFTER = Part("touched_after_ms", Source.EVENTS, _sum_whole_value, _is_touched_page)
_SIGNALS = Part("signals", Source.EVENTS, count_rows)
_MEASUREMENTS = Part("measurements", Source.EVENTS, count_rows, _is_measurement)


def _make_quantile(percent: int) -> Metric:
    def aggregate(rows: Relation, where: Expression | None, context: Context) -> Expression:
        return context.words.quantile(rows.value, percent / 100, where)

    name = f"value_p{percent}"
    part = Part(
        name,
        Source.EVENTS,
        aggregate,
        _is_measurement,
        is_zero_when_empty=False,
        merge="never",
    )
    return Metric(
        name,
        f"Value, {percent}th percentile",
        f"The {percent}th percentile of the value that web vitals and scroll depths carry, "
        "exact, with linear interpolation. Filter by `kind` and `name` to choose which.",
        "number",
        (part,),
        lambda get: get(name),
    )


METRICS: tuple[Metric, ...] = (
    make_count("pageviews", "Pageviews", "Pages seen: events of kind 'pageview'.", PAGEVIEWS),
    make_count("events", "Events", "Custom events: events of kind 'event'.", EVENTS),
    make_count(
        "unique_pageviews",
        "Unique pageviews",
        "Distinct visitors who saw a page in the range; by page, those who saw that page.",
        _PAGE_VISITORS,
    ),
    make_count("errors", "Errors", "JavaScript errors: events of kind 'error'.", _ERRORS),
    make_count("signals", "Signals", "Events of every kind, engagement included.", _SIGNALS),
    make_count(
        "measurements",
        "Measurements",
        "Web vitals and scroll depths: how many values stand behind the percentiles.",
        _MEASUREMENTS,
    ),
    Metric(
        "revenue",
        "Revenue",
        "Sum of the events' revenue. Amounts are not converted: filter or group by `currency` "
        "where there are several.",
        "money",
        (REVENUE,),
        lambda get: get("revenue") / REVENUE_SCALE,
    ),
    Metric(
        "time_on_page",
        "Time on page",
        "Seconds that the page was visible, from engagement signals, for each pageview. "
        "Time in a hidden tab does not count.",
        "seconds",
        (ENGAGEMENT, PAGEVIEWS),
        lambda get: get("engagement_ms") / (get("pageviews").nullif(0) * 1_000),
    ),
    Metric(
        "time_to_interaction",
        "Time to first interaction",
        "Seconds from a page's load to the first thing a person did on it, on average over the "
        "pageviews that say so.",
        "seconds",
        (_TOUCHED_AFTER, _TOUCHED_PAGES),
        lambda get: get("touched_after_ms") / (get("touched_pages").nullif(0) * 1_000),
    ),
    _make_quantile(50),
    _make_quantile(75),
    _make_quantile(99),
)
