"""Turns an access log into the records of an import: pageviews in the order of time, each with an
id that a second run finds again. It counts what it reads; it stores nothing."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import msgspec

from footfall.ingest.access_log import Damaged, LoggedRequest, is_pageview, parse_line, path_of
from footfall.ingest.access_log_file import AccessLogFile
from footfall.ingest.line_id import LineIds

REORDER_PAGEVIEWS = 20_000
"""Web servers write a request when it ends, so lines are out of order by seconds or minutes. So
many pageviews are held back and given out oldest first; 20 MB, and hours of a usual site's log."""

DAMAGED_SHOWN = 1_000
"""Damaged lines are all counted, and so many are named: a file that is no log has millions."""


class ImportRecord(msgspec.Struct, frozen=True, gc=False):
    """One pageview on its way in; also one line of the control door's NDJSON."""

    ts_us: int
    ip: str
    url: str
    client_id: str
    user_agent: str = ""
    referrer: str = ""
    site: str = ""


@dataclass(slots=True)
class Tally:
    """What was read so far."""

    lines: int = 0
    blank: int = 0
    requests: int = 0
    pageviews: int = 0
    damaged: int = 0
    damaged_lines: list[tuple[int, str]] = field(default_factory=list)
    """Number and reason of the first `DAMAGED_SHOWN` damaged lines."""

    def put_damaged(self, number: int, reason: str) -> None:
        """Count one damaged line."""
        self.damaged += 1
        if len(self.damaged_lines) < DAMAGED_SHOWN:
            self.damaged_lines.append((number, reason))


def read_pageviews(log: AccessLogFile, site: str, tally: Tally) -> Iterator[ImportRecord]:
    """Give the pageviews of a log oldest first, and count into `tally` while doing so.

    `site` is the host of lines that name none. Pageviews of one sender in the same second get one
    microsecond more each, so that their order in the log is kept.
    """
    waiting: list[tuple[int, int, ImportRecord]] = []
    same_time: dict[tuple[str, str], int] = {}
    last_us = 0
    source = _read_records(log, site, tally)
    while True:
        for number, record in islice(source, max(REORDER_PAGEVIEWS - len(waiting), 1)):
            heapq.heappush(waiting, (record.ts_us, number, record))
        if not waiting:
            return
        record = heapq.heappop(waiting)[2]
        if record.ts_us != last_us:
            last_us = record.ts_us
            same_time.clear()
        sender = (record.ip, record.user_agent)
        before = same_time.get(sender, 0)
        same_time[sender] = before + 1
        yield record if not before else msgspec.structs.replace(record, ts_us=last_us + before)


def _read_records(
    log: AccessLogFile, site: str, tally: Tally
) -> Iterator[tuple[int, ImportRecord]]:
    ids = LineIds()
    for line in log.lines():
        tally.lines += 1
        if line.content == b"":
            tally.blank += 1
            continue
        found = line.content if isinstance(line.content, Damaged) else parse_line(line.content)
        if isinstance(found, Damaged):
            tally.put_damaged(line.number, found.reason)
            continue
        tally.requests += 1
        if isinstance(line.content, bytes) and is_pageview(found):
            tally.pageviews += 1
            client_id = ids.take(line.content, found.ts_us)
            yield line.number, _make_record(found, found.host or site, client_id)


def _make_record(request: LoggedRequest, site: str, client_id: str) -> ImportRecord:
    path = path_of(request.target)
    query = request.target.partition("#")[0].partition("?")[2]
    return ImportRecord(
        request.ts_us,
        request.ip,
        f"http://{site}{path}" + (f"?{query}" if query else ""),
        client_id,
        request.user_agent,
        request.referrer,
        site,
    )
