"""Does an export take more memory when it is longer? The same files of a small and of a large
project, each made in a process of its own and thrown away as they come: what counts is the ratio of
their peaks. `python -m benchmarks.export`."""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from footfall.app import open_footfall
from footfall.config import parse_config
from footfall.http.asgi import Message
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.web import make_asgi

SMALL, LARGE = 20_000, 200_000
"""Events, each on a page of its own: as many rows in the sheet of pages."""

FILES = {
    "pages": "/api/v1/exports/pages?start_at=2026-03-01&end_at=2026-03-09",
    "csv": "/api/export/events?project=default&format=csv",
    "ndjson": "/api/export/events?project=default&format=ndjson",
    "parquet": "/api/export/events?project=default&format=parquet",
}

START_US = 1_772_323_200_000_000
"""2026-03-01."""

TOKEN = "token-of-the-benchmark"


def measure_export() -> dict[str, Any]:
    """Return for each file its size and its peaks of memory in MB, and their ratio."""
    figures: dict[str, Any] = {}
    for name in FILES:
        small, large = (_run_child(name, count) for count in (SMALL, LARGE))
        ratio = round(large["peak_mb"] / small["peak_mb"], 2)
        figures[f"export_{name}"] = {"small": small, "large": large, "peak_ratio": ratio}
    return figures


def _run_child(name: str, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        for step in ("load", "export"):
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.export", step, folder, name, str(count)],
                check=True,
                capture_output=True,
            )
        figures: dict[str, float] = json.loads(done.stdout)
        return figures


def _load(folder: Path, count: int) -> None:
    warehouse = DuckdbWarehouse(folder / "footfall.duckdb", temp_dir=folder / "tmp")
    warehouse.setup()
    names = [r[0] for r in warehouse.query("SELECT * FROM (DESCRIBE events)").rows]
    values = {
        "project": "1",
        "ts": f"make_timestamp({START_US} + n * 3000000)",
        "received_at": f"make_timestamp({START_US} + n * 3000000)",
        "event_id": "n + 1",
        "visitor": "n // 5",
        "session": "n // 5 + 1",
        "kind": "'pageview'",
        "path": "'/articles/' || n || '/a-title-of-some-length'",
        "title": "'Article ' || n",
        "props": "''",
    }
    texts = {"value", "engagement_ms", "revenue_micros", "bot_score", "interactive"}
    columns = ", ".join(
        f'{values.get(name, "0" if name in texts else repr(""))} AS "{name}"' for name in names
    )
    warehouse.load_select(f"SELECT {columns} FROM range({count}) AS r(n)")
    warehouse.close()


async def _export(folder: Path, name: str) -> dict[str, float]:
    environ = {"FOOTFALL_DATA_DIR": str(folder), "PULSE_ADMIN_TOKEN": TOKEN}
    async with open_footfall(parse_config(environ)) as footfall:
        project = footfall.projects.find("default")
        _, key = footfall.projects.create_key(project, "k", scopes=["query"])
        app = make_asgi(footfall)
        # The libraries that the first report imports are no part of the question.
        await _ask(app, FILES["pages"].replace("03-09", "03-01"), key)
        before_mb = _read_peak_mb()
        size_bytes = await _ask(app, FILES[name], key)
        return {
            "size_mb": round(size_bytes / 1e6, 1),
            "before_mb": round(before_mb),
            "peak_mb": round(_read_peak_mb()),
        }


async def _ask(app: Any, url: str, key: str) -> int:
    path, _, query = url.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"x-pulse-key", key.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "http_version": "1.1",
        "state": {},
    }
    size_bytes, is_over = 0, asyncio.Event()

    async def receive() -> Message:
        await is_over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        nonlocal size_bytes
        if message["type"] == "http.response.start":
            assert message["status"] == 200, message
        else:
            size_bytes += len(message.get("body", b""))
            if not message.get("more_body"):
                is_over.set()

    await app(scope, receive, send)
    return size_bytes


def _read_peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export", description=__doc__)
    parser.add_argument("step", nargs="?", choices=("load", "export"))
    parser.add_argument("rest", nargs="*")
    options = parser.parse_args()
    if options.step is None:
        print(json.dumps(measure_export(), indent=1))
        return
    folder, name, count = options.rest
    if options.step == "load":
        _load(Path(folder), int(count))
    else:
        print(json.dumps(asyncio.run(_export(Path(folder), name))))


if __name__ == "__main__":
    main()
