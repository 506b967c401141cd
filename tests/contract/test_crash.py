"""A process that dies between the commit and the removal of the spool file, on every engine."""

from pathlib import Path

import msgspec

from footfall.ingest.loader import Loader
from footfall.ingest.spool import Spool
from footfall.store.warehouse import Warehouse
from tests.contract.oracle import find_sessions
from tests.contract.test_warehouse import event, read_sessions


async def test_a_kill_between_load_and_delete_doubles_nothing(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    events = [event(i, session=i % 3) for i in range(30)]
    encoded = b"".join(msgspec.json.encode(e) + b"\n" for e in events)
    dying = Spool(tmp_path / "spool", limit_bytes=1 << 20)
    await dying.append(encoded, len(events))
    dying.close()
    assert warehouse.load([c.segment for c in dying.list_closed()]) == 30

    spool = Spool(tmp_path / "spool", limit_bytes=1 << 20)
    loader = Loader(spool, warehouse)
    loader.start()
    await loader.wait_loaded()
    assert warehouse.query("SELECT count(*) FROM events").rows == [(30,)]
    assert read_sessions(warehouse) == find_sessions(events)
    assert list((tmp_path / "spool").glob("*.ndjson")) == []
    spool.close()
    assert loader.drain(5)
