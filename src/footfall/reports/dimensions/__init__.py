"""All dimensions, in the order in which documentation and dashboard show them."""

from footfall.reports.dimension import Dimension
from footfall.reports.dimensions import event, page, source, time, visitor

DIMENSIONS: tuple[Dimension, ...] = (
    *page.DIMENSIONS,
    *source.DIMENSIONS,
    *visitor.DIMENSIONS,
    *event.DIMENSIONS,
    *time.DIMENSIONS,
)
