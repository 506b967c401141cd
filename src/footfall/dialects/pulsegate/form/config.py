"""What pages load before they show a form or track a visit: plain ASGI, open, and answered only to
pages of the site's own domains."""

from typing import Any
from urllib.parse import parse_qs

import msgspec

from footfall.dialects.pulsegate.cors import ANSWER_HEADERS
from footfall.dialects.pulsegate.errors import METHOD_NOT_ALLOWED, ErrorBody, render_sentence
from footfall.dialects.pulsegate.form.render import render_config
from footfall.errors import FootfallError, ForbiddenError, MissingFieldError, NotFoundError
from footfall.forms.gate import FormGate
from footfall.forms.lookup import SiteEntry
from footfall.http.asgi import Receive, Scope, Send
from footfall.http.front_door import HotRoute
from footfall.http.response import JSON, Answer
from footfall.http.status import METHOD_NOT_ALLOWED as NOT_ALLOWED_STATUS
from footfall.http.status import status_of

FORM_PATH = "/forms/config"
TRACK_PATH = "/track/config"

FORM_DISABLED = "This form is disabled"

_HEADERS = (
    JSON,
    # A change shows at the next page view; the answer depends on who asks.
    (b"cache-control", b"no-cache"),
    (b"vary", b"Origin, Referer"),
    *ANSWER_HEADERS,
)


class PageConfig:
    """Answers pages."""

    def __init__(self, gate: FormGate, *, has_fingerprint: bool, has_recording: bool) -> None:
        """`has_fingerprint`: the operator lets every page take fingerprints; `has_recording`:
        pages without a site key are recorded."""
        self._gate = gate
        self._has_fingerprint = has_fingerprint
        self._has_recording = has_recording

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer GET of both paths."""
        if scope["method"] not in {"GET", "HEAD"}:
            body = msgspec.json.encode(ErrorBody(METHOD_NOT_ALLOWED))
            headers = (*_HEADERS, (b"allow", b"GET, HEAD, OPTIONS"))
            await Answer(NOT_ALLOWED_STATUS, body, headers).send(send)
            return
        try:
            status, value = 200, self._answer(scope)
        except FootfallError as error:
            status, value = status_of(error), ErrorBody(render_sentence(error))
        body = msgspec.json.encode(value)
        await Answer(status, b"" if scope["method"] == "HEAD" else body, _HEADERS).send(send)

    def _answer(self, scope: Scope) -> Any:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        headers: dict[bytes, bytes] = dict(scope["headers"])
        site_key = _first(query, "siteKey")
        if scope["path"] == TRACK_PATH and not site_key:
            # The tracker works without a site; then only the operator's settings count.
            return {"recordSession": self._has_recording, "fingerprint": self._has_fingerprint}
        site = self._gate.admit(
            site_key,
            headers.get(b"origin", b"").decode("latin-1"),
            headers.get(b"referer", b"").decode("latin-1"),
        )
        if scope["path"] == TRACK_PATH:
            return {
                "recordSession": site.records_sessions,
                "fingerprint": self._has_fingerprint or site.site.takes_fingerprints,
            }
        return _find_config(site, _first(query, "formId"))


def _find_config(site: SiteEntry, form_id: str) -> dict[str, Any]:
    if not form_id:
        raise MissingFieldError("formId")
    form = site.forms.get(form_id)
    if form is None:
        raise NotFoundError("Form", form_id[:64])
    if not form.is_enabled:
        raise ForbiddenError(FORM_DISABLED)
    return render_config(site.site.site_key, form_id, form)


def _first(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0].strip()


def make_config_routes(
    gate: FormGate, *, has_fingerprint: bool, has_recording: bool
) -> tuple[HotRoute, ...]:
    """Return the hot routes that pages load."""
    config = PageConfig(gate, has_fingerprint=has_fingerprint, has_recording=has_recording)
    return (HotRoute(FORM_PATH, config, "open"), HotRoute(TRACK_PATH, config, "open"))
