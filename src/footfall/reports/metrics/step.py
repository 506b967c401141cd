"""Metrics of the way from page to page."""

from footfall.reports.expression import Context, Expression, Relation
from footfall.reports.metric import Metric, Part, Source, count_rows


def _sum_wait(rows: Relation, where: Expression | None, _: Context) -> Expression:
    return rows.wait_us.sum(where=where)


_STEPS = Part("steps", Source.STEPS, count_rows)
_WAIT = Part("step_wait_us", Source.STEPS, _sum_wait)

METRICS: tuple[Metric, ...] = (
    Metric(
        "time_to_next",
        "Time to next page",
        "Mean seconds from a pageview to the next pageview of the visit within the range; "
        "a visit's last page has none and does not count.",
        "seconds",
        (_WAIT, _STEPS),
        lambda get: get(_WAIT.name) / (get(_STEPS.name).nullif(0) * 1_000_000),
    ),
)
