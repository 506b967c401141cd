"""The tables of the ClickHouse warehouse, written down as SQL that derives from the declared
columns. Nothing here runs.

`incoming` takes the spool's lines as they are and stores nothing; a materialized view turns them
into rows of `events`, whose deduplication window knows each segment by its token. `session_rows`
holds the derived sessions, the version with the most events wins; `sessions` shows one row each.
"""

from collections.abc import Iterable

from footfall.model.column import Column, ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.model.session import FIRST_EVENT_COLUMNS, SESSION_COLUMNS

_SQL_TYPES = {
    ColumnType.UINT8: "UInt8",
    ColumnType.UINT32: "UInt32",
    ColumnType.INT64: "Int64",
    ColumnType.FLOAT64: "Float64",
    ColumnType.TIMESTAMP_US: "DateTime64(6, 'UTC')",
    ColumnType.TEXT: "String",
    ColumnType.CATEGORY: "LowCardinality(String)",
    ColumnType.JSON: "String",
}
_CODECS = {ColumnType.TIMESTAMP_US: "Delta, ZSTD"}
_WINDOW = 100_000
"""Blocks whose tokens are remembered. A repeat comes from a node that died after its insert, so
it comes within minutes; a hundred nodes make some 400 blocks a second."""


def render_name(name: str) -> str:
    """Quote an identifier."""
    return f"`{name}`"


def render_names(columns: Iterable[Column]) -> str:
    """List column names for a SELECT or an INSERT."""
    return ", ".join(render_name(c.name) for c in columns)


def _render_columns(columns: Iterable[Column]) -> str:
    return ", ".join(
        f"{render_name(c.name)} {_SQL_TYPES[c.type]} CODEC({_CODECS.get(c.type, 'ZSTD')})"
        for c in columns
    )


def _render_incoming_type(column: Column) -> str:
    # A whole number read into a DateTime64 would be seconds.
    if column.type is ColumnType.TIMESTAMP_US:
        return "Int64"
    return "String" if column.type is ColumnType.CATEGORY else _SQL_TYPES[column.type]


def _render_incoming_value(column: Column) -> str:
    name = render_name(column.name)
    if column.type is ColumnType.TIMESTAMP_US:
        return f"fromUnixTimestamp64Micro({name}, 'UTC') AS {name}"
    return name


EVENT_NAMES = render_names(EVENT_COLUMNS)
SESSION_NAMES = render_names(SESSION_COLUMNS)

_INCOMING = ", ".join(f"{render_name(c.name)} {_render_incoming_type(c)}" for c in EVENT_COLUMNS)

TABLES: tuple[str, ...] = (
    f"CREATE TABLE IF NOT EXISTS incoming ({_INCOMING},"
    " CONSTRAINT has_what_every_event_carries CHECK"
    " project > 0 AND ts <> 0 AND event_id <> 0 AND kind <> '' AND door <> '') ENGINE = Null",
    f"CREATE TABLE IF NOT EXISTS events ({_render_columns(EVENT_COLUMNS)})"
    " ENGINE = MergeTree PARTITION BY toYYYYMM(ts)"
    " ORDER BY (project, toDate(ts), session, ts)"
    f" SETTINGS non_replicated_deduplication_window = {_WINDOW}",
    "CREATE MATERIALIZED VIEW IF NOT EXISTS incoming_to_events TO events AS SELECT "
    + ", ".join(_render_incoming_value(c) for c in EVENT_COLUMNS)
    + " FROM incoming",
    f"CREATE TABLE IF NOT EXISTS session_rows ({_render_columns(SESSION_COLUMNS)},"
    " version UInt64) ENGINE = ReplacingMergeTree(version) ORDER BY (project, session)",
    f"CREATE VIEW IF NOT EXISTS sessions AS SELECT {SESSION_NAMES} FROM session_rows FINAL",
    "CREATE TABLE IF NOT EXISTS segments (id String, loaded_at DateTime DEFAULT now())"
    " ENGINE = MergeTree ORDER BY id TTL loaded_at + INTERVAL 30 DAY",
)

STORED = ("events", "session_rows")
"""The tables that hold people's events, for sizes and for erasing."""

_FIRST = ("visitor", *FIRST_EVENT_COLUMNS)
_ORDER = "(ts, event_id)"
_DERIVED = {
    "project": "project",
    "session": "session",
    "start": "min(ts)",
    "end": "max(ts)",
    "pageviews": "countIf(kind = 'pageview')",
    "custom_events": "countIf(kind = 'event')",
    "interactions": "countIf(kind != 'pageview' AND interactive = 1)",
    "engagement_ms": "sum(engagement_ms)",
    "revenue_micros": "sum(revenue_micros)",
    "bot_score": "max(bot_score)",
    "entry_page": f"argMinIf(path, {_ORDER}, kind = 'pageview')",
    "exit_page": f"argMaxIf(path, {_ORDER}, kind = 'pageview')",
}


def render_derive(keys: str, start_us: int, end_us: int) -> str:
    """Return the INSERT that derives sessions anew from their events.

    `keys` is a list of (project, session) pairs; all their events lie between the instants. The
    version is the number of events, so deriving twice, or on two nodes at once, is harmless.
    """
    attributes = ", ".join(render_name(c) for c in _FIRST)
    first = f"argMin(attributes, {_ORDER})"
    derived = _DERIVED | {c: f"tupleElement({first}, {i + 1})" for i, c in enumerate(_FIRST)}
    values = ", ".join(f"{derived[c.name]} AS `_{c.name}`" for c in SESSION_COLUMNS)
    return f"""
    INSERT INTO session_rows ({SESSION_NAMES}, version)
    SELECT {values}, count() AS version FROM (
      SELECT *, tuple({attributes}) AS attributes FROM events
      WHERE (project, session) IN ({keys})
        AND ts BETWEEN fromUnixTimestamp64Micro({start_us}, 'UTC')
        AND fromUnixTimestamp64Micro({end_us}, 'UTC')
    ) GROUP BY project, session"""


def render_known_range(keys: str) -> str:
    """Return the SELECT for the instants between which known sessions of `keys` lie."""
    return f"""
    SELECT count(), toUnixTimestamp64Micro(min(start)), toUnixTimestamp64Micro(max(`end`))
    FROM session_rows WHERE (project, session) IN ({keys})"""
