"""Who is told of new leads, by mail or by a call: a list for each project, empty until somebody
adds to it. What is told goes through the outbox, in the transaction that stores the lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from footfall.clock import Clock
from footfall.delivery.address import Rule, parse_url
from footfall.delivery.delivery import Channel, Message
from footfall.delivery.mail import Letter, parse_mail_address, render_letter
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.leads.lead import Form, Submission
from footfall.leads.plain import show_line
from footfall.model.time_range import from_us
from footfall.store.records import Record, Records

MOST = 20
"""Receivers of one project."""

SUBJECT_MOST = 80
LINE_MOST = 1_000
"""Characters of one value in a mail; the page of the lead has it whole."""

_SOURCE = "lead-notice/"
_ROOM = "lead_notices"

_CHANNELS: Final[tuple[Channel, ...]] = ("email", "webhook")


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody who is told of new leads."""

    number: int
    project: int
    channel: Channel
    target: str
    """A mail address, or the address of a webhook."""
    shows_person: bool
    """Off: name, e-mail, phone, place and message are left out."""
    tells_follow_ups: bool
    """Also of the same person's later forms; never of duplicates."""
    created_at_us: int


@dataclass(frozen=True, slots=True)
class NoticeWish:
    """What somebody wants to be told."""

    channel: str
    target: str
    shows_person: bool = False
    tells_follow_ups: bool = False


class Notices:
    """Keeps who is told. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock, rule: Rule) -> None:
        """`rule` says which addresses calls may reach."""
        self._records = records
        self._clock = clock
        self._rule = rule

    def list_notices(self, project: int) -> list[Notice]:
        """Return who is told of a project's leads, oldest first."""
        with self._records.transaction() as t:
            return [_read(record) for record in t.find(_ROOM, {"project": project})]

    def create(self, project: int, wish: NoticeWish) -> Notice:
        """Tell somebody from now on. Raises InvalidInputError, and ConflictError for somebody who
        is told already."""
        record = {
            "project": project,
            "channel": wish.channel,
            "target": self._parse_target(wish),
            "shows_person": int(wish.shows_person),
            "tells_follow_ups": int(wish.tells_follow_ups),
            "created_at_us": self._clock.now_us(),
        }
        try:
            with self._records.transaction() as t:
                if t.count(_ROOM, {"project": project}) >= MOST:
                    raise InvalidInputError(f"{MOST} are told already; remove somebody first")
                number = t.add(_ROOM, record)
        except ConflictError:
            raise ConflictError(f"the address {record['target']} is told already") from None
        return _read({**record, "number": number})

    def remove(self, project: int, number: int) -> None:
        """Tell somebody no more. Raises NotFoundError."""
        with self._records.transaction() as t:
            if not t.remove(_ROOM, {"project": project, "number": number}):
                raise NotFoundError("Notice", str(number))

    def _parse_target(self, wish: NoticeWish) -> str:
        if wish.channel == "email":
            return parse_mail_address(wish.target, field="address")
        if wish.channel == "webhook":
            return parse_url(wish.target, self._rule, field="address")
        raise InvalidInputError(
            f"channel is '{wish.channel[:40]}'; accepted are {', '.join(_CHANNELS)}",
            field="channel",
        )


def find_source(submission: int) -> str:
    """Return what stands in the list of deliveries as the cause of a submission's notices."""
    return f"{_SOURCE}{submission}"


def make_notice_messages(
    notices: Sequence[Notice], submission: Submission, form: Form
) -> list[Message]:
    """Return what is told of a submission: nothing of tests, blocked senders, programs and
    duplicates."""
    if submission.kind not in {"primary", "follow_up"} or submission.is_duplicate:
        return []
    is_new = submission.kind == "primary"
    return [
        Message(
            project=submission.project,
            source=find_source(submission.number),
            subject="new lead" if is_new else "follow-up of a lead",
            channel=notice.channel,
            target=notice.target,
            body=(_render_mail if notice.channel == "email" else _render_call)(
                notice, submission, form
            ),
        )
        for notice in notices
        if is_new or notice.tells_follow_ups
    ]


def _render_mail(notice: Notice, submission: Submission, form: Form) -> str:
    what = "New lead" if submission.kind == "primary" else "Follow-up"
    about = show_line(submission.project_name, SUBJECT_MOST)
    facts = {
        "About": submission.project_name,
        "Source": submission.source,
        "Campaign": submission.utm_campaign,
        "Form": submission.form_id,
        "Page": submission.page,
        "Engagement": f"{submission.engagement_label} ({submission.engagement_score} of 100)",
        "Suspicion": f"{submission.suspicion_score} of 100",
    }
    person = {
        "Name": form.name,
        "E-mail": form.email,
        "Phone": f"{form.country_code} {form.phone}".strip(),
        "Place": form.location,
        "Message": form.message,
    }
    shown = {**person, **facts} if notice.shows_person else facts
    lines = [f"{name}: {show_line(value, LINE_MOST)}" for name, value in shown.items() if value]
    end = f"It is lead {submission.lead} in the dashboard, under Leads."
    if not notice.shows_person:
        end += " Who it is stands there; this mail leaves it out."
    return render_letter(Letter(f"{what}: {about}" if about else what, [*lines, end]))


def _render_call(notice: Notice, submission: Submission, form: Form) -> str:
    body: dict[str, Any] = {
        "event": "new_lead" if submission.kind == "primary" else "lead_follow_up",
        "lead_id": submission.lead,
        "submission_id": submission.number,
        "submitted_at": from_us(submission.submitted_at_us).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "about": submission.project_name,
        "source": submission.source,
        "utm_source": submission.utm_source,
        "utm_campaign": submission.utm_campaign,
        "form_id": submission.form_id,
        "page": submission.page,
        "country": submission.country,
        "engagement_label": submission.engagement_label,
        "engagement_score": submission.engagement_score,
        "suspicion_score": submission.suspicion_score,
        "suspicion_reasons": [r for r in submission.suspicion_reasons.split(",") if r],
    }
    if notice.shows_person:
        body["person"] = {
            "name": form.name,
            "email": form.email,
            "phone": form.phone,
            "country_code": form.country_code,
            "location": form.location,
            "message": form.message,
        }
    return msgspec.json.encode(body).decode()


def _read(record: Record) -> Notice:
    flags = ("shows_person", "tells_follow_ups")
    return Notice(**{**record, **{name: bool(record[name]) for name in flags}})
