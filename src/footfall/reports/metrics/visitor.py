"""Metrics of people: distinct visitors, and what comes to each of them."""

from footfall.model.event import REVENUE_SCALE
from footfall.reports.metric import Metric, Part, Source, count_visitors, make_count
from footfall.reports.metrics.event import REVENUE

VISITORS = Part("visitors", Source.PRESENCE, count_visitors, merge="visitors")

METRICS: tuple[Metric, ...] = (
    make_count(
        "visitors",
        "Visitors",
        "Distinct visitors with a visit that touches the range; with a dimension or filter of "
        "event level, distinct visitors of the matching events.",
        VISITORS,
    ),
    Metric(
        "revenue_per_visitor",
        "Revenue per visitor",
        "Revenue divided by visitors.",
        "money",
        (REVENUE, VISITORS),
        lambda get: get("revenue") / (get("visitors").nullif(0) * REVENUE_SCALE),
    ),
)
