"""How `sessions` follows the events, as SQL. A load folds its events into the rows they touch;
only where the row does not hold enough to decide (a late pageview, an equal instant) the session
is derived anew from its events. Either way the row is exact after the load."""

from footfall.model.session import COUNTED_COLUMNS, FIRST_EVENT_COLUMNS
from footfall.store.duckdb.table import SESSION_NAMES, render_name

_FIRST = tuple(render_name(c) for c in ("visitor", *FIRST_EVENT_COLUMNS))
_ORDER = "(ts, event_id)"


def render_parts(source: str, after_row: int = -1) -> str:
    """Return the SELECT that makes one row for each session out of the events in table `source`
    whose row id is greater than `after_row`.

    Beside the columns of `sessions` it has `first_view` and `last_view`, NULL without pageviews.
    The first event is found by its row id and fetched once: a third of the time that an
    aggregate for each of its columns takes.
    """
    first = ", ".join(f"f.{c}" for c in _FIRST)
    counted = ", ".join(f"a.{c}" for c in sorted(COUNTED_COLUMNS))
    return f"""
    SELECT a.project, a.session, a.start, a."end", {counted}, {first},
      a.entry_page, a.exit_page, a.first_view, a.last_view
    FROM (
      SELECT project, session, min_by(rowid, {_ORDER}) AS first_row,
        min(ts) AS start, max(ts) AS "end",
        count(*) FILTER (kind = 'pageview')::UINTEGER AS pageviews,
        count(*) FILTER (kind = 'event')::UINTEGER AS custom_events,
        count(*) FILTER (kind <> 'pageview' AND interactive = 1)::UINTEGER AS interactions,
        sum(engagement_ms)::BIGINT AS engagement_ms,
        sum(revenue_micros)::BIGINT AS revenue_micros,
        max(bot_score) AS bot_score,
        coalesce(min_by(path, {_ORDER}) FILTER (kind = 'pageview'), '') AS entry_page,
        coalesce(max_by(path, {_ORDER}) FILTER (kind = 'pageview'), '') AS exit_page,
        min(ts) FILTER (kind = 'pageview') AS first_view,
        max(ts) FILTER (kind = 'pageview') AS last_view
      FROM {source} WHERE session <> 0 AND rowid > {after_row} GROUP BY project, session
    ) a JOIN {source} f ON f.rowid = a.first_row"""


def render_load_parts(after_row: int) -> str:
    """Return the statement that makes one row for each session in a load: in the events that the
    open transaction has added to those up to `after_row`."""
    return f"CREATE OR REPLACE TEMP TABLE parts AS {render_parts('events_recent', after_row)}"


KNOWN = """
CREATE OR REPLACE TEMP TABLE known AS
SELECT s.project, s.session, s.start, s."end", s.pageviews
FROM sessions_recent s JOIN parts p ON s.project = p.project AND s.session = p.session"""
"""What the touched rows held before the load."""

_UNDECIDED = """p.start = k.start OR (k.pageviews > 0 AND (
    p.first_view BETWEEN k.start AND k."end" OR p.last_view BETWEEN k.start AND k."end"))"""

UNDECIDED = f"""
CREATE OR REPLACE TEMP TABLE undecided AS
SELECT project, session, least(p.start, k.start) AS start, greatest(p."end", k."end") AS "end"
FROM parts p JOIN known k USING (project, session) WHERE {_UNDECIDED}"""
"""Sessions whose first event or entry or exit page the row and the load cannot tell."""

UNDECIDED_RANGE = 'SELECT epoch_us(min(start)), epoch_us(max("end")) FROM undecided'


def render_again(start_us: int, end_us: int) -> str:
    """Return the statement that fetches every event of the undecided sessions."""
    return f"""
    CREATE OR REPLACE TEMP TABLE again AS SELECT e.* FROM events e
    JOIN undecided u ON e.project = u.project AND e.session = u.session
    WHERE e.ts BETWEEN make_timestamp({start_us}) AND make_timestamp({end_us})"""


DERIVE_AGAIN: tuple[str, ...] = (
    """DELETE FROM parts USING undecided u
    WHERE parts.project = u.project AND parts.session = u.session""",
    """DELETE FROM sessions_recent s USING undecided u
    WHERE s.project = u.project AND s.session = u.session""",
    f"INSERT INTO sessions_recent SELECT {SESSION_NAMES} FROM ({render_parts('again')})"
    " ORDER BY session",
    "DROP TABLE again",
)

_MATCH = """FROM parts p JOIN known k USING (project, session)
WHERE s.project = p.project AND s.session = p.session"""

HAS_EARLIER = """
SELECT count(*) FROM parts p JOIN known k USING (project, session)
WHERE p.start < k.start OR (k.pageviews = 0 AND p.pageviews > 0)"""

FOLD_EARLIER: tuple[str, ...] = (
    "UPDATE sessions_recent s SET start = p.start, "
    + ", ".join(f"{c} = p.{c}" for c in _FIRST)
    + f" {_MATCH} AND p.start < k.start",
    f"""UPDATE sessions_recent s SET entry_page = p.entry_page {_MATCH}
    AND p.pageviews > 0 AND (k.pageviews = 0 OR p.first_view < k.start)""",
)
"""A late event may have become the session's first, or brought its first pageview."""

FOLD: tuple[str, ...] = (
    f"""UPDATE sessions_recent s SET "end" = greatest(s."end", p."end"),
      pageviews = s.pageviews + p.pageviews, custom_events = s.custom_events + p.custom_events,
      interactions = s.interactions + p.interactions,
      engagement_ms = s.engagement_ms + p.engagement_ms,
      revenue_micros = s.revenue_micros + p.revenue_micros,
      bot_score = greatest(s.bot_score, p.bot_score),
      exit_page = CASE WHEN p.pageviews > 0 AND (k.pageviews = 0 OR p.last_view > k."end")
        THEN p.exit_page ELSE s.exit_page END
    {_MATCH}""",
    f"""INSERT INTO sessions_recent SELECT {SESSION_NAMES} FROM parts p
    ANTI JOIN known k USING (project, session) ORDER BY session""",
)
