"""The tables of the DuckDB warehouse, written down as SQL that derives from the declared columns.
Nothing here runs; no index and no key, because a key on events costs memory at every start."""

from collections.abc import Iterable

from footfall.model.column import Column, ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.model.session import SESSION_COLUMNS

_SQL_TYPES = {
    ColumnType.UINT8: "UTINYINT",
    ColumnType.UINT32: "UINTEGER",
    ColumnType.INT64: "BIGINT",
    ColumnType.FLOAT64: "DOUBLE",
    ColumnType.TIMESTAMP_US: "TIMESTAMP",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.CATEGORY: "VARCHAR",
    ColumnType.JSON: "VARCHAR",
}
_TEXTS = frozenset({ColumnType.TEXT, ColumnType.CATEGORY, ColumnType.JSON})


def render_name(name: str) -> str:
    """Quote an identifier; `end` is a column and a keyword."""
    return '"' + name.replace('"', '""') + '"'


def render_text(value: str) -> str:
    """Quote a text literal."""
    return "'" + value.replace("'", "''") + "'"


def render_names(columns: Iterable[Column]) -> str:
    """List column names for a SELECT or an INSERT."""
    return ", ".join(render_name(c.name) for c in columns)


def _render_table(name: str, columns: Iterable[Column]) -> str:
    rows = ", ".join(f"{render_name(c.name)} {_SQL_TYPES[c.type]} NOT NULL" for c in columns)
    return f"CREATE TABLE IF NOT EXISTS {name} ({rows})"


TABLES: tuple[str, ...] = (
    _render_table("events_recent", EVENT_COLUMNS),
    _render_table("sessions_recent", SESSION_COLUMNS),
    "CREATE SEQUENCE IF NOT EXISTS segment_number",
    "CREATE TABLE IF NOT EXISTS segments (id VARCHAR NOT NULL,"
    " number BIGINT NOT NULL DEFAULT nextval('segment_number'))",
)

EVENT_NAMES = render_names(EVENT_COLUMNS)
SESSION_NAMES = render_names(SESSION_COLUMNS)


def render_insert(select: str) -> str:
    """Return the statement that adds the events of a SELECT to `events_recent`.

    With several threads DuckDB collects the rows of an insert in pieces of its own and copies them
    over at the end; a load has too few rows for that to help, and it costs a third more. A source
    without an order of pieces, such as a join by position, is inserted as it comes.
    """
    return (
        f"INSERT INTO events_recent ({EVENT_NAMES}) SELECT {EVENT_NAMES} FROM ({select})"
        " POSITIONAL JOIN (SELECT 1 AS nothing FROM range(0))"
    )


def _render_json_type(column: Column) -> str:
    if column.type is ColumnType.TIMESTAMP_US:
        return "BIGINT"
    return "JSON" if column.type is ColumnType.JSON else _SQL_TYPES[column.type]


def _render_json_value(column: Column) -> str:
    name = render_name(column.name)
    if column.type is ColumnType.TIMESTAMP_US:
        return f"make_timestamp({name}) AS {name}"
    if column.type is ColumnType.JSON:
        return f"coalesce({name}::VARCHAR, '') AS {name}"
    return f"coalesce({name}, {_render_default(column)}) AS {name}"


def _render_default(column: Column) -> str:
    # A column that every event must carry has no default: NULL meets NOT NULL and is refused.
    if column.name in {"project", "event_id", "visitor", "session", "kind", "door"}:
        return "NULL"
    return "''" if column.type in _TEXTS else "0"


def render_segments(paths: Iterable[str]) -> str:
    """Return the SELECT that reads spool files into the columns of `events`."""
    files = ", ".join(render_text(p) for p in paths)
    types = ", ".join(
        f"{render_text(c.name)}: {render_text(_render_json_type(c))}" for c in EVENT_COLUMNS
    )
    values = ", ".join(_render_json_value(c) for c in EVENT_COLUMNS)
    return (
        f"SELECT {values} FROM read_json([{files}], format = 'newline_delimited',"
        f" columns = {{{types}}}, compression = 'none', hive_partitioning = false)"
    )
