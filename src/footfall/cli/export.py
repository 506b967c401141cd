"""`footfall export events`: writes a project's raw events into a file. The file appears when it is
whole; until then it has another name."""

import argparse
import asyncio
from pathlib import Path

from footfall.api.control import Control, ExportOrder
from footfall.api.event_file import FORMATS
from footfall.cli.context import CommandError, Context, reach_control


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    kinds = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    events = kinds.add_parser(
        "events",
        help="every event as it is stored, bots included",
        description="Write every event of a project into a file. NDJSON comes back in with "
        "`footfall import events`.",
    )
    events.add_argument("--project", required=True, metavar="NAME", help="name, slug or id")
    events.add_argument("--output", required=True, metavar="FILE", type=Path)
    events.add_argument("--format", choices=FORMATS, default="ndjson", help="default: ndjson")
    events.add_argument("--start", default="", metavar="DATE", help="first day or instant")
    events.add_argument("--end", default="", metavar="DATE", help="last day, included, or instant")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Write the file and say how large it is."""
    order = ExportOrder(arguments.project, arguments.format, arguments.start, arguments.end)
    size_bytes = asyncio.run(_run_export(order, arguments.output, context))
    context.say(f"{arguments.output}: {size_bytes:,} bytes")
    return 0


async def _run_export(order: ExportOrder, output: Path, context: Context) -> int:
    draft = output.with_name(f"{output.name}.part")
    try:
        async with reach_control(context, context.load_config()) as control:
            size_bytes = await _save(control, order, draft)
        draft.replace(output)
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise CommandError(f"Cannot write '{output}': {reason}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return size_bytes


async def _save(control: Control, order: ExportOrder, path: Path) -> int:
    with path.open("wb") as file:
        async for chunk in control.export_events(order):
            file.write(chunk)
        return file.tell()
