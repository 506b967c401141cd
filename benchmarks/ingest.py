"""How fast do events come in? One event a request and durable, as a share of a bare server on the
same core; then batches, with the loader at work beside."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.acceptance.process import BROWSER, Project, Server, find_free_port

ROOT = Path(__file__).resolve().parents[1]
AGENTS = (
    BROWSER,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
)
SINGLE_CONNECTIONS = (64, 128, 256)
"""How many clients send at once, each the next event when the last is acknowledged."""

SUSTAINED_S = 40.0
"""How long they send for the figures `sustained`: long enough that the loader has to keep pace."""

BATCH_CONNECTIONS = 8
BATCH_SIZE = 100


def _request(path: str, body: object, key: str, number: int) -> str:
    raw = json.dumps(body)
    return (
        f"POST {path} HTTP/1.1\r\nHost: site.test\r\nUser-Agent: {AGENTS[number % 3]}\r\n"
        f"Accept: */*\r\nAccept-Language: en-US,en;q=0.9\r\nOrigin: https://site.test\r\n"
        f"X-Forwarded-For: 198.51.{number // 250 % 100}.{number % 250}\r\n"
        f"X-Pulse-Key: {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(raw)}\r\n\r\n{raw}"
    )


def _payload(number: int) -> dict[str, Any]:
    return {
        "path": f"/section/page-{number % 200}?utm_source=news&ref={number % 7}",
        "title": f"Page {number % 200}",
        "referrer": "https://www.google.com/" if number % 3 else "https://example.org/a/b",
        "screen": "1920x1080",
        "language": "en-US",
    }


def make_single_requests(key: str, count: int = 2000) -> list[str]:
    """Return one-event requests of many visitors."""
    return [
        _request("/api/collect", {"type": "pageview", **_payload(n)}, key, n) for n in range(count)
    ]


def make_batch_requests(key: str, count: int = 400) -> list[str]:
    """Return requests of 100 events each; every event names its visitor."""
    return [
        _request(
            "/api/batch",
            {
                "events": [
                    {
                        "type": "pageview",
                        "payload": _payload(n * BATCH_SIZE + i),
                        "visitor_id": f"v{(n * BATCH_SIZE + i) % 20_000}",
                    }
                    for i in range(BATCH_SIZE)
                ]
            },
            key,
            n,
        )
        for n in range(count)
    ]


def run_load(port: int, requests: list[str], connections: int, seconds: float) -> dict[str, float]:
    """Load a port from a process of its own, pinned to the second core."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(requests, file)
        file.flush()
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.load",
                "--port",
                str(port),
                "--requests",
                file.name,
                "--connections",
                str(connections),
                "--seconds",
                str(seconds),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds + 60,
        )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def measure_bare(requests: list[str], connections: int, seconds: float) -> dict[str, float]:
    """Load the bare server."""
    port = find_free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare", "--port", str(port)], cwd=ROOT
    )
    try:
        time.sleep(1.5)
        return run_load(port, requests, connections, seconds)
    finally:
        process.terminate()
        process.wait()


def read_thread_seconds(pid: int) -> dict[int, float]:
    """Return the processor time of each thread of a process, in seconds."""
    ticks = 100.0
    times = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        times[int(task.name)] = (int(fields[11]) + int(fields[12])) / ticks
    return times


def read_rss_mb(pid: int) -> float:
    """Return the memory a process holds, in MB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6


def measure_ingest(folder: Path, seconds: float = 6.0, rounds: int = 3) -> dict[str, Any]:
    """Return the figures of this page; bare and Footfall take turns so that noise hits both."""
    server = Server(folder / "data", FOOTFALL_TRUSTED_PROXIES="127.0.0.0/8")
    server.start(core=0)
    project = server.add_project()
    assert server.process is not None
    pid = server.process.pid
    singles = make_single_requests(project.ingest_key)
    single: dict[str, Any] = {}
    for connections in SINGLE_CONNECTIONS:
        bare, ours = [], []
        for _ in range(rounds):
            bare.append(measure_bare(singles, connections, seconds))
            ours.append(run_load(server.port, singles, connections, seconds))
            _settle(pid)
        single |= _compare(bare, ours, f"at_{connections}")
    connections = SINGLE_CONNECTIONS[0]
    bare = [measure_bare(singles, connections, SUSTAINED_S / 2)]
    ours = [run_load(server.port, singles, connections, SUSTAINED_S)]
    started = time.monotonic()
    _count(project)
    single |= _compare(bare, ours, f"sustained_at_{connections}")
    single["loader_lag_after_sustained_s"] = round(time.monotonic() - started, 2)
    _settle(pid)
    server.set_cores({0, 1})
    batch = _measure_batches(server, project, pid, seconds)
    assert server.stop() == 0
    return {**single, **batch}


def _settle(pid: int) -> None:
    """Wait until a server has nothing left to do: what it loads and compacts afterwards would
    slow down whatever is measured next."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        before = sum(read_thread_seconds(pid).values())
        # Longer than the loader rests.
        time.sleep(6)
        if sum(read_thread_seconds(pid).values()) - before < 0.1:
            return


def _compare(
    bare: list[dict[str, float]], ours: list[dict[str, float]], suffix: str
) -> dict[str, Any]:
    pairs = [o["requests_per_s"] / b["requests_per_s"] for o, b in zip(ours, bare, strict=True)]
    return {
        f"bare_requests_per_s_{suffix}": round(max(r["requests_per_s"] for r in bare)),
        f"durable_requests_per_s_{suffix}": round(max(r["requests_per_s"] for r in ours)),
        f"share_of_bare_{suffix}": round(median(pairs), 3),
        f"ack_p50_ms_{suffix}": round(median(r["p50_ms"] for r in ours), 2),
        f"ack_p99_ms_{suffix}": round(median(r["p99_ms"] for r in ours), 2),
        f"failures_{suffix}": sum(r["failures"] for r in ours),
    }


def _measure_batches(server: Server, project: Project, pid: int, seconds: float) -> dict[str, Any]:
    requests = make_batch_requests(project.ingest_key)
    before = read_thread_seconds(pid)
    stored = _count(project)
    started = time.monotonic()
    load = run_load(server.port, requests, BATCH_CONNECTIONS, seconds)
    taken_s = time.monotonic() - started
    lag_started = time.monotonic()
    events = _count(project) - stored
    lag_s = time.monotonic() - lag_started
    after = read_thread_seconds(pid)
    loop_s = after[pid] - before[pid]
    all_s = sum(after.values()) - sum(before.get(k, 0.0) for k in after)
    return {
        "batch_events_per_s_wall": round(load["requests_per_s"] * BATCH_SIZE),
        "batch_events_per_core_s": round(events / loop_s),
        "batch_events_per_cpu_s_with_loader": round(events / all_s),
        "batch_events": events,
        "batch_wall_s": round(taken_s, 1),
        "loader_lag_after_load_s": round(lag_s, 2),
        "batch_failures": load["failures"],
        "rss_after_load_mb": round(read_rss_mb(pid)),
    }


def _count(project: Project) -> int:
    totals = project.query(metrics=["pageviews"], range="7d", bots="include")["totals"]
    count = totals["pageviews"]
    assert isinstance(count, int)
    return count
