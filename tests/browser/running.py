"""A whole Footfall that listens on loopback, for tests that look at its pages in a browser. It runs
on an event loop of its own in a thread; `call` reaches it from the test."""

import asyncio
import os
import socket
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from playwright.sync_api import Browser, Page

from tests.site import ADMIN_TOKEN, Site, open_site

T = TypeVar("T")

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}


@dataclass
class Running:
    """A Footfall that listens."""

    url: str
    site: Site
    loop: asyncio.AbstractEventLoop

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run something beside the server and return its answer."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    @property
    def home(self) -> str:
        """Address of the project's overview."""
        return f"{self.url}/dashboard/p/{self.site.project.slug}"


@contextmanager
def run_site(folder: Path, modules: Sequence[str]) -> Iterator[Running]:
    """Serve a project with these modules beside the defaults."""
    listening = socket.create_server(("127.0.0.1", 0))
    ready, made = threading.Event(), []
    stops: list[asyncio.Event] = []

    async def serve() -> None:
        async with open_site(folder, modules=modules) as site:
            server = uvicorn.Server(
                uvicorn.Config(site.app, log_level="warning", lifespan="off")  # type: ignore[arg-type]
            )
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            made.append(Running(url, site, asyncio.get_running_loop()))
            stops.append(asyncio.Event())
            ready.set()
            task = asyncio.create_task(server.serve(sockets=[listening]))
            await stops[0].wait()
            server.should_exit = True
            await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield made[0]
    made[0].loop.call_soon_threadsafe(stops[0].set)
    thread.join(20)
    listening.close()


@contextmanager
def open_operator_page(browser: Browser, running: Running, look: str) -> Iterator[Page]:
    """Give a page of the operator who signed in; `look` is 'wide-light' or the like. It fails at
    the end when a page complained, refused forms (400) aside."""
    size, scheme = look.split("-")
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    answer = context.request.post(f"{running.url}/dashboard/login", form={"secret": ADMIN_TOKEN})
    assert answer.ok
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    yield page
    assert [c for c in complaints if "status of 400" not in c] == []
    context.close()


def photograph(page: Page, name: str) -> None:
    """Keep a picture where the environment asks for one."""
    folder = os.environ.get("FOOTFALL_TEST_PICTURES")
    if folder:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
