"""Leads in PulseGate's words. Whoever may not know who it is sees contact data masked, and neither
an address nor what was typed."""

from datetime import UTC, datetime

import msgspec

from footfall.clock import US_PER_SECOND
from footfall.dialects.pulsegate.lead.wording import render_seconds
from footfall.leads.lead import Activity, Lead, Submission
from footfall.leads.mask import mask_email, mask_name, mask_phone


class LeadBody(msgspec.Struct):
    """A lead [doc]."""

    lead_id: int
    enquiry_datetime: str
    contact_name: str
    contact_email: str
    contact_phone: str
    project_name: str
    project_location: str
    project_source: str
    contact_country_name: str
    contact_city: str
    visitor_id: str
    session_id: str
    engagement_score: int
    engagement_label: str
    form_submit_count: int
    suspicion_score: int
    follow_ups_count: int
    last_follow_up_at: str | None
    status: str
    crm_lead_id: str | None


class SubmissionBody(msgspec.Struct):
    """One form sent [doc], with what was found out about it (ours)."""

    submission_id: int
    lead_id: int | None
    submitted_at: str
    project_name: str
    visitor_id: str
    session_id: str
    contact_name: str
    contact_email: str
    contact_phone: str
    contact_ip: str | None
    source: str
    referer: str
    cta_name: str
    is_primary_lead: int
    is_duplicate_window: int
    engagement_score: int
    engagement_label: str
    suspicion_score: int
    suspicion_reasons: str
    quality: str
    time_to_submit: float | None
    execution_url: str | None
    payload_json: str | None


class ActivityBody(msgspec.Struct):
    """Something that happened to a lead."""

    activity_id: int
    lead_id: int
    crm_lead_id: str
    kind: str
    event_type: str
    actor: str
    payload_json: str
    created_at: str


def render_time(us: int) -> str:
    """Return an instant as 'YYYY-MM-DD HH:MM:SS', UTC."""
    return datetime.fromtimestamp(us // US_PER_SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S")


def render_lead(lead: Lead) -> LeadBody:
    """Return a lead."""
    return LeadBody(
        lead_id=lead.number,
        enquiry_datetime=render_time(lead.created_at_us),
        contact_name=lead.contact_name,
        contact_email=lead.contact_email,
        contact_phone=lead.contact_phone,
        project_name=lead.project_name,
        project_location=lead.location,
        project_source=lead.source,
        contact_country_name=lead.country,
        contact_city=lead.city,
        visitor_id=lead.visitor_id,
        session_id=lead.session_id,
        engagement_score=lead.engagement_score,
        engagement_label=lead.engagement_label,
        form_submit_count=lead.submissions,
        suspicion_score=lead.suspicion_score,
        follow_ups_count=lead.submissions - 1,
        last_follow_up_at=(
            render_time(lead.last_follow_up_at_us) if lead.last_follow_up_at_us else None
        ),
        status=lead.status,
        crm_lead_id=lead.crm_id,
    )


def render_submission(submission: Submission, *, is_masked: bool = False) -> SubmissionBody:
    """Return one form sent; masked, without address, visit and payload."""
    body = SubmissionBody(
        submission_id=submission.number,
        lead_id=submission.lead,
        submitted_at=render_time(submission.submitted_at_us),
        project_name=submission.project_name,
        visitor_id=submission.visitor_id,
        session_id=submission.session_id,
        contact_name=submission.contact_name,
        contact_email=submission.contact_email,
        contact_phone=submission.contact_phone,
        contact_ip=submission.address,
        source=submission.source,
        referer=submission.referrer,
        cta_name=submission.cta_name,
        is_primary_lead=int(submission.kind == "primary"),
        is_duplicate_window=submission.is_duplicate,
        engagement_score=submission.engagement_score,
        engagement_label=submission.engagement_label,
        suspicion_score=submission.suspicion_score,
        suspicion_reasons=submission.suspicion_reasons,
        quality=submission.quality,
        time_to_submit=render_seconds(submission.elapsed_ms),
        execution_url=submission.execution_url,
        payload_json=submission.payload,
    )
    if not is_masked:
        return body
    return msgspec.structs.replace(
        body,
        # What ties a form to its recorded visit would tell who it is as well as a name.
        visitor_id="",
        session_id="",
        contact_name=mask_name(body.contact_name),
        contact_email=mask_email(body.contact_email),
        contact_phone=mask_phone(body.contact_phone),
        contact_ip=None,
        payload_json=None,
        execution_url=None,
    )


def render_activity(activity: Activity) -> ActivityBody:
    """Return something that happened to a lead."""
    return ActivityBody(
        activity_id=activity.number,
        lead_id=activity.lead,
        crm_lead_id=activity.crm_id,
        kind=activity.kind,
        event_type=activity.event,
        actor=activity.actor,
        payload_json=activity.body,
        created_at=render_time(activity.created_at_us),
    )
