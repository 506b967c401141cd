"""Forms as pages send them: JSON, urlencoded, multipart or text, with field names in any case and
with any separators. What is known becomes a core form; everything stays in the payload."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from footfall.errors import InvalidInputError
from footfall.http.json_body import parse_json
from footfall.leads.lead import UNKNOWN_MS, Form

FIELDS_MOST = 300
"""Fields of one form; people fill a dozen."""

VALUE_MOST = 10_000
"""Characters of one known field; the payload has it whole."""

CLIENT_ID_MOST = 64
"""Characters of the id that a form gives itself; of a longer one its hash is kept."""

_ELAPSED_MOST_S = 10 * 365 * 86_400

NAMES: Final[Mapping[str, Sequence[str]]] = {
    "name": ("FIRSTNAME", "NAME", "FULLNAME", "CONTACTNAME", "YOURNAME"),
    "email": ("EMAIL", "EMAILADDRESS", "EMAIL1", "CONTACTEMAIL", "MAIL"),
    "phone": ("PHONE", "PHONENUMBER", "PHONEMOBILE", "MOBILE", "CONTACTPHONE", "TEL"),
    "country_code": ("COUNTRYCODE",),
    "project_name": ("PROJECT", "PROJECTNAME"),
    "location": ("LOCATION", "PROJECTLOCATION"),
    "team": ("TEAM", "SOURCETEAM"),
    "domain": ("DOMAIN",),
    "source": ("SOURCE", "LEADSOURCE", "PROJECTSOURCE"),
    "keyword": ("KEYWORD",),
    "message": ("USERMESSAGE", "MESSAGE"),
    "page_url": ("PAGEURL",),
    "cta_name": ("CTANAME", "CTA", "PGCTANAME", "PGCTA"),
    "utm_source": ("UTMSOURCE",),
    "utm_medium": ("UTMMEDIUM",),
    "utm_campaign": ("UTMCAMPAIGN",),
    "utm_term": ("UTMTERM",),
    "utm_content": ("UTMCONTENT",),
    "visitor_id": ("VISITORID",),
    "session_id": ("SESSIONID",),
    "trap": ("PGHP", "PGWEBSITE"),
    "site_key": ("SITEKEY",),
    "form_id": ("FORMID",),
    "client_id": ("PGSID",),
}
"""What each field of a form may be called, once case and separators are gone; the first that is
filled counts."""

_LAST_NAMES = ("LASTNAME", "SURNAME")
_ELAPSED = "PGTTS"

_SEPARATORS = re.compile(r"[^A-Z0-9]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_BREAKS = re.compile(r"[\t\n\u2028\u2029]+")

_OBJECT = msgspec.json.Decoder(dict[str, Any])


def parse_payload(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the fields that a body carries under their own names.

    Raises InvalidInputError for what is neither JSON nor a form.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        fields = _parse_multipart(content_type, body)
    elif kind == "application/x-www-form-urlencoded":
        fields = _parse_urlencoded(body)
    elif body.lstrip()[:1] in {b"{", b"["} or kind.endswith("json"):
        fields = parse_json(_OBJECT, body)
    else:
        fields = _parse_text(body)
    if not fields:
        raise InvalidInputError("the form is empty; send fields such as FIRSTNAME, EMAIL, PHONE")
    if len(fields) > FIELDS_MOST:
        raise InvalidInputError(
            f"the form has {len(fields)} fields; up to {FIELDS_MOST} are accepted"
        )
    return fields


def parse_form(fields: Mapping[str, Any]) -> Form:
    """Return the form that is in the fields; what is missing is ''."""
    known: dict[str, str] = {}
    for name, value in fields.items():
        text = read_text(value)
        if text:
            known.setdefault(_SEPARATORS.sub("", name.upper()), text)
    values = {
        field: next((known[name] for name in names if name in known), "")
        for field, names in NAMES.items()
    }
    last = next((known[name] for name in _LAST_NAMES if name in known), "")
    if last and not values["name"].lower().endswith(last.lower()):
        values["name"] = f"{values['name']} {last}".strip()
    if len(values["client_id"]) > CLIENT_ID_MOST:
        values["client_id"] = hashlib.sha256(values["client_id"].encode()).hexdigest()
    return Form(
        **values, elapsed_ms=_parse_elapsed(known.get(_ELAPSED, "")), payload=_render(fields)
    )


def read_text(value: Any) -> str:
    """Return a value of a form as one line of text; several values are joined by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(filter(None, map(read_text, value)))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _BREAKS.sub(" ", _CONTROL.sub("", text)).strip()[:VALUE_MOST]


def _render(fields: Mapping[str, Any]) -> str:
    # Lone surrogates cannot be stored; a question mark stands for one.
    text = json.dumps(fields, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode()


def _parse_elapsed(text: str) -> int:
    try:
        seconds = float(text)
    except ValueError:
        return UNKNOWN_MS
    return round(seconds * 1_000) if 0 <= seconds <= _ELAPSED_MOST_S else UNKNOWN_MS


def _parse_urlencoded(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS_MOST
        )
    except ValueError:
        raise InvalidInputError(
            f"the form has more than the {FIELDS_MOST} fields accepted"
        ) from None
    return _gather(pairs)


def _parse_multipart(content_type: str, body: bytes) -> dict[str, Any]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise InvalidInputError("the form is no multipart body; its boundary is missing")
    pairs: list[tuple[str, str]] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if not isinstance(name, str):
            continue
        # Files are not taken; that one was sent is kept.
        content = part.get_filename() or _decode(part.get_payload(decode=True))
        pairs.append((name, content))
    return _gather(pairs)


def _parse_text(body: bytes) -> dict[str, Any]:
    """Read what a plain text carries: a query string, or lines 'name: value'."""
    text = body.decode("utf-8", "replace").strip()
    if "=" in text and "\n" not in text:
        return _parse_urlencoded(text.encode())
    lines = [re.split(r"[=:]", line, maxsplit=1) for line in text.splitlines() if line.strip()]
    if not lines or any(len(line) != 2 for line in lines):
        raise InvalidInputError("the form cannot be read; send JSON or a urlencoded form")
    return _gather([(name.strip(), value.strip()) for name, value in lines])


def _gather(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    return fields


def _decode(content: Any) -> str:
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
