"""`footfall import`: takes history into a project, a web server's log or raw events. Running it
again adds only what is new. It reads and reports; `api.control` stores."""

import argparse
import asyncio
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from footfall.cli import import_events
from footfall.cli.context import CommandError, Context, reach_control
from footfall.cli.patience import keep_asking
from footfall.cli.progress import Progress
from footfall.cli.project_choice import find_or_create
from footfall.ingest.access_log_file import AccessLogFile
from footfall.ingest.access_log_import import Tally, read_pageviews
from footfall.ingest.feed import BatchOutcome
from footfall.projects.domain import parse_domain

BATCH_PAGEVIEWS = 2_000
"""Some 600 kB and well under a second of the server's time."""


class Report(msgspec.Struct):
    """The closing report, as `--json` prints it."""

    project: str
    lines: int
    requests: int
    pageviews: int
    events: int
    already_there: int
    dropped: dict[str, int]
    damaged: int
    damaged_lines: list[tuple[int, str]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    kinds = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
    log = kinds.add_parser(
        "access-log",
        help="a web server's log, combined or nginx JSON, plain or gzip",
        description="Take the pageviews of a web server's log into a project. Running it again, "
        "also on a file that has grown, adds only what is new.",
    )
    log.add_argument("file", metavar="FILE", type=Path, help="the log; .gz is read too")
    log.add_argument("--project", required=True, metavar="NAME", help="made when there is none")
    log.add_argument("--site", default="", metavar="HOST", help="host of lines that name none")
    log.add_argument("--json", action="store_true", help="print the closing report as JSON")
    events = kinds.add_parser(
        "events",
        help="raw events as `footfall export events` wrote them, plain or gzip",
        description="Take raw events (NDJSON) into a project, visitors and visits included. "
        "Running it again adds only what is new.",
    )
    events.add_argument("file", metavar="FILE", type=Path, help="NDJSON; .gz is read too")
    events.add_argument("--project", required=True, metavar="NAME", help="made when there is none")
    events.add_argument("--json", action="store_true", help="print the closing report as JSON")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Import one file and report. Damaged lines of a log are no failure."""
    if arguments.format == "events":
        return asyncio.run(import_events.run_import(arguments, context))
    return asyncio.run(_run_import(arguments, context))


async def _run_import(arguments: argparse.Namespace, context: Context) -> int:
    config = context.load_config()
    site = parse_domain(arguments.site).partition(":")[0] if arguments.site else ""
    try:
        log = AccessLogFile(arguments.file)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise CommandError(f"Cannot read '{arguments.file}': {reason}.") from None
    tally, total = Tally(), BatchOutcome()
    with log:
        async with reach_control(context, config) as control:
            project, is_new = await find_or_create(control, arguments.project, site)
            if is_new and not arguments.json:
                context.say(f"Project '{project.name}' did not exist and was made.")
            progress = Progress(context.err, "Importing")
            records = read_pageviews(log, site or project.domain, tally)
            while batch := list(islice(records, BATCH_PAGEVIEWS)):
                total.add(await keep_asking(partial(control.put_records, project.number, batch)))
                share = log.position_bytes / max(log.size_bytes, 1)
                progress.show(share, f"{tally.lines:,} lines, {total.events:,} events")
            progress.end(f"{tally.lines:,} lines, {total.events:,} events")
    report = Report(
        project.name,
        tally.lines,
        tally.requests,
        tally.pageviews,
        total.events,
        total.known,
        total.dropped,
        tally.damaged,
        tally.damaged_lines,
    )
    context.say(msgspec.json.encode(report).decode() if arguments.json else render_report(report))
    return 0


def render_report(report: Report) -> str:
    """Return the closing report as text."""
    figures = [
        ("Lines read", report.lines),
        ("Requests", report.requests),
        ("Pageviews", report.pageviews),
        ("Events added", report.events),
        ("Already there", report.already_there),
        *((f"Left out: {reason}", count) for reason, count in sorted(report.dropped.items())),
        ("Damaged lines", report.damaged),
    ]
    width = max(len(name) for name, _ in figures)
    text = [f"{name:<{width}}  {count:>10}" for name, count in figures]
    text += [f"  line {number}: {reason}" for number, reason in report.damaged_lines]
    if report.damaged > len(report.damaged_lines):
        text.append(f"  and {report.damaged - len(report.damaged_lines)} more")
    if report.damaged and not report.requests:
        text.append("No line was understood. Is this a combined or nginx JSON access log?")
    return "\n".join(text)
