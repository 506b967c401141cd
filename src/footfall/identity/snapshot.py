"""Sessions over a restart: a snapshot file written on stop, and rows of the warehouse after a
crash. A missing or damaged snapshot is an empty one: the warehouse knows the rest."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from footfall.identity.session import Attribution, SessionRegistry, Visit
from footfall.model.time_range import to_us
from footfall.store.warehouse import Rows

_VERSION = 1
_OWNER_ONLY = 0o600


class _Saved(msgspec.Struct, array_like=True, gc=False):
    key: int
    session: int
    start: int
    end: int
    attribution: Attribution | None


class _Snapshot(msgspec.Struct):
    version: int
    visits: list[_Saved]


def save_sessions(registry: SessionRegistry, path: Path) -> int:
    """Write the registry to a file, whole or not at all; returns the number of sessions."""
    visits = [_Saved(k, v.session, v.start, v.end, v.attribution) for k, v in registry.visits()]
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.msgpack.encode(_Snapshot(_VERSION, visits)))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return len(visits)


def restore_sessions(registry: SessionRegistry, path: Path) -> int:
    """Take in a snapshot and remove the file; returns the number of sessions.

    It is removed because a crash later must not bring back what was true at an earlier stop.
    Missing, damaged or of another version: 0.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return 0
    path.unlink(missing_ok=True)
    try:
        snapshot = msgspec.msgpack.decode(data, type=_Snapshot)
    except msgspec.DecodeError:
        return 0
    if snapshot.version != _VERSION:
        return 0
    for saved in snapshot.visits:
        visit = Visit(saved.session, saved.start, saved.end, None)
        visit.attribution = saved.attribution
        if saved.session < 0 and saved.key != saved.session:
            registry.link(saved.key, visit)
        else:
            registry.put_known(saved.key, visit)
    return len(snapshot.visits)


def refill_sessions(registry: SessionRegistry, rows: Rows) -> int:
    """Take in what `Warehouse.load_open_sessions` returned; returns the number of sessions.

    Call it at start, after the spool's remains are loaded, with sessions of the last 24 hours.
    """
    fields = Attribution.__struct_fields__
    for values in rows.rows:
        row = dict(zip(rows.columns, values, strict=True))
        session = int(row["session"])
        visit = Visit(session, _instant(row["start"]), _instant(row["end"]), None)
        visit.attribution = Attribution(*(str(row[name]) for name in fields))
        visitor = int(row["visitor"])
        if session < 0:
            # Ids that senders gave are negative and are their own key.
            registry.put_known(session, visit)
            registry.link(visitor, visit)
        else:
            registry.put_known(visitor, visit)
    return len(rows.rows)


def _instant(value: Any) -> int:
    return to_us(value) if isinstance(value, datetime) else int(value)
