"""Writes docs/reference from the declarations in the source, so that no page is out of date:
`python -m tools.reference`. A test compares what is there with what would be written."""

import inspect
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from footfall.bots.factor import Factor
from footfall.bots.point import SIGNS
from footfall.cli.command import COMMANDS
from footfall.config import SETTINGS
from footfall.dialects.pulse.routes import ROUTES
from footfall.ingest.outcome import DropReason
from footfall.model.event import BOT_THRESHOLD, EVENT_COLUMNS
from footfall.model.session import SESSION_COLUMNS
from footfall.reports.catalogue import DIMENSIONS, METRICS

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"


def render_pages() -> dict[str, str]:
    """Return the pages by file name."""
    return {
        "settings.md": _settings(),
        "commands.md": _commands(),
        "metrics.md": _metrics(),
        "dimensions.md": _dimensions(),
        "columns.md": _columns(),
        "drop-reasons.md": _drop_reasons(),
        "bot-factors.md": _bot_factors(),
        "pulse-routes.md": _pulse_routes(),
        "bot-signs.md": _bot_signs(),
    }


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join(lines) + "\n"


def _settings() -> str:
    rows = [
        (
            f"`{s.name}`",
            f"`{s.default}`" if s.default else "–",
            s.help + (" Secret." if s.is_secret else ""),
        )
        for s in SETTINGS
    ]
    return (
        "# Settings\n\nEnvironment variables. `footfall config` prints what is in force, secrets"
        " masked. Bad values are reported together, before anything starts.\n\n"
        + _table(("name", "default", "meaning"), rows)
    )


def _commands() -> str:
    rows = [(f"`footfall {c.name}`", c.help) for c in COMMANDS]
    return (
        "# Commands\n\nThe program is `.venv/bin/footfall`. Each command has `--help`. A command"
        " that needs data goes through the running server when there is one, and opens the data"
        " folder itself when there is none.\n\n" + _table(("command", "what it does"), rows)
    )


def _metrics() -> str:
    rows = [(f"`{m.name}`", m.title, m.unit, m.description) for m in METRICS]
    return (
        "# Metrics\n\nA `fraction` is 0 to 1. A figure with nothing to divide by is null."
        " What counts when: [definitions](../explain/definitions.md).\n\n"
        + _table(("name", "title", "unit", "meaning"), rows)
    )


def _dimensions() -> str:
    rows = [(f"`{d.name}`", d.title, d.level.value, d.description) for d in DIMENSIONS]
    return (
        "# Dimensions\n\nBeside these, `prop:<key>` is a property of the event. The level says what"
        " knows it: `event` only the event, `session` only the visit, `shared` both.\n\n"
        + _table(("name", "title", "level", "meaning"), rows)
    )


def _columns() -> str:
    def table(columns: Iterable[object]) -> str:
        return _table(
            ("column", "type", "meaning"),
            [(f"`{c.name}`", c.type.value, c.meaning) for c in columns],  # type: ignore[attr-defined]
        )

    return (
        "# Columns\n\nThe two tables of the warehouse. No column holds NULL: absent text is empty,"
        " an absent number is 0.\n\n## events\n\n"
        + table(EVENT_COLUMNS)
        + "\n## sessions\n\n"
        + table(SESSION_COLUMNS)
    )


def _drop_reasons() -> str:
    source = inspect.getsource(DropReason)
    meanings = dict(re.findall(r'= "(\w+)"\n\s+"""(.+?)"""', source))
    rows = [(f"`{reason.value}`", meanings[reason.value]) for reason in DropReason]
    return (
        "# Drop reasons\n\nEvery event has one outcome: accepted, or dropped for one of these"
        " reasons. The word stands in the answer's header `Footfall-Dropped` and as a label of"
        " `footfall_events_total` in `/metrics`.\n\n" + _table(("reason", "meaning"), rows)
    )


def _bot_signs() -> str:
    rows = [(f"`{sign.code}`", str(sign.points), sign.meaning) for sign in SIGNS]
    return (
        "# Bot signs\n\nWhere a page is challenged, these points add up; 50 and more is a bot. "
        "Elsewhere [factors](bot-factors.md) decide.\n\n"
        + _table(("sign", "points", "meaning"), rows)
    )


def _bot_factors() -> str:
    rows = [
        (
            f"`{f.value.code}`",
            f.value.kind,
            str(f.value.weight),
            f.value.meaning + (" Enough by itself." if f.value.is_enough else ""),
        )
        for f in Factor
    ]
    return (
        "# Bot factors\n\nThe weights of what was found add up to a score of 0 to 100. Reports"
        f" leave out {BOT_THRESHOLD} and more, and can show it. One kind of factor alone stays"
        " below that, unless it is enough by itself.\n\n"
        + _table(("factor", "looks at", "weight", "meaning"), rows)
    )


_NEEDS = {"reads": "read", "writes": "write", "serves": "write"}
"""The access of its module that a route needs, by the word of its rule."""


def _pulse_routes() -> str:
    rows = [
        ("POST", "`/api/collect`", "ingest", "that of the payload", "Collect one payload"),
        ("POST", "`/api/batch`", "ingest", "that of each payload", "Collect several payloads"),
        ("GET", "`/api/script.js`", "nobody's", "–", "The tracker script"),
    ]
    for handler in ROUTES:
        rule = handler.opt
        modules = [f"`{rule[word]}` ({need})" for word, need in _NEEDS.items() if word in rule]
        who = "admin token" if rule["access"] == "admin_token" else rule["access"]
        for path in sorted(handler.paths):
            shown = f"`{re.sub(r':[a-z]+}', '}', path)}`"
            methods = ", ".join(sorted(handler.http_methods - {"HEAD", "OPTIONS"}))
            rows.append((methods, shown, who, ", ".join(modules) or "–", handler.summary or ""))
    return (
        "# Pulse: every route\n\nThe scope is that of the key; `admin` implies the others. A module"
        " stands with the access that it must have in the project; the core reports need none."
        " Fields and answers: `/api/docs/openapi.json`.\n\n"
        + _table(("method", "path", "scope", "module", "what it does"), rows)
    )


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in render_pages().items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
