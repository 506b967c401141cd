"""What a column of the warehouse is, in words that no engine owns.
Engines translate `ColumnType`; they add no column and rename none."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, get_type_hints

if TYPE_CHECKING:
    import msgspec


class ColumnType(Enum):
    """The types a column may have. No column holds NULL: absent text is '', absent number 0."""

    UINT8 = "uint8"
    UINT32 = "uint32"
    INT64 = "int64"
    FLOAT64 = "float64"
    TIMESTAMP_US = "timestamp_us"
    """Microseconds since the epoch, UTC; a zoneless TIMESTAMP in the engine."""
    TEXT = "text"
    CATEGORY = "category"
    """Text with few distinct values (browser, country); engines may dictionary-encode it."""
    JSON = "json"
    """A JSON object kept as text; absent is ''."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type and what it means."""

    name: str
    type: ColumnType
    meaning: str


@dataclass(frozen=True, slots=True)
class Col:
    """The mark that a field of a row type carries: `Annotated[str, Col(ColumnType.TEXT, "…")]`."""

    type: ColumnType
    meaning: str


def columns_of(row_type: "type[msgspec.Struct]") -> tuple[Column, ...]:
    """Return the columns that a row type declares, in the order of its fields.

    Raises TypeError when a field carries no `Col`.
    """
    hints: dict[str, Any] = get_type_hints(row_type, include_extras=True)
    columns = []
    for name in row_type.__struct_fields__:
        marks = [m for m in getattr(hints[name], "__metadata__", ()) if isinstance(m, Col)]
        if len(marks) != 1:
            raise TypeError(f"{row_type.__name__}.{name} must carry exactly one Col")
        columns.append(Column(name, marks[0].type, marks[0].meaning))
    return tuple(columns)
