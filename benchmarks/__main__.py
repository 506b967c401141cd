"""`make bench`: every figure of one run, each beside what we aim for, printed and kept as JSON in
benchmarks/out. Some minutes of both cores; nothing leaves the machine."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from benchmarks.export import measure_export
from benchmarks.ingest import measure_ingest, read_rss_mb
from benchmarks.longterm import EVENTS, measure_longterm
from tests.acceptance.process import Server

OUT = Path(__file__).parent / "out"
IDLE_S = 10.0
FIRST_PATHS = ("/dashboard/login", "/api/v1/stats", "/api/catalogue", "/analytics", "/admin/login")
"""One path of each area, which is made when it is first asked."""

AIMS: dict[str, tuple[str, float]] = {
    "share_of_bare_at_64": ("at least", 0.6),
    "share_of_bare_at_128": ("at least", 0.6),
    "share_of_bare_at_256": ("at least", 0.6),
    "batch_events_per_core_s": ("at least", 72_000),
    "idle_mb": ("at most", 150),
    "bytes_per_event": ("at most", 25),
    "dashboard_share": ("at most", 0.35),
    "dashboard_share_totals_once": ("at most", 0.35),
    "ask_peak_mb": ("at most", 512),
}


def measure_idle(folder: Path) -> dict[str, Any]:
    """Return how long a server takes to start, how long the first request to each area of the web
    application then takes, and the server's memory before and after, left alone."""
    server = Server(folder / "data")
    started = time.monotonic()
    server.start(program=("benchmarks.plain",))
    start_s = time.monotonic() - started
    assert server.process is not None
    time.sleep(IDLE_S)
    fresh_mb = read_rss_mb(server.process.pid)
    first_ms = {}
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        client.get("/health")
        for path in FIRST_PATHS:
            asked = time.monotonic()
            client.get(path)
            first_ms[path] = round((time.monotonic() - asked) * 1_000)
    time.sleep(IDLE_S)
    memory_mb = read_rss_mb(server.process.pid)
    assert server.stop() == 0
    return {
        "server_start_s": round(start_s, 2),
        "first_request_ms": first_ms,
        "fresh_mb": round(fresh_mb),
        "idle_mb": round(memory_mb),
    }


def measure_all(events: int, only: str) -> dict[str, Any]:
    """Run the measurements one after another."""
    parts: dict[str, Callable[[Path], dict[str, Any]]] = {
        "idle": measure_idle,
        "ingest": measure_ingest,
        "longterm": lambda folder: measure_longterm(folder, events),
        "export": lambda _: measure_export(),
    }
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    }
    for name, measure in parts.items():
        if only in {"", name}:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            with tempfile.TemporaryDirectory() as folder:
                figures |= measure(Path(folder))
    return figures


def render_figures(figures: dict[str, Any]) -> str:
    """Return the figures as text, with the aim beside those that have one."""
    lines = []
    for name, value in figures.items():
        if name == "panels":
            lines += [
                f"  panel {p['name']:<28} {p['report_s'] * 1000:9.1f} ms"
                f"  plain {p['plain_s'] * 1000:9.1f} ms  share {p['share']:.2f}"
                for p in value
            ]
            continue
        word, aim = AIMS.get(name, ("", 0.0))
        verdict = ""
        if word:
            is_met = value >= aim if word == "at least" else value <= aim
            verdict = f"  ({word} {aim:,}: {'met' if is_met else 'NOT MET'})"
        lines.append(f"{name:<36} {value}{verdict}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="size of the long history")
    parser.add_argument("--only", default="", choices=("", "idle", "ingest", "longterm", "export"))
    options = parser.parse_args()
    figures = measure_all(options.events, options.only)
    OUT.mkdir(exist_ok=True)
    (OUT / "latest.json").write_text(json.dumps(figures, indent=1) + "\n")
    print(render_figures(figures))


if __name__ == "__main__":
    main()
