"""Erasing what is too old, as SQL; nothing here runs. ClickHouse knows no transaction over tables,
so the sessions that are about to lose events are written down in `shortened` first: whoever comes
after a crash derives those anew and is where the dead one was."""

from collections.abc import Iterable

from footfall.store.warehouse import Expiry

TABLE = (
    "CREATE TABLE IF NOT EXISTS shortened (project UInt32, session Int64)"
    " ENGINE = MergeTree ORDER BY (project, session)"
)

KEYS = "SELECT project, session FROM shortened"
"""The keys of the noted sessions, for `table.render_derive` and `table.render_known_range`."""

ERASE_SESSIONS = f"DELETE FROM session_rows WHERE (project, session) IN ({KEYS})"

COUNT_GONE = f"""
SELECT (SELECT count() FROM (SELECT DISTINCT project, session FROM shortened))
  - (SELECT count() FROM sessions WHERE (project, session) IN ({KEYS}))"""

EVER_US = (0, 1 << 52)
"""From 1970 to 2112: a range for sessions of which nobody knows any more when they were."""


def render_expired(expiries: Iterable[Expiry]) -> str:
    """Return the condition that events which are too old meet."""
    parts = []
    for expiry in expiries:
        if not expiry.projects:
            continue
        projects = ", ".join(str(int(number)) for number in expiry.projects)
        door = f" AND door = '{_escape(expiry.door)}'" if expiry.door else ""
        parts.append(f"(project IN ({projects}) AND ts < {_instant(expiry.before_us)}{door})")
    return " OR ".join(parts) or "0"


def render_oldest_month(where: str) -> str:
    """Return the SELECT for the first month that holds anything too old, as (YYYYMM, events)."""
    return (
        f"SELECT toYYYYMM(ts) AS month, count() FROM events WHERE {where}"
        " GROUP BY month ORDER BY month LIMIT 1"
    )


def render_note(month: int, where: str) -> str:
    """Return the INSERT that writes down the sessions about to lose events of a month."""
    return (
        "INSERT INTO shortened SELECT DISTINCT project, session FROM events"
        f" WHERE {_of(month)} AND session != 0 AND ({where})"
    )


def render_full_parts(month: int, where: str) -> str:
    """Return the SELECT for the parts of a month that hold nothing but what is too old. A part
    never changes, so it may be dropped whole whatever is loaded meanwhile."""
    return (
        f"SELECT _part FROM events WHERE {_of(month)} GROUP BY _part"
        f" HAVING count() = countIf({where})"
    )


def render_erase_events(month: int, where: str) -> str:
    """Return the DELETE for what is too old in a month's other parts."""
    return f"DELETE FROM events WHERE {_of(month)} AND ({where})"


def _of(month: int) -> str:
    return f"toYYYYMM(ts) = {int(month)}"


def _instant(us: int) -> str:
    return f"fromUnixTimestamp64Micro({int(us)}, 'UTC')"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")
