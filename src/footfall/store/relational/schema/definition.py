"""Goals and funnels that a project saved."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA


def _make_table(name: str) -> Table:
    return Table(
        name,
        METADATA,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("id", Text, nullable=False, unique=True),
        Column(
            "project",
            Integer,
            ForeignKey("projects.number", ondelete="CASCADE"),
            nullable=False,
        ),
        Column("name", Text, nullable=False),
        Column("definition", Text, nullable=False),
        Column("wording", Text, nullable=False),
        Column("created_at_us", BigInteger, nullable=False),
        Column("updated_at_us", BigInteger, nullable=False),
        Index(f"ix_{name}_project", "project"),
    )


GOALS = _make_table("goals")
FUNNELS = _make_table("funnels")
