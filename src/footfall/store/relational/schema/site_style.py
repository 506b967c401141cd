"""Looks of sites' consent questions."""

from sqlalchemy import Column, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA

SITE_STYLES = Table(
    "site_styles",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("site", Text, nullable=False, unique=True),
    Column("style", Text, nullable=False),
    sqlite_autoincrement=True,
)
