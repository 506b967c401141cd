"""What a command is given: the surroundings it runs in, and the way to Footfall's data, which is
the running server when there is one and the files themselves when there is none."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol, TextIO

from footfall.api.control import Control
from footfall.cli.control_client import RemoteControl
from footfall.cli.control_file import load_control
from footfall.cli.demo.furniture import ModuleSwitch
from footfall.config import Config, parse_config
from footfall.errors import FootfallError
from footfall.ingest.port import Intake
from footfall.projects.secret import Secrets
from footfall.store.records import Records


class Opened(Protocol):
    """Footfall without its web server: what commands need of it."""

    @property
    def control(self) -> Control:
        """The verbs of the command line."""
        ...

    @property
    def intake(self) -> Intake:
        """The way in for events."""
        ...

    @property
    def records(self) -> Records:
        """What people decided: goals, experiments, surveys."""
        ...

    @property
    def projects(self) -> ModuleSwitch:
        """Projects, as far as the demo changes them."""
        ...

    @property
    def secrets(self) -> Secrets:
        """The operator's secrets; `made` holds those that were made just now."""
        ...


OpenFootfall = Callable[[Config], AbstractAsyncContextManager[Opened]]
"""Takes the data folder, opens the stores and the pipeline; leaving it drains and closes them.
Raises ConflictError when another process owns the folder."""

Serve = Callable[[Config], int]
"""Serves in the foreground until told to stop; returns the exit code."""


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of one command."""

    environ: Mapping[str, str]
    out: TextIO
    err: TextIO
    open_footfall: OpenFootfall
    serve: Serve

    def say(self, text: str = "") -> None:
        """Print a line of the answer."""
        print(text, file=self.out, flush=True)

    def warn(self, text: str) -> None:
        """Print a line beside the answer, where a script that reads the answer does not look."""
        print(text, file=self.err, flush=True)

    @asynccontextmanager
    async def open(self, config: Config) -> AsyncIterator[Opened]:
        """Open Footfall in this process and print, this once, the secrets that were made."""
        async with self.open_footfall(config) as opened:
            for name, value in opened.secrets.made.items():
                self.warn(f"{name} = {value}")
                self.warn("  made just now, kept in secrets.json of the data folder.")
            yield opened

    def load_config(self) -> Config:
        """Read the settings. Raises ConfigError."""
        return parse_config(self.environ)


class CommandError(FootfallError):
    """The command cannot do what it was asked."""

    code = "command"


async def find_server(config: Config) -> RemoteControl | None:
    """Return the way to the server that owns the data folder; None when none answers."""
    control = load_control(config.data_dir)
    if control is None:
        return None
    remote = RemoteControl(control)
    try:
        if await remote.read_pid() == control.pid:
            return remote
    except FootfallError:
        pass
    remote.close()
    return None


@asynccontextmanager
async def reach_control(context: Context, config: Config) -> AsyncIterator[Control]:
    """Give the verbs: through the running server, else by opening the files.

    Raises ConflictError when another process owns the folder and does not answer.
    """
    remote = await find_server(config)
    if remote is not None:
        with remote:
            yield remote
        return
    async with context.open(config) as opened:
        yield opened.control
