"""Comma-separated values as RFC 4180 writes them, in lines that a spreadsheet shows and never
runs. Nothing is guessed: what comes as text stays text, what comes as a number stays one."""

from collections.abc import Iterable

_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is a formula to spreadsheets (OWASP, CSV injection)."""

_NEEDS_QUOTES = frozenset(',"\r\n')


def render_csv_line(values: Iterable[str | int | float | None]) -> str:
    """Return one line with its line end; None is an empty field."""
    return ",".join(map(_render_field, values)) + "\r\n"


def _render_field(value: str | int | float | None) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    if value.startswith(_RUNS):
        value = "'" + value
    if _NEEDS_QUOTES.isdisjoint(value) and value == value.strip(" "):
        return value
    return '"' + value.replace('"', '""') + '"'
