"""The catalogue of dimensions and metrics: parsers, documentation, exports and the dashboard read
it here. What is not in it cannot be asked for."""

from footfall.errors import InvalidInputError
from footfall.reports.dimension import PROPERTY_PREFIX, Dimension
from footfall.reports.dimensions import DIMENSIONS
from footfall.reports.dimensions.event import make_property_dimension
from footfall.reports.metric import Metric
from footfall.reports.metrics import METRICS

__all__ = ["DIMENSIONS", "METRICS", "find_dimension", "find_metric"]

_DIMENSIONS = {d.name: d for d in DIMENSIONS}
_METRICS = {m.name: m for m in METRICS}


def find_dimension(name: str, *, field: str = "dimensions") -> Dimension:
    """Return the dimension of a name; `prop:<key>` names a property.

    Raises InvalidInputError, for `field`, when there is none.
    """
    if name.startswith(PROPERTY_PREFIX):
        return make_property_dimension(name, field=field)
    try:
        return _DIMENSIONS[name]
    except KeyError:
        raise InvalidInputError(
            f"unknown dimension '{name[:60]}'; known are {', '.join(_DIMENSIONS)} and prop:<key>",
            field=field,
        ) from None


def find_metric(name: str, *, field: str = "metrics") -> Metric:
    """Return the metric of a name.

    Raises InvalidInputError, for `field`, when there is none.
    """
    try:
        return _METRICS[name]
    except KeyError:
        raise InvalidInputError(
            f"unknown metric '{name[:60]}'; known are {', '.join(_METRICS)}", field=field
        ) from None
