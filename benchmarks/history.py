"""Generated history for measurements: believable sessions over many days, made inside DuckDB so
that ten million events take a minute. It is repeatable from its seed and no part of the product."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

EVENTS_PER_SESSION = 3.9
"""Mean of the generated mix; the number of events made is close to, not exactly, the one asked."""


@dataclass(frozen=True, slots=True)
class History:
    """What to generate."""

    events: int
    days: int = 90
    projects: int = 4
    seed: float = 0.42
    has_client_ids: bool = False
    """True: event ids are hashes, as for senders that give every event an id."""
    start_us: int = 1_772_323_200_000_000
    """2026-03-01 00:00 UTC."""


_OWN = "(7700000000::BIGINT << 30)"
"""Where our own ids begin in this history: random bits drawn at start, then a counter."""


def _pick(name: str, salt: int, size: int, skew: float) -> str:
    """SQL for a skewed choice among `size` names, fixed by the session's number."""
    roll = f"(hash(s * 64 + {salt}) % 1000000 / 1e6)"
    return f"'{name}' || floor(pow({roll}, {skew}) * {size})::INT"


def _sometimes(share: float, salt: int, expression: str) -> str:
    roll = f"hash(s * 64 + {salt}) % 1000 < {int(share * 1000)}"
    return f"CASE WHEN {roll} THEN {expression} ELSE '' END"


def _sessions_sql(history: History) -> str:
    count = int(history.events / EVENTS_PER_SESSION)
    day_us = 86_400_000_000
    # A day has a rhythm: the sum of two rolls leans to the middle of the day.
    clock = "((hash(s * 64 + 2) % 1000000 + hash(s * 64 + 3) % 1000000) / 2e6)"
    visitors = max(1, count * 8 // 10 // history.days)
    return f"""
    CREATE TABLE visits AS SELECT *, {_OWN} + row_number() OVER (ORDER BY start_us) AS session
    FROM (SELECT s,
      1 + floor(pow(hash(s * 64 + 1) % 1000000 / 1e6, 2) * {history.projects})::INT AS project,
      {history.start_us} + (s * {history.days} // {count}) * {day_us}
        + ({clock} * {day_us})::BIGINT AS start_us,
      (hash(s * {history.days} // {count} * 100000000 + hash(s * 64 + 4) % {visitors})
        >> 1)::BIGINT AS visitor,
      1 + floor(-ln(1 - (hash(s * 64 + 5) % 1000000 / 1e6)) * 1.05)::INT AS views,
      {_pick("/section/page-", 6, 400, 2.5)} AS entry_page,
      {_sometimes(0.55, 7, _pick("source-", 8, 60, 3))} AS source,
      {_pick("Channel ", 9, 8, 1.5)} AS channel,
      {_sometimes(0.15, 10, _pick("campaign-", 11, 20, 2))} AS utm_campaign,
      {_pick("C", 12, 90, 3)} AS country,
      {_pick("Browser ", 13, 9, 2.5)} AS browser,
      {_pick("1", 14, 12, 3)} AS browser_version,
      {_pick("System ", 15, 6, 1.5)} AS os,
      {_pick("Version ", 16, 10, 2)} AS os_version,
      {_pick("Device ", 17, 3, 2)} AS device,
      {_pick("1920x10", 18, 40, 2.5)} AS screen,
      {_pick("lang-", 19, 40, 3)} AS language
    FROM range({count}) t(s))"""


def _events_sql(history: History) -> str:
    own_id = f"{_OWN} + n"
    hashed = "-(hash(s * 64 + i) >> 1)::BIGINT - 1"
    return f"""
    WITH steps AS (
      SELECT v.*, unnest(range(views * 2 + (hash(s * 64 + 20) % 4 = 0)::INT
        + 2 * (hash(s * 64 + 21) % 5 = 0)::INT)) AS i FROM visits v
    ), timed AS (
      SELECT *, CASE WHEN i >= views * 2 THEN
          CASE WHEN i = views * 2 AND hash(s * 64 + 20) % 4 = 0 THEN 'event' ELSE 'web_vital' END
        WHEN i % 2 = 0 THEN 'pageview' ELSE 'engagement' END AS kind,
        start_us + CASE WHEN i >= views * 2 THEN 2000000 + hash(s * 64 + 22 + i) % 9000000
          ELSE (i // 2) * 40000000 + (i % 2) * (4000000 + hash(s * 64 + 22 + i) % 30000000)
            + (i > 0)::INT * hash(s * 64 + 40 + i) % 5000000 END AS ts_us
      FROM steps
    )
    SELECT project, make_timestamp(ts_us::BIGINT) AS ts, make_timestamp(ts_us::BIGINT)
        AS received_at,
      {hashed if history.has_client_ids else own_id} AS event_id, visitor,
      session, kind, 'pulse' AS door, (kind IN ('pageview', 'event'))::INT AS interactive,
      CASE kind WHEN 'event' THEN 'Event ' || hash(s * 64 + i) % 12
        WHEN 'web_vital' THEN ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'][1 + (hash(s + i) % 5)::INT]
        ELSE '' END AS name,
      'site-' || project || '.example' AS site,
      CASE WHEN i < 2 THEN entry_page
        ELSE '/section/page-'
          || floor(pow(hash(s * 64 + 80 + i // 2) % 1000000 / 1e6, 2.5) * 400)::INT
        END AS path,
      CASE WHEN kind = 'pageview' THEN 'Title of ' || path ELSE '' END AS title,
      CASE WHEN source = '' THEN '' ELSE source || '.example/' END AS referrer,
      source, channel, CASE WHEN utm_campaign = '' THEN '' ELSE 'news' END AS utm_source,
      CASE WHEN utm_campaign = '' THEN '' ELSE 'email' END AS utm_medium, utm_campaign,
      country, browser, browser_version, os, os_version, device, screen, language, entry_page,
      CASE kind WHEN 'web_vital' THEN (hash(s * 64 + 90 + i) % 4000)::DOUBLE ELSE 0 END AS value,
      CASE kind WHEN 'engagement' THEN (ts_us - start_us) // 1000 % 60000 ELSE 0 END
        AS engagement_ms,
      CASE WHEN kind = 'event' AND hash(s * 64 + 91) % 10 = 0
        THEN (hash(s * 64 + 92) % 20000)::BIGINT * 10000 ELSE 0 END AS revenue_micros,
      CASE WHEN kind = 'event' AND hash(s * 64 + 91) % 10 = 0 THEN 'EUR' ELSE '' END AS currency,
      CASE WHEN hash(s * 64 + 93) % 40 = 0 THEN 60 ELSE 0 END AS bot_score,
      CASE WHEN hash(s * 64 + 93) % 40 = 0 THEN 'crawler_user_agent,hosting_network' ELSE '' END
        AS bot_reasons,
      CASE WHEN kind = 'event' THEN '{{"plan":"' || ['free', 'pro', 'team'][1 + (hash(s) % 3)::INT]
        || '","step":' || hash(s + 1) % 9 || '}}' ELSE '' END AS props
    FROM (SELECT *, row_number() OVER (ORDER BY ts_us, s, i) AS n FROM timed) ORDER BY n"""


def save_history(history: History, folder: Path) -> list[Path]:
    """Write the history as one Parquet file a day, in the order of arrival; returns the files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    db = duckdb.connect(
        str(folder / "scratch.duckdb"),
        config={"threads": 2, "memory_limit": "2GB", "temp_directory": str(folder / "tmp")},
    )
    db.execute(_sessions_sql(history))
    db.execute(f"CREATE TABLE made AS {_events_sql(history)}")
    files = []
    for day in range(history.days + 1):
        path = folder / f"day-{day:03}.parquet"
        start = f"make_timestamp({history.start_us}) + INTERVAL {day} DAY"
        db.execute(
            f"COPY (SELECT * FROM made WHERE ts >= {start} AND ts < {start} + INTERVAL 1 DAY)"
            f" TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
        )
        files.append(path)
    db.close()
    (folder / "scratch.duckdb").unlink()
    return files
