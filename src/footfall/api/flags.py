"""`GET /api/flags`: what is switched on for a visitor. Open like a tracker's paths, because pages
ask it; it tells nothing that a page of the project would not show, and records nothing."""

from dataclasses import dataclass
from urllib.parse import parse_qs

import msgspec

from footfall.api.experiment.wire import NOTHING
from footfall.errors import FootfallError, InvalidInputError, MissingFieldError, NotFoundError
from footfall.experiments.assignment import assign
from footfall.experiments.experiment import Experiment
from footfall.experiments.register import Experiments
from footfall.experiments.target import is_targeted
from footfall.http.asgi import Receive, Scope, Send
from footfall.http.cors import CorsRule
from footfall.http.limit import RateLimiter
from footfall.http.response import JSON, Answer
from footfall.http.status import status_of
from footfall.projects.directory import Directory

VISITOR_LIMIT = 255
"""Characters of a visitor's id, as everywhere."""

MAX_AGE_S = 60
"""A switch is thrown within a minute for pages that are open."""

QUERY_LIMIT_BYTES = 8_192

FLAGS_CORS = CorsRule(methods=("GET", "OPTIONS"), headers=("content-type",))


class FlagBody(msgspec.Struct):
    """One flag, for one visitor."""

    enabled: bool
    """The flag is meant for this page and the visitor takes part."""
    variant: str | None
    config: msgspec.Raw


class FlagsBody(msgspec.Struct):
    """All running flags, by id."""

    flags: dict[str, FlagBody]


@dataclass(frozen=True, slots=True)
class Flags:
    """The path as a plain ASGI application."""

    directory: Directory
    experiments: Experiments
    limiter: RateLimiter
    """Questions by project number."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        cors = FLAGS_CORS.answer_headers(None)
        if scope["method"] not in {"GET", "HEAD"}:
            body = msgspec.json.encode({"error": "Send GET."})
            await Answer(405, body, (JSON, *cors, (b"allow", b"GET, HEAD, OPTIONS"))).send(send)
            return
        try:
            body = msgspec.json.encode(self._find(scope["query_string"]))
            age = f"private, max-age={MAX_AGE_S}".encode()
            answer = Answer(200, body, (JSON, *cors, (b"cache-control", age)))
        except FootfallError as error:
            seconds = getattr(error, "retry_after_s", None)
            wait = ((b"retry-after", str(seconds).encode()),) if seconds else ()
            body = msgspec.json.encode({"error": error.message})
            headers = (JSON, *cors, *wait, (b"cache-control", b"no-store"))
            answer = Answer(status_of(error), body, headers)
        await answer.send(send)

    def _find(self, query: bytes) -> FlagsBody:
        if len(query) > QUERY_LIMIT_BYTES:
            raise InvalidInputError(f"the query is longer than {QUERY_LIMIT_BYTES} bytes")
        given = {key: values[-1] for key, values in parse_qs(query.decode("latin-1")).items()}
        for field in ("projectId", "visitorId"):
            if field not in given:
                raise MissingFieldError(field)
        visitor_id = given["visitorId"]
        if len(visitor_id) > VISITOR_LIMIT:
            raise InvalidInputError(
                f"visitorId has {len(visitor_id)} characters; accepted are up to {VISITOR_LIMIT}",
                field="visitorId",
            )
        entry = self.directory.find_id(given["projectId"].lower())
        if entry is None:
            raise NotFoundError("Project", given["projectId"][:60])
        number = entry.project.number
        self.limiter.take(number)
        return FlagsBody(
            {
                experiment.id: _render(experiment, visitor_id, given.get("url"))
                for experiment in self.experiments.list_running(number)
                if experiment.kind == "flag"
            }
        )


def _render(experiment: Experiment, visitor_id: str, url: str | None) -> FlagBody:
    is_meant = url is None or is_targeted(experiment, url)
    variant = assign(experiment, visitor_id) if is_meant else None
    if variant is None:
        return FlagBody(enabled=False, variant=None, config=NOTHING)
    config = msgspec.Raw(variant.config.encode()) if variant.config else NOTHING
    return FlagBody(enabled=True, variant=variant.id, config=config)
