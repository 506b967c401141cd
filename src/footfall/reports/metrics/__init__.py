"""All metrics, in the order in which documentation and dashboard show them."""

from footfall.reports.metric import Metric
from footfall.reports.metrics import event, session, step, visitor

METRICS: tuple[Metric, ...] = (
    *visitor.METRICS,
    *session.METRICS,
    *event.METRICS,
    *step.METRICS,
)
