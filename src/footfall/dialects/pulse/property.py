"""Properties that goals and steps compare with: JSON values as the text that the core compares."""

from collections.abc import Mapping
from typing import Any

from footfall.errors import InvalidInputError


def parse_property_match(match: Mapping[str, Any], field: str) -> tuple[tuple[str, str], ...]:
    """Return keys with the text form of their values: 9 and 9.0 are '9', true is 'true'.

    Raises InvalidInputError for lists, objects and null.
    """
    return tuple(
        sorted((key, _parse_value(value, f"{field}.{key}")) for key, value in match.items())
    )


def _parse_value(value: Any, field: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float) and value != "":
        return str(value)
    raise InvalidInputError(
        f"{field} is {str(value)[:40]!r}; accepted is text, a number, true or false", field=field
    )
