"""Measurements of builds and releases, as continuous integration sends them: a bundle's size, a
test run's length. They belong to the whole installation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from footfall.clock import Clock
from footfall.errors import InvalidInputError
from footfall.store.records import AtLeast, AtMost, Record, Records, Where

BATCH_LIMIT = 100
LIST_LIMIT = 1_000
"""[doc+original]"""

TEXT_LIMIT = 128
METADATA_LIMIT = 4_096

KEPT_DAYS = 90
"""For as long as measurements are kept [original]."""

_TABLE = "performance"
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measurement."""

    category: str
    metric: str
    value: float
    unit: str
    commit_hash: str | None = None
    branch: str | None = None
    metadata: Any = None
    """Whatever the sender adds, JSON."""
    number: int = 0
    recorded_at_us: int = 0


class Performance:
    """Keeps measurements. Calls block: through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock

    def add(self, measurements: Sequence[Measurement]) -> int:
        """Store measurements, all or none, and forget those of long ago; returns how many.

        Raises InvalidInputError naming the entry.
        """
        if not 1 <= len(measurements) <= BATCH_LIMIT:
            raise InvalidInputError(
                f"the list holds {len(measurements)} measurements; 1 to {BATCH_LIMIT} are accepted"
            )
        now_us = self._clock.now_us()
        records = [_render(m, i, now_us) for i, m in enumerate(measurements)]
        with self._records.transaction() as t:
            t.remove(_TABLE, {"recorded_at_us": AtMost(now_us - KEPT_DAYS * _DAY_US)})
            for record in records:
                t.add(_TABLE, record)
        return len(records)

    def find(
        self,
        *,
        category: str = "",
        metric: str = "",
        since_us: int | None = None,
        limit: int = 100,
    ) -> list[Measurement]:
        """Return measurements, newest first. Raises InvalidInputError for a bad limit."""
        if not 1 <= limit <= LIST_LIMIT:
            raise InvalidInputError(
                f"limit is {limit}; 1 to {LIST_LIMIT} are accepted", field="limit"
            )
        where: dict[str, Any] = {}
        if category:
            where["category"] = category
        if metric:
            where["metric"] = metric
        if since_us is not None:
            where["recorded_at_us"] = AtLeast(since_us)
        return self._find(where, limit)

    def find_trends(
        self, *, since_us: int | None = None, limit: int = 30
    ) -> dict[tuple[str, str], list[Measurement]]:
        """Return the latest measurements of each (category, metric), oldest first."""
        if not 1 <= limit <= LIST_LIMIT:
            raise InvalidInputError(
                f"limit is {limit}; 1 to {LIST_LIMIT} are accepted", field="limit"
            )
        where = {} if since_us is None else {"recorded_at_us": AtLeast(since_us)}
        trends: dict[tuple[str, str], list[Measurement]] = {}
        for measurement in self._find(where, 1_000_000):
            trend = trends.setdefault((measurement.category, measurement.metric), [])
            if len(trend) < limit:
                trend.append(measurement)
        return {key: trend[::-1] for key, trend in sorted(trends.items())}

    def _find(self, where: Where, limit: int) -> list[Measurement]:
        with self._records.transaction() as t:
            return [_read(r) for r in t.find(_TABLE, where, order="-number", limit=limit)]


def _render(measurement: Measurement, index: int, now_us: int) -> Record:
    for field in ("category", "metric", "unit"):
        text = getattr(measurement, field)
        if not 1 <= len(text) <= TEXT_LIMIT:
            raise InvalidInputError(
                f"[{index}].{field} '{text[:40]}' has {len(text)} characters;"
                f" 1 to {TEXT_LIMIT} are accepted",
                field=field,
            )
    if not math.isfinite(measurement.value):
        raise InvalidInputError(f"[{index}].value is no finite number", field="value")
    metadata = None
    if measurement.metadata is not None:
        metadata = msgspec.json.encode(measurement.metadata).decode()
        if len(metadata) > METADATA_LIMIT:
            raise InvalidInputError(
                f"[{index}].metadata has {len(metadata)} characters; {METADATA_LIMIT} are accepted",
                field="metadata",
            )
    return {
        "recorded_at_us": now_us,
        "category": measurement.category,
        "metric": measurement.metric,
        "value": measurement.value,
        "unit": measurement.unit,
        "commit_hash": (measurement.commit_hash or "")[:TEXT_LIMIT] or None,
        "branch": (measurement.branch or "")[:TEXT_LIMIT] or None,
        "metadata": metadata,
    }


def _read(record: Record) -> Measurement:
    values = dict(record)
    metadata = values.pop("metadata")
    return Measurement(
        **values, metadata=None if metadata is None else msgspec.json.decode(metadata)
    )
