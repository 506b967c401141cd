"""Leads: who enquired, by what they are recognised, what they sent, what became of it; and what
the pipeline is told about addresses and settings."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from footfall.store.relational.schema.metadata import METADATA


def _number() -> Column[int]:
    return Column("number", Integer, primary_key=True, autoincrement=True)


def _project() -> Column[int]:
    return Column(
        "project", Integer, ForeignKey("projects.number", ondelete="CASCADE"), nullable=False
    )


def _lead(*, nullable: bool = False) -> Column[int]:
    return Column(
        "lead", Integer, ForeignKey("leads.number", ondelete="CASCADE"), nullable=nullable
    )


def _texts(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _added(*names: str) -> list[Column[str]]:
    """Texts that older leads got with a migration, by way of a default."""
    return [Column(name, Text, nullable=False, server_default="") for name in names]


def _integers(*names: str) -> list[Column[int]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _times(*names: str) -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=False) for name in names]


LEADS = Table(
    "leads",
    METADATA,
    _number(),
    _project(),
    *_texts("status", "project_name", "contact_name", "contact_email", "contact_phone"),
    *_texts("location", "source", "country", "city", "visitor_id", "session_id"),
    *_texts("engagement_label"),
    *_integers("engagement_score", "suspicion_score", "submissions"),
    *_times("created_at_us", "last_submitted_at_us", "last_follow_up_at_us"),
    *_texts("name_key", "search_text"),
    Column("crm_id", Text, nullable=True),
    *_added("site_key", "form_id", "utm_source", "utm_medium", "utm_campaign"),
    *_added("suspicion_reasons"),
    Column("last_activity_at_us", BigInteger, nullable=False, server_default="0"),
    Index("ix_leads_project", "project"),
    Index("ix_leads_crm_id", "crm_id"),
    sqlite_autoincrement=True,
)

LEAD_IDENTITIES = Table(
    "lead_identities",
    METADATA,
    _number(),
    _project(),
    _lead(),
    *_texts("subject", "kind", "value"),
    UniqueConstraint("project", "subject", "kind", "value", name="uq_lead_identities_project"),
    Index("ix_lead_identities_lead", "lead"),
    Index("ix_lead_identities_kind", "kind", "value"),
)

LEAD_SUBMISSIONS = Table(
    "lead_submissions",
    METADATA,
    _number(),
    _project(),
    _lead(nullable=True),
    *_texts("kind"),
    *_times("submitted_at_us"),
    *_integers("day"),
    *_texts("contact_name", "contact_email", "contact_phone"),
    *_texts("project_name", "location", "source", "referrer", "referrer_host", "cta_name"),
    *_texts("page", "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"),
    *_texts("site_key", "form_id", "country", "region", "city"),
    *_texts("visitor_id", "session_id", "engagement_label"),
    *_integers("engagement_score", "suspicion_score"),
    *_texts("suspicion_reasons", "quality"),
    *_integers("pages", "vpn_score", "is_duplicate", "is_bot", "is_vpn", "is_timed"),
    *_times("elapsed_ms"),
    Column("address", Text, nullable=True),
    Column("crm_id", Text, nullable=True),
    Column("execution_url", Text, nullable=True),
    Column("delivery", Text, nullable=True),
    *_texts("payload"),
    Column("client_id", Text, nullable=True),
    Index("ix_lead_submissions_client_id", "project", "client_id", unique=True),
    Index("ix_lead_submissions_lead", "lead"),
    Index("ix_lead_submissions_project", "project", "day"),
    Index("ix_lead_submissions_visitor_id", "visitor_id", "submitted_at_us"),
    Index("ix_lead_submissions_address", "address", "submitted_at_us"),
    Index("ix_lead_submissions_crm_id", "crm_id"),
    sqlite_autoincrement=True,
)

LEAD_ACTIVITIES = Table(
    "lead_activities",
    METADATA,
    _number(),
    _lead(),
    *_texts("kind", "event", "actor", "crm_id", "body"),
    *_times("created_at_us"),
    Index("ix_lead_activities_lead", "lead"),
)

LEAD_ADDRESSES = Table(
    "lead_addresses",
    METADATA,
    _number(),
    Column("address", Text, nullable=False, unique=True),
    *_texts("rule", "usage", "reason"),
    *_times("created_at_us"),
)

LEAD_SETTINGS = Table(
    "lead_settings",
    METADATA,
    _number(),
    Column("name", Text, nullable=False, unique=True),
    *_texts("value"),
)

LEAD_NOTICES = Table(
    "lead_notices",
    METADATA,
    _number(),
    _project(),
    *_texts("channel", "target"),
    *_integers("shows_person", "tells_follow_ups"),
    *_times("created_at_us"),
    UniqueConstraint("project", "channel", "target", name="uq_lead_notices_project"),
)
