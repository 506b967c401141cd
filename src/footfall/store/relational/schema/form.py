"""Sites that show forms, their domains, their forms, and keys of integrations."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from footfall.store.relational.schema.metadata import METADATA

FORM_SITES = Table(
    "form_sites",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("site_key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("is_enabled", Integer, nullable=False),
    Column("records_sessions", Integer, nullable=False),
    Column("takes_fingerprints", Integer, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

FORM_DOMAINS = Table(
    "form_domains",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "site",
        Integer,
        ForeignKey("form_sites.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("host", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    UniqueConstraint("site", "host", name="uq_form_domains_site"),
    sqlite_autoincrement=True,
)

FORMS = Table(
    "forms",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "site",
        Integer,
        ForeignKey("form_sites.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("form_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("is_enabled", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    UniqueConstraint("site", "form_id", name="uq_forms_site"),
    sqlite_autoincrement=True,
)

INTEGRATIONS = Table(
    "integrations",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("prefix", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
