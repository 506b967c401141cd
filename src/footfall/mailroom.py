"""Everything that tells others, put together for `app`: outbox, worker, couriers, alert rules,
webhooks, and the tasks that run them. No rule lives here."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

from footfall.alerts.desk import Desk
from footfall.alerts.evaluator import EVERY_S, Evaluator
from footfall.alerts.history import History
from footfall.alerts.register import Alerts
from footfall.alerts.summary import Summaries, SummaryMails
from footfall.alerts.trial import Trial
from footfall.alerts.watch import Watch
from footfall.alerts.webhook import ID_PREFIX as WEBHOOK_PREFIX
from footfall.alerts.webhook import Webhooks
from footfall.api.health import Sample
from footfall.clock import Clock
from footfall.config import Config
from footfall.delivery.address import Rule
from footfall.delivery.call import Caller
from footfall.delivery.courier import WebhookCourier
from footfall.delivery.delivery import STATES
from footfall.delivery.mail import MailCourier, MailServer, Security
from footfall.delivery.outbox import Outbox
from footfall.delivery.signature import Signer
from footfall.delivery.worker import Worker
from footfall.dialects.pulse.webhook.wording import SIGNATURE_HEADER, PulseWording
from footfall.errors import FootfallError
from footfall.projects.directory import Directory
from footfall.reports.port import Reports
from footfall.store.records import Records

_log = logging.getLogger(__name__)

COUNT_EVERY_S = 15.0
"""How old the figures of `/metrics` may be: as old as a scrape."""

SWEEP_EVERY_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Mailroom:
    """What tells others, and what others are told about."""

    outbox: Outbox
    worker: Worker
    caller: Caller
    mail: MailCourier
    alerts: Alerts
    webhooks: Webhooks
    summaries: Summaries
    webhook_trial: Trial
    evaluator: Evaluator
    is_alone: bool
    """No other node shares the records: they are a file in the data folder."""
    counts: dict[str, int] = field(default_factory=dict)
    """Deliveries by state, as last counted."""

    def read_samples(self) -> Iterable[Sample]:
        """Return the figures of `/metrics`."""
        for state, count in self.counts.items():
            labels = (("state", state),)
            yield Sample("footfall_deliveries", "gauge", "Webhook calls and mails.", count, labels)


def make_mailroom(
    config: Config, clock: Clock, records: Records, *, directory: Directory, reports: Reports
) -> Mailroom:
    """Make everything; nothing runs yet."""
    rule = Rule(allows_private=config.flag("FOOTFALL_ALLOW_PRIVATE_WEBHOOKS"))
    outbox, webhooks = Outbox(records, clock), Webhooks(records, clock, rule)
    alerts, summaries = Alerts(records, clock, rule), Summaries(records, clock)
    wording, history = PulseWording(), History(reports)
    desk = Desk(records, clock, reports, directory, outbox, wording)
    caller, mail = Caller(rule), MailCourier(make_mail_server(config))
    courier = WebhookCourier(
        caller, {WEBHOOK_PREFIX: Signer(SIGNATURE_HEADER, webhooks.find_secret)}
    )
    return Mailroom(
        outbox=outbox,
        worker=Worker(outbox, {"webhook": courier, "email": mail}),
        caller=caller,
        mail=mail,
        alerts=alerts,
        webhooks=webhooks,
        webhook_trial=Trial(courier, wording, clock),
        is_alone=not config.text("FOOTFALL_RECORDS_URL"),
        evaluator=Evaluator(
            desk,
            alerts,
            history,
            (Watch(desk, webhooks, history), SummaryMails(desk, summaries)),
        ),
        summaries=summaries,
    )


def make_mail_server(config: Config) -> MailServer | None:
    """Return the mail server that the settings name; None for none."""
    host = config.text("FOOTFALL_SMTP_HOST")
    if not host:
        return None
    return MailServer(
        host,
        config.integer("FOOTFALL_SMTP_PORT"),
        config.text("FOOTFALL_SMTP_FROM"),
        config.text("FOOTFALL_SMTP_USER"),
        config.text("FOOTFALL_SMTP_PASSWORD"),
        cast("Security", config.text("FOOTFALL_SMTP_SECURITY").lower()),  # checked by `config`
    )


@asynccontextmanager
async def run_mailroom(mailroom: Mailroom) -> AsyncIterator[None]:
    """Deliver and evaluate while the block runs; then let running attempts end. A node that is
    alone first takes over what the last run had in hand when it died."""
    if mailroom.is_alone:
        await asyncio.to_thread(mailroom.outbox.release_all)
    await _count(mailroom)
    delivering = asyncio.create_task(mailroom.worker.run())
    tasks = [
        asyncio.create_task(_evaluate(mailroom)),
        asyncio.create_task(_keep_counts(mailroom)),
        asyncio.create_task(_sweep(mailroom)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        mailroom.worker.ask_to_stop()
        await delivering
        with suppress(FootfallError):
            await mailroom.evaluator.stop()
            await mailroom.worker.stop()
        mailroom.caller.close()
        mailroom.mail.close()


async def _evaluate(mailroom: Mailroom) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await mailroom.evaluator.run()
            mailroom.worker.wake()
        except FootfallError as error:
            _log.warning("alerts not evaluated, trying again: %s", type(error).__name__)
        except Exception:
            _log.exception("alerts not evaluated, trying again")


async def _keep_counts(mailroom: Mailroom) -> None:
    while True:
        await asyncio.sleep(COUNT_EVERY_S)
        with suppress(FootfallError):
            await _count(mailroom)


async def _count(mailroom: Mailroom) -> None:
    for state in STATES:
        mailroom.counts[state] = await asyncio.to_thread(mailroom.outbox.count_all, state)


async def _sweep(mailroom: Mailroom) -> None:
    while True:
        await asyncio.sleep(SWEEP_EVERY_S)
        with suppress(FootfallError):
            await asyncio.to_thread(mailroom.outbox.drop_finished)
