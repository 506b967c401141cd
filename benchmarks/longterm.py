"""Ten million events over ninety days: what they take on disk, how long a start takes, how fast the
dashboard of thirty days is, and how much memory all that needs.

The history is made by one process, loaded day by day by a second, and asked by a third, so that
each one's peak of memory is its own. Run one step by hand: `python -m benchmarks.longterm ask DIR`.
"""

import argparse
import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.dashboard import run_dashboard
from benchmarks.history import History, save_history
from footfall.clock import US_PER_DAY
from footfall.model.column import ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.model.time_range import TimeRange
from footfall.store.duckdb.warehouse import DuckdbWarehouse

EVENTS = 10_000_000
DASHBOARD_DAYS = 30
ROUNDS = 5
STEPS = ("make", "load", "ask")
MEMORY_LIMIT_MB = 256
"""FOOTFALL_DUCKDB_MEMORY_MB as it comes."""


def _open(folder: Path) -> DuckdbWarehouse:
    return DuckdbWarehouse(
        folder / "footfall.duckdb",
        memory_limit_mb=MEMORY_LIMIT_MB,
        threads=2,
        temp_dir=folder / "tmp",
    )


def _render_select(path: Path) -> str:
    """Return the SELECT that fills the columns which the generator leaves out."""
    made = {row[0] for row in duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()}
    texts = {ColumnType.TEXT, ColumnType.CATEGORY, ColumnType.JSON}
    columns = (
        f'"{c.name}"' if c.name in made else f"""{"''" if c.type in texts else 0} AS "{c.name}\""""
        for c in EVENT_COLUMNS
    )
    return f"SELECT {', '.join(columns)} FROM '{path}'"


def _peak_mb() -> float:
    # Not getrusage: its peak outlives an exec and would be that of the parent.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def load(folder: Path) -> dict[str, Any]:
    """Load the generated days one after another, as the loader would, and compact."""
    started = time.monotonic()
    warehouse = _open(folder)
    warehouse.setup()
    events = 0
    for path in sorted((folder / "made").glob("*.parquet")):
        events += warehouse.load_select(_render_select(path))
        while warehouse.compact():
            pass
    sessions = warehouse.query("SELECT count(*) FROM sessions").rows[0][0]
    warehouse.close()
    reopened = _open(folder)
    size_bytes = reopened.size_bytes()
    reopened.close()
    return {
        "events": events,
        "sessions": sessions,
        "load_events_per_s": round(events / (time.monotonic() - started)),
        "bytes_per_event": round(size_bytes / events, 2),
        "load_peak_mb": round(_peak_mb()),
    }


def ask(folder: Path) -> dict[str, Any]:
    """Open what was loaded and time the dashboard's panels against plain SQL over raw events."""
    started = time.monotonic()
    warehouse = _open(folder)
    warehouse.setup()
    warehouse.ping()
    start_s = time.monotonic() - started
    project, last = warehouse.query(
        "SELECT project, epoch_us(max(ts)) FROM events GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    ).rows[0]
    end_us = (last // US_PER_DAY + 1) * US_PER_DAY
    span = TimeRange(end_us - DASHBOARD_DAYS * US_PER_DAY, end_us)
    timings = run_dashboard(warehouse, project, span, ROUNDS)
    warehouse.close()
    report_s = sum(t.report_s for t in timings)
    plain_s = sum(t.plain_s for t in timings)
    report_cpu_s = sum(t.report_cpu_s for t in timings)
    plain_cpu_s = sum(t.plain_cpu_s for t in timings)
    again_s = sum(t.plain_again_s for t in timings)
    again_cpu_s = sum(t.plain_again_cpu_s for t in timings)
    return {
        "warehouse_start_s": round(start_s, 3),
        "panels": [{**asdict(t), "share": round(t.share, 3)} for t in timings],
        "dashboard_report_s": round(report_s, 3),
        "dashboard_plain_s": round(plain_s, 3),
        "dashboard_share": round(report_s / plain_s, 3),
        "dashboard_share_of_cpu": round(report_cpu_s / plain_cpu_s, 3),
        "dashboard_share_totals_once": round(report_s / (plain_s - again_s), 3),
        "dashboard_share_totals_once_of_cpu": round(report_cpu_s / (plain_cpu_s - again_cpu_s), 3),
        "ask_peak_mb": round(_peak_mb()),
    }


def measure_longterm(folder: Path, events: int = EVENTS) -> dict[str, Any]:
    """Return the figures of this page."""
    figures: dict[str, Any] = {}
    for step in STEPS:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.longterm",
                step,
                str(folder),
                "--events",
                str(events),
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=1800,
        )
        figures |= json.loads(done.stdout)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=EVENTS)
    options = parser.parse_args()
    if options.step == "make":
        save_history(History(events=options.events), options.folder / "made")
        json.dump({}, sys.stdout)
    else:
        json.dump((load if options.step == "load" else ask)(options.folder), sys.stdout)


if __name__ == "__main__":
    main()
