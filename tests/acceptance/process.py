"""Starts, kills and questions the real program, the way an operator and a site would."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ADMIN_TOKEN = "admin-token-for-tests"
READY_TIMEOUT_S = 60.0


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One data folder and the process that serves it; may be killed and started again."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = find_free_port()
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        self._log = data_dir.parent / f"{data_dir.name}.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "FOOTFALL_HOST": "127.0.0.1",
            "FOOTFALL_PORT": str(self.port),
            "FOOTFALL_DATA_DIR": str(self.data_dir),
            "PULSE_ADMIN_TOKEN": ADMIN_TOKEN,
            "RATE_LIMIT_PER_SECOND": "0",
            **self.settings,
        }

    def start(
        self, core: int | None = None, program: Sequence[str] = ("footfall", "serve")
    ) -> None:
        """Start and wait until ready; `core` pins the process, `program` replaces it."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *program],
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=self.data_dir.parent,
            )
        if core is not None:
            os.sched_setaffinity(self.process.pid, {core})
        self.wait_ready()

    def set_cores(self, cores: set[int]) -> None:
        """Let every thread of the process run on these cores."""
        assert self.process is not None
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), cores)

    def wait_ready(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.read_log()}")
            try:
                if self.request("GET", "/health")[0] == 200:
                    return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"not ready after {READY_TIMEOUT_S} s: {self.read_log()}")

    def read_log(self) -> str:
        return self._log.read_text(errors="replace")[-4000:]

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask the process to stop; return its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = 30.0,
    ) -> tuple[int, dict[str, str], Any]:
        """Send one request; return status, lower-case headers and the decoded body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            sent = {"User-Agent": BROWSER, "Accept-Language": "en", **(headers or {})}
            raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            if raw is not None:
                sent.setdefault("Content-Type", "application/json")
            connection.request(method, path, raw, sent)
            response = connection.getresponse()
            data = response.read()
            decoded: Any = data
            if response.headers.get("Content-Type", "").startswith("application/json"):
                decoded = json.loads(data)
            return response.status, {k.lower(): v for k, v in response.headers.items()}, decoded
        finally:
            connection.close()

    def admin(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        status, _, answer = self.request(
            method, path, body, {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        )
        return status, answer

    def add_project(
        self, name: str = "Acceptance", domain: str = "site.test", modules: Sequence[str] = ()
    ) -> "Project":
        """Add a project with a key to write and one to read; `modules` are on besides the usual."""
        states = {module: {"enabled": True, "access": "all"} for module in modules}
        asked = {"name": name, "domain": domain, "settings": {"modules": states}}
        status, made = self.admin("POST", "/api/admin/projects", asked)
        assert status == 201, made
        keys = {}
        for scope in ("ingest", "query"):
            status, key = self.admin(
                "POST",
                f"/api/admin/projects/{made['id']}/keys",
                {"name": scope, "scopes": [scope]},
            )
            assert status == 201, key
            keys[scope] = key["key"]
        return Project(self, made["id"], keys["ingest"], keys["query"])


BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)


class Project:
    """A project of a running server with a key to write and a key to read."""

    def __init__(self, server: Server, project_id: str, ingest_key: str, query_key: str) -> None:
        self.server = server
        self.id = project_id
        self.ingest_key = ingest_key
        self.query_key = query_key

    def collect(
        self, payload: object, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], Any]:
        return self.server.request(
            "POST", "/api/collect", payload, {"X-Pulse-Key": self.ingest_key, **(headers or {})}
        )

    def get(self, path: str) -> tuple[int, dict[str, str], Any]:
        return self.server.request("GET", path, headers={"X-Pulse-Key": self.query_key})

    def query(self, **fields: object) -> Any:
        status, _, answer = self.server.request(
            "POST",
            "/api/query",
            {"project": self.id, **fields},
            {"Authorization": f"Bearer {self.query_key}"},
        )
        assert status == 200, answer
        return answer
