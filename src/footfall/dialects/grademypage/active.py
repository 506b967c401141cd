"""`GET /api/analytics/experiments/active`: what runs now, for the script and for anyone who asks.
It reads memory only and depends on nobody's credentials, so that caches may keep it."""

import re
import uuid
from urllib.parse import parse_qs

import msgspec

from footfall.dialects.grademypage.errors import refuse_method, render_error
from footfall.dialects.grademypage.render import render_experiment
from footfall.dialects.grademypage.wire import ActiveExperiments
from footfall.errors import NotFoundError
from footfall.experiments.experiment import Experiment
from footfall.experiments.register import Experiments
from footfall.http.asgi import Headers, Receive, Scope, Send
from footfall.http.cors import CorsRule
from footfall.http.response import JSON, Answer
from footfall.projects.directory import Directory
from footfall.scripts.condition import accepts_gzip, has_current
from footfall.scripts.file import make_forms

CACHE = b"public, max-age=60, stale-while-revalidate=30"
"""[doc] A change reaches every page within a minute and a half."""

FLAG = "flag"
"""The kind of an experiment that changes no page: code asks for it."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Active:
    """Answers with the running experiments of one project."""

    def __init__(self, directory: Directory, experiments: Experiments, cors: CorsRule) -> None:
        self._directory = directory
        self._experiments = experiments
        self._cors = cors

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked: dict[bytes, bytes] = dict(scope["headers"])
        cors = self._cors.answer_headers(asked.get(b"origin"))
        try:
            if scope["method"] not in {"GET", "HEAD"}:
                answer = refuse_method(scope["method"], "GET", cors)
            else:
                body = self._render(find_project_id(scope["query_string"]))
                answer = _answer(body, asked, cors, is_head=scope["method"] == "HEAD")
        except Exception as error:
            answer = render_error(error, cors)
        await answer.send(send)

    def _render(self, project_id: str) -> bytes:
        if not _UUID.fullmatch(project_id):
            raise NotFoundError("Project", project_id[:64])
        entry = self._directory.find_id(project_id)
        shown = [] if entry is None else list_shown(self._experiments, entry.project.number)
        return msgspec.json.encode(ActiveExperiments([render_experiment(e) for e in shown]))


def list_shown(experiments: Experiments, project: int) -> list[Experiment]:
    """Return the running experiments that a page may show; flags are for code that asks."""
    return [e for e in experiments.list_running(project) if e.kind != FLAG]


def find_project_id(query: bytes) -> str:
    """Return the query's `projectId` in lower case, '' without one. A UUID without its dashes is
    the same UUID."""
    values = parse_qs(query.decode("latin-1")).get("projectId", [""])
    text = values[0].strip().lower()
    try:
        return str(uuid.UUID(text)) if len(text) == 32 else text
    except ValueError:
        return text


def _answer(body: bytes, asked: dict[bytes, bytes], cors: Headers, *, is_head: bool) -> Answer:
    plain, packed = make_forms(body)
    form = packed if accepts_gzip(asked.get(b"accept-encoding", b"").decode("latin-1")) else plain
    headers: Headers = (
        JSON,
        *cors,
        (b"cache-control", CACHE),
        (b"etag", form.etag),
        (b"vary", b"Accept-Encoding"),
    )
    if has_current(asked.get(b"if-none-match", b"").decode("latin-1"), form.etag.decode()):
        return Answer(304, headers=headers)
    if form.encoding:
        headers = (*headers, (b"content-encoding", form.encoding))
    return Answer(200, b"" if is_head else form.body, headers)
