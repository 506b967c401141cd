"""Texts that may be longer than a name: messages, search terms, links. The column `name` holds
255 characters; what is longer stands whole in a property as well."""

from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk


def find_text(desk: Desk, rows: Relation, key: str) -> Expression:
    """Return the property where there is one, else the name."""
    text = desk.words.property(rows.props, key)
    return (text != "").ifelse(text, rows.name)
