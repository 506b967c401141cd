"""The expression behind `first`."""

from footfall.experiments.exposure import KIND, VARIANT_PROPERTY
from footfall.reports.expression import Relation
from footfall.reports.family import Desk


def make_first(desk: Desk, experiment: str, visitor: int) -> Relation:
    """Return the variant of the visitor's first exposure, as one row, or none."""
    rows = desk.events()
    rows = rows.filter(rows.kind == KIND, rows.name == experiment, rows.visitor == visitor)
    rows = rows.order_by([rows.ts, rows.event_id]).limit(1)
    return rows.select(variant=desk.words.property(rows.props, VARIANT_PROPERTY))
