"""`footfall import events`: takes back what `footfall export events` wrote. Running it again adds
only what is new. It reads and reports; `api.control` stores."""

import argparse
from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from footfall.cli.context import CommandError, Context, reach_control
from footfall.cli.patience import keep_asking
from footfall.cli.progress import Progress
from footfall.cli.project_choice import find_or_create
from footfall.ingest.access_log_file import AccessLogFile
from footfall.ingest.access_log_import import Tally
from footfall.ingest.event_import import read_events
from footfall.ingest.feed import BatchOutcome
from footfall.model.event import Event

BATCH_EVENTS = 5_000
BATCH_BYTES = 4 * 1024 * 1024
"""Whichever comes first: under a second of the server's time, a quarter of what it accepts."""


class EventReport(msgspec.Struct):
    """The closing report, as `--json` prints it."""

    project: str
    lines: int
    events: int
    already_there: int
    damaged: int
    damaged_lines: list[tuple[int, str]]


async def run_import(arguments: argparse.Namespace, context: Context) -> int:
    """Import one file and report; 1 when a line was no event."""
    try:
        file = AccessLogFile(arguments.file)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise CommandError(f"Cannot read '{arguments.file}': {reason}.") from None
    tally, total = Tally(), BatchOutcome()
    with file:
        async with reach_control(context, context.load_config()) as control:
            project, is_new = await find_or_create(control, arguments.project, "")
            if is_new and not arguments.json:
                context.say(f"Project '{project.name}' did not exist and was made.")
            progress = Progress(context.err, "Importing")
            for batch in _cut(read_events(file, tally)):
                total.add(await keep_asking(partial(control.put_events, project.number, batch)))
                share = file.position_bytes / max(file.size_bytes, 1)
                progress.show(share, f"{total.events:,} events")
            progress.end(f"{total.events:,} events")
    report = EventReport(
        project.name,
        tally.lines - tally.blank,
        total.events,
        total.known,
        tally.damaged,
        tally.damaged_lines,
    )
    context.say(msgspec.json.encode(report).decode() if arguments.json else render_report(report))
    return 1 if tally.damaged else 0


def _cut(events: Iterable[Event]) -> Iterator[list[Event]]:
    batch: list[Event] = []
    size_bytes = 0
    for event in events:
        batch.append(event)
        size_bytes += len(msgspec.json.encode(event))
        if len(batch) >= BATCH_EVENTS or size_bytes >= BATCH_BYTES:
            yield batch
            batch, size_bytes = [], 0
    if batch:
        yield batch


def render_report(report: EventReport) -> str:
    """Return the closing report as text."""
    text = [
        f"Lines read      {report.lines:>10}",
        f"Events added    {report.events:>10}",
        f"Already there   {report.already_there:>10}",
        f"Damaged lines   {report.damaged:>10}",
        *(f"  line {number}: {reason}" for number, reason in report.damaged_lines),
    ]
    if report.damaged > len(report.damaged_lines):
        text.append(f"  and {report.damaged - len(report.damaged_lines)} more")
    return "\n".join(text)
