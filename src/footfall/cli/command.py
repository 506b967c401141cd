"""The table of commands. Each command is a module of this room with `add_arguments` and `run`;
this one picks, and turns what goes wrong into one sentence and an exit code.
Only the chosen command is imported: `footfall version` loads no database."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn, Protocol, TextIO, cast

from footfall.cli.context import Context, Opened, OpenFootfall, Serve
from footfall.config import Config
from footfall.errors import ConfigError, FootfallError, InvalidInputError

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its word, the module that does it, and its line in the help."""

    name: str
    module: str
    help: str


COMMANDS: tuple[Command, ...] = (
    Command("serve", "footfall.cli.serve", "serve in the foreground"),
    Command("demo", "footfall.cli.demo.command", "make a believable history and serve it"),
    Command(
        "import", "footfall.cli.import_", "take a web server's log or raw events into a project"
    ),
    Command("export", "footfall.cli.export", "write a project's raw events into a file"),
    Command("keys", "footfall.cli.keys", "make, list and revoke keys"),
    Command("projects", "footfall.cli.projects", "list and make projects"),
    Command("erase", "footfall.cli.erase", "erase everything that is kept of a person"),
    Command("config", "footfall.cli.settings", "print the settings and their values"),
    Command("version", "footfall.cli.version", "print the version"),
)


class CommandModule(Protocol):
    """What each command's module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""
        ...

    def run(self, arguments: argparse.Namespace, context: Context) -> int:
        """Run the command and return its exit code. Raises FootfallError."""
        ...


class UsageError(InvalidInputError):
    """The command line cannot be understood."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class _Parser(argparse.ArgumentParser):
    """Raises where argparse would print and exit."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}", self.prog)


def run_command(
    arguments: Sequence[str],
    *,
    environ: Mapping[str, str] | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
    open_footfall: OpenFootfall | None = None,
    serve: Serve | None = None,
) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 not understood.

    What is not given is the real thing: this process's surroundings, `app` and `cli.serve`.
    """
    context = Context(
        environ=os.environ if environ is None else environ,
        out=out or sys.stdout,
        err=err or sys.stderr,
        open_footfall=open_footfall or _open_footfall,
        serve=serve or _serve,
    )
    try:
        return _run(arguments, context)
    except UsageError as error:
        print(f"{error.message} (see {error.usage} --help)", file=context.err)
        return EXIT_USAGE
    except ConfigError as error:
        print(f"footfall: {error.message}", file=context.err)
        return EXIT_USAGE
    except FootfallError as error:
        print(f"footfall: {error.message}", file=context.err)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("footfall: stopped", file=context.err)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output left (`footfall projects list | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED


def _run(arguments: Sequence[str], context: Context) -> int:
    word = arguments[0] if arguments else "--help"
    if word in {"-h", "--help", "help"}:
        context.say(render_help())
        return EXIT_DONE if arguments else EXIT_USAGE
    if word == "--version":
        word = "version"
    command = next((c for c in COMMANDS if c.name == word), None)
    if command is None:
        names = ", ".join(c.name for c in COMMANDS)
        raise UsageError(f"footfall: '{word}' is no command; there are {names}", "footfall")
    module = cast("CommandModule", import_module(command.module))
    parser = _Parser(prog=f"footfall {command.name}", description=f"{command.help.capitalize()}.")
    module.add_arguments(parser)
    try:
        parsed = parser.parse_args(arguments[1:])
    except SystemExit as leaving:  # `--help` was printed
        return int(leaving.code or 0)
    return module.run(parsed, context)


def render_help() -> str:
    """Return the list of commands as text."""
    lines = ["usage: footfall COMMAND …", ""]
    lines += [f"  {command.name:<10} {command.help}" for command in COMMANDS]
    lines += ["", "`footfall COMMAND --help` says more. Settings are environment variables:"]
    lines += ["`footfall config` prints them."]
    return "\n".join(lines)


def _open_footfall(config: Config) -> AbstractAsyncContextManager[Opened]:
    from footfall.app import open_footfall

    return open_footfall(config)


def _serve(config: Config) -> int:
    return cast("Serve", import_module("footfall.cli.serve").serve)(config)
