"""What is told to others about a lead, in PulseGate's words [original: lead scoring]. The spelling
`refered_by` is the original's."""

import msgspec

from footfall.leads.capture import Finding
from footfall.leads.drought import SUBJECT, Drought
from footfall.leads.lead import UNKNOWN_MS
from footfall.leads.register import Taken
from footfall.model.time_range import from_us


class ForwardedLead(msgspec.Struct):
    """The body of the call that forwards a lead."""

    lead_id: int | None
    submission_id: int
    first_name: str
    phone_mobile: str
    email: str
    email1: str
    country_code: str
    project_name: str
    user_location: str
    lead_source: str
    source_team: str
    user_country: str
    user_region: str
    user_city: str
    user_timezone: str
    engagement_score: int
    engagement_label: str
    session_duration_seconds: int
    pages_visited: int
    return_visits: int
    suspicion_score: int
    suspicion_reasons: str
    time_to_submit: float | None
    form_submit_count: int
    visitor_id: str
    session_id: str
    vpn_suspected: str
    related_projects: str
    refered_by: str
    searched_keyword: str
    user_agent: str
    user_ip: str
    is_duplicate: str
    is_bot_lead: str
    test_lead: str
    dev_environment: str


class DroughtBody(msgspec.Struct):
    """The body of the call that tells of a lack of leads."""

    event: str
    last_lead_at: str
    minutes_without_leads: int
    threshold_minutes: int
    last_lead_id: int
    last_project_name: str
    detected_at: str


class LeadWording:
    """Renders what is forwarded."""

    def render_drought(self, drought: Drought) -> str:
        """Return the body of the call that tells of a lack of leads."""
        body = DroughtBody(
            event=SUBJECT,
            last_lead_at=_render_time(drought.last.created_at_us),
            minutes_without_leads=drought.minutes,
            threshold_minutes=drought.threshold_minutes,
            last_lead_id=drought.last.number,
            last_project_name=drought.last.project_name,
            detected_at=_render_time(drought.at_us),
        )
        return msgspec.json.encode(body).decode()

    def render(self, taken: Taken, finding: Finding) -> str:
        """Return the body of the call."""
        form, sender = finding.arrival.form, finding.arrival.sender
        submission, visit = taken.submission, finding.visit
        return msgspec.json.encode(
            ForwardedLead(
                lead_id=submission.lead,
                submission_id=submission.number,
                first_name=form.name,
                phone_mobile=form.phone,
                email=form.email,
                email1=form.email,
                country_code=form.country_code,
                project_name=form.project_name,
                user_location=form.location,
                lead_source=form.source,
                source_team=form.team,
                user_country=finding.place.country,
                user_region=finding.place.region,
                user_city=finding.place.city,
                user_timezone=sender.time_zone,
                engagement_score=submission.engagement_score,
                engagement_label=submission.engagement_label,
                session_duration_seconds=visit.duration_s if visit else 0,
                pages_visited=submission.pages,
                return_visits=visit.returns if visit else 0,
                suspicion_score=submission.suspicion_score,
                suspicion_reasons=submission.suspicion_reasons,
                time_to_submit=render_seconds(submission.elapsed_ms),
                form_submit_count=taken.lead.submissions if taken.lead else 1,
                visitor_id=submission.visitor_id,
                session_id=submission.session_id,
                vpn_suspected=_yes(submission.is_vpn),
                related_projects=", ".join(finding.related),
                refered_by=finding.arrival.referrer,
                searched_keyword=form.keyword or form.utm_term,
                user_agent=sender.user_agent,
                user_ip=submission.address or "",
                is_duplicate=_yes(submission.is_duplicate),
                is_bot_lead=_yes(submission.is_bot),
                test_lead=_yes(submission.kind == "test"),
                dev_environment=_yes(finding.arrival.is_development),
            )
        ).decode()


def render_seconds(elapsed_ms: int) -> float | None:
    """Return a form's elapsed time; None when it is not known."""
    return None if elapsed_ms == UNKNOWN_MS else elapsed_ms / 1_000


def _render_time(us: int) -> str:
    return from_us(us).strftime("%Y-%m-%dT%H:%M:%SZ")


def _yes(value: int) -> str:
    return "yes" if value else "no"
