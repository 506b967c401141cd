"""`footfall demo`: makes the history of three sites through the real pipeline, then serves it.
A history that was stopped in the middle goes on; one that is finished is served as it is."""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

import msgspec

from footfall.api.control import Control
from footfall.cli.context import CommandError, Context
from footfall.cli.demo.furniture import furnish
from footfall.cli.demo.history import DAY_US, generate
from footfall.cli.demo.lead import make_leads
from footfall.cli.demo.site import SITES
from footfall.cli.patience import keep_asking
from footfall.cli.progress import Progress
from footfall.clock import SystemClock
from footfall.config import Config
from footfall.ingest.feed import BatchOutcome, group_by_sender, take_all
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal
from footfall.store.folder import DataFolder
from footfall.surveys.submission import Submission

PLAN_NAME = "demo.json"
BATCH_SIGNALS = 5_000
_DOCS = 1
"""Place of the documentation among the sites: its readers ask for offers."""

MAX_DAYS = 3_660
MAX_VISITORS = 1_000_000


class Plan(msgspec.Struct, frozen=True):
    """What a data folder's demo is made of; kept so that a stopped one can go on."""

    seed: int
    days: int
    visitors_per_day: int
    end_us: int
    is_done: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--seed", type=int, default=1, help="another seed, another history (1)")
    parser.add_argument("--days", type=int, default=90, help="length of the history (90)")
    parser.add_argument(
        "--visitors-per-day", type=int, default=400, help="visits of a usual day, all sites (400)"
    )
    parser.add_argument("--no-serve", action="store_true", help="only make the history")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Make the history unless it is there, and serve."""
    _check(arguments.days, "days", MAX_DAYS)
    _check(arguments.visitors_per_day, "visitors-per-day", MAX_VISITORS)
    config = context.load_config()
    asyncio.run(_make_history(arguments, context, config))
    if arguments.no_serve:
        return 0
    host, port = config.text("FOOTFALL_HOST"), config.text("FOOTFALL_PORT")
    if port != "0":
        context.say(f"The dashboard will be at http://{host}:{port}/dashboard")
    context.say(
        "Log in with the admin token: PULSE_ADMIN_TOKEN if you set it, else the one in "
        f"{config.data_dir / 'secrets.json'}."
    )
    return context.serve(config)


def _check(value: int, name: str, maximum: int) -> None:
    if not 1 <= value <= maximum:
        raise CommandError(f"--{name} is {value}; accepted are 1 to {maximum}.")


async def _make_history(arguments: argparse.Namespace, context: Context, config: Config) -> None:
    folder = DataFolder(config.data_dir)
    async with context.open(config) as opened:
        wanted = Plan(
            arguments.seed, arguments.days, arguments.visitors_per_day, SystemClock().now_us()
        )
        plan = _load_plan(folder) or wanted
        made_of = f"seed {plan.seed}, {plan.days} days, {plan.visitors_per_day} visitors a day"
        if plan.is_done:
            context.say(f"This data folder holds a demo already ({made_of}).")
            return
        if (plan.seed, plan.days, plan.visitors_per_day) != (
            *(wanted.seed, wanted.days, wanted.visitors_per_day),
        ):
            context.say(f"Going on with the demo that was stopped ({made_of}).")
        folder.save_private(PLAN_NAME, msgspec.json.encode(plan))
        projects = await _find_projects(opened.control)
        start_us = plan.end_us - plan.days * DAY_US
        survey = await asyncio.to_thread(
            furnish, opened.records, opened.projects, [site.name for site in SITES], start_us
        )
        await asyncio.to_thread(
            partial(make_leads, start_us=start_us, end_us=plan.end_us, seed=plan.seed),
            opened.records,
            projects[_DOCS],
        )
        total = await _feed(opened.intake, plan, projects, context, survey)
    folder.save_private(PLAN_NAME, msgspec.json.encode(msgspec.structs.replace(plan, is_done=True)))
    names = ", ".join(f"'{site.name}'" for site in SITES)
    context.say(f"{total.events + total.known:,} events in the projects {names}.")


def _load_plan(folder: DataFolder) -> Plan | None:
    kept = folder.load_json(PLAN_NAME)
    return msgspec.convert(kept, Plan) if kept else None


async def _find_projects(control: Control) -> list[int]:
    """Return the numbers of the demo's projects; makes those that are missing."""
    numbers = {project.name: project.number for project in await control.list_projects()}
    for site in SITES:
        if site.name not in numbers:
            made = await control.create_project(site.name, site.host, time_zone=site.time_zone)
            numbers[site.name] = made.number
    return [numbers[site.name] for site in SITES]


async def _feed(
    intake: Intake, plan: Plan, projects: list[int], context: Context, survey: str
) -> BatchOutcome:
    """Send the history through the pipeline in batches; only one batch is in memory."""
    history: Iterator[tuple[Sender, Signal]] = generate(
        plan.seed,
        plan.days,
        plan.end_us,
        visitors_per_day=plan.visitors_per_day,
        projects=projects,
    )
    progress = Progress(context.err, "Making history")
    total = BatchOutcome()
    while batch := list(islice(history, BATCH_SIGNALS)):
        for _, signal in batch:
            if isinstance(signal.form, Submission):
                signal.name, signal.form = survey, replace(signal.form, survey_id=survey)
        total.add(await keep_asking(partial(take_all, intake, group_by_sender(batch))))
        rest_us = plan.end_us - (batch[-1][1].ts_us or 0)
        days = plan.days - rest_us / DAY_US
        progress.show(days / plan.days, f"day {days:.0f} of {plan.days}, {total.events:,} events")
    progress.end(f"{total.events:,} events")
    return total
