"""`footfall serve`: listens, says where, and on SIGTERM stops accepting, drains and leaves."""

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator

import uvicorn
import uvloop

from footfall.app import Footfall, open_footfall
from footfall.cli.context import CommandError, Context
from footfall.cli.control_file import ControlFile, remove_control, save_control
from footfall.config import Config
from footfall.http.protocol import DoorProtocol
from footfall.web import make_asgi

BACKLOG = 2048
"""Connections that may wait to be accepted; the default of common servers."""
SHUTDOWN_TIMEOUT_S = 10
"""Requests that still run after this long are cut off, so that a stop always ends."""


class Server(uvicorn.Server):
    """A server whose signals only ask it to stop; what comes after is ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: `_serve` has its own handlers, so that draining is not cut off."""
        yield


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: none, settings are environment variables."""


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Serve in the foreground."""
    return context.serve(context.load_config())


def serve(config: Config) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code. Raises FootfallError."""
    return uvloop.run(_serve(config))


async def _serve(config: Config) -> int:
    listener = _listen(config.text("FOOTFALL_HOST"), config.integer("FOOTFALL_PORT"))
    with listener:
        async with open_footfall(config) as footfall:
            await _serve_on(listener, footfall)
    return 0


async def _serve_on(listener: socket.socket, footfall: Footfall) -> None:
    host, port = listener.getsockname()[:2]
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    server = Server(
        uvicorn.Config(
            make_asgi(footfall),
            loop="uvloop",
            http=DoorProtocol,
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            backlog=BACKLOG,
            timeout_graceful_shutdown=SHUTDOWN_TIMEOUT_S,
        )
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _ask_to_stop, server)
    save_control(footfall.folder, ControlFile(url, footfall.control_token, os.getpid()))
    _greet(footfall, url)
    try:
        await server.serve(sockets=[listener])
    finally:
        remove_control(footfall.folder)


def _ask_to_stop(server: Server) -> None:
    server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
    listener.setblocking(False)
    return listener


def _greet(footfall: Footfall, url: str) -> None:
    print(f"Footfall listens on {url}")
    print(f"  Dashboard  {url}/dashboard")
    print(f"  API        {url}/docs")
    for note in footfall.config.notes:
        print(f"  {note}.")
    for name, value in footfall.secrets.made.items():
        print(f"  {name} = {value}")
        print("    made just now, kept in secrets.json of the data folder, and not shown again")
    sys.stdout.flush()
