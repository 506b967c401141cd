"""Responses as comma-separated values, one row each, that a spreadsheet takes for nothing but
text: a cell that would start a formula is quoted (OWASP, CSV injection)."""

import csv
import io
from collections.abc import Iterable, Iterator

from footfall.model.time_range import from_us
from footfall.surveys.answer import Answer
from footfall.surveys.definition import Definition
from footfall.surveys.response import Response

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet calculate, or what it strips before it looks."""


def render_csv(definition: Definition, responses: Iterable[Response]) -> Iterator[str]:
    """Give the lines: a heading with the questions' texts, then one line for each response."""
    fixed = ["id", "submitted_at", "completed", "path"]
    yield _line([*fixed, *(question.text for question in definition.questions)])
    for response in responses:
        answers = [response.answers.get(question.id) for question in definition.questions]
        yield _line(
            [
                response.id,
                from_us(response.submitted_at_us).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "yes" if response.is_completed else "no",
                response.path,
                *map(_text, answers),
            ]
        )


def _text(answer: Answer | None) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return "; ".join(answer) if isinstance(answer, list) else str(answer)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([_disarm(cell) for cell in cells])
    return out.getvalue()


def _disarm(cell: str) -> str:
    is_number = cell.removeprefix("-").isdigit()
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) and not is_number else cell
