"""How fast segments get into the warehouse, sessions included, on one thread. CPU time counts,
so that a busy machine gives the same figure as an idle one."""

import resource
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import msgspec

from benchmarks.history import History, save_history
from footfall.model.event import EMPTY_PROPS, Event
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Segment

SEGMENT_EVENTS = 18_000
"""A quarter of a second at 72,000 events/s: what the loader finds when it comes round."""


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What loading took."""

    events: int
    segment_bytes_per_event: float
    events_per_core_s: float
    peak_mb: float


def measure_load(folder: Path, *, events: int = 360_000) -> LoadFigures:
    """Load spool segments of a generated history one by one; takes some seconds."""
    segments = _save_segments(folder, events)
    warehouse = DuckdbWarehouse(folder / "load.duckdb", threads=1, temp_dir=folder / "tmp")
    warehouse.setup()
    before_s = _read_cpu_s()
    loaded = sum(warehouse.load([s]) for s in segments)
    cpu_s = _read_cpu_s() - before_s
    warehouse.close()
    size_bytes = sum(s.path.stat().st_size for s in segments)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return LoadFigures(loaded, size_bytes / loaded, loaded / cpu_s, peak_mb)


def _read_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _save_segments(folder: Path, events: int) -> list[Segment]:
    days = save_history(History(events * 11 // 10, days=2), folder / "made")
    rows = duckdb.connect().execute(
        "SELECT * REPLACE (epoch_us(ts) AS ts, epoch_us(received_at) AS received_at)"
        f" FROM read_parquet({[str(d) for d in days]})"
    )
    names = [d[0] for d in rows.description or []]
    segments = []
    while (chunk := rows.fetchmany(SEGMENT_EVENTS)) and len(segments) * SEGMENT_EVENTS < events:
        path = folder / f"{len(segments):04}.ndjson"
        path.write_bytes(
            b"".join(_render_line(dict(zip(names, row, strict=True))) for row in chunk)
        )
        segments.append(Segment(path.stem, path, len(chunk)))
    return segments


def _render_line(row: dict[str, object]) -> bytes:
    row["props"] = msgspec.Raw(str(row["props"]).encode()) if row["props"] else EMPTY_PROPS
    return msgspec.json.encode(Event(**row)) + b"\n"  # type: ignore[arg-type]


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        print(asdict(measure_load(Path(name))))
