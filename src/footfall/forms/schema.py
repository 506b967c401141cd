"""What a form may consist of. A form comes as an object or as its JSON text and is kept as it was
written, fields we do not know included; what we know is checked, so that every page that shows the
form can rely on it. Nothing in a form can load or run anything."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, get_args
from urllib.parse import urlsplit

from footfall.errors import InvalidInputError, TooLargeError

FieldType = Literal["text", "email", "tel", "select", "textarea", "checkbox", "radio", "hidden"]
FIELD_TYPES: Final[tuple[FieldType, ...]] = get_args(FieldType)
CHOICES: Final = ("select", "radio")
"""Types that need options."""

THEMES: Final = ("light", "dark", "minimal")

SIZE_LIMIT_BYTES: Final = 64 * 1024
"""Every page view of a page with the form loads it; a long one has some 4 kB."""

MOST_FIELDS: Final = 60
MOST_OPTIONS: Final = 300
"""The countries of the world fit."""

TEXT_LIMIT: Final = 2_000
NAME_LIMIT: Final = 64
PATTERN_LIMIT: Final = 300
LENGTH_LIMIT: Final = 10_000
"""The longest answer that a field may ask for, in characters."""

RESERVED: Final = frozenset(
    {"siteKey", "formId", "__visitor_id", "__session_id", "__pg_hp", "__pg_tts", "__pg_website"}
)
"""Names that the script itself sends."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_COLOR = re.compile(
    r"#[0-9a-f]{3,4}|#[0-9a-f]{6}|#[0-9a-f]{8}|[a-z]{3,30}|(?:rgb|hsl)a?\([0-9.,%/ deg-]{5,60}\)",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\d{1,3}(?:\.\d{1,2})?(?:px|rem|em|%)?")
_FONT = re.compile(r"""[\w\s,'"-]{1,200}""")

_THEME_PARTS: Final = {
    "primaryColor": (_COLOR, "a colour such as #3b5bdb"),
    "background": (_COLOR, "a colour such as #ffffff"),
    "textColor": (_COLOR, "a colour such as #16181d"),
    "borderRadius": (_LENGTH, "a length such as 8px"),
    "fontFamily": (_FONT, "names of fonts such as Georgia, serif"),
}

_TEXTS: Final = ("name", "title", "subtitle", "submitLabel", "successMessage")


def parse_form(given: object) -> str:
    """Return a form as the JSON text that is kept.

    Raises InvalidInputError that names the place and quotes the value, TooLargeError.
    """
    content = _read(given)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode("utf-8", "replace")) > SIZE_LIMIT_BYTES:
        raise TooLargeError(f"form_json is larger than the {SIZE_LIMIT_BYTES} bytes accepted here.")
    for key in _TEXTS:
        _check_text(content, key, key)
    _check_redirect(content.get("redirectUrl"))
    _check_text(content, "target", "target")
    _check_flag(content, "recordSession", "recordSession")
    _check_theme(content.get("theme"))
    names = _check_fields(content.get("fields"))
    _check_hidden(content.get("hidden"), names)
    return text


def _read(given: object) -> dict[str, Any]:
    if isinstance(given, str):
        if len(given) > SIZE_LIMIT_BYTES:
            raise TooLargeError(
                f"form_json is larger than the {SIZE_LIMIT_BYTES} bytes accepted here."
            )
        try:
            given = json.loads(given, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
            raise _refusal("form_json", f"is not valid JSON: {reason}") from None
    if not isinstance(given, dict):
        raise _refusal("form_json", f"is {_quote(given)}; accepted is an object")
    return given


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_fields(fields: object) -> set[str]:
    if not isinstance(fields, list) or not fields:
        raise _refusal("fields", "is missing or empty; list at least one field")
    if len(fields) > MOST_FIELDS:
        raise _refusal("fields", f"has {len(fields)} entries; accepted are at most {MOST_FIELDS}")
    names: set[str] = set()
    for index, field in enumerate(fields):
        place = f"fields[{index}]"
        if not isinstance(field, dict):
            raise _refusal(place, f"is {_quote(field)}; accepted is an object")
        name = _check_name(field.get("name"), f"{place}.name")
        if name in names:
            raise _refusal(f"{place}.name", f"is '{name}' again; every field needs its own")
        names.add(name)
        _check_field(field, place)
    if all(field.get("type") == "hidden" for field in fields):
        raise _refusal("fields", "are all hidden; at least one must be seen")
    return names


def _check_field(field: Mapping[str, Any], place: str) -> None:
    kind = field.get("type", "text")
    if kind not in FIELD_TYPES:
        raise _refusal(f"{place}.type", f"is {_quote(kind)}; accepted are {', '.join(FIELD_TYPES)}")
    for key in ("label", "placeholder", "hint", "autocomplete", "message"):
        _check_text(field, key, f"{place}.{key}")
    if kind != "hidden" and not str(field.get("label") or "").strip():
        raise _refusal(f"{place}.label", "is missing; people must know what to write")
    _check_flag(field, "required", f"{place}.required")
    if kind in CHOICES:
        _check_options(field.get("options"), f"{place}.options")
    pattern = field.get("pattern")
    if pattern is not None and (not isinstance(pattern, str) or len(pattern) > PATTERN_LIMIT):
        raise _refusal(
            f"{place}.pattern",
            f"is {_quote(pattern)}; accepted is an expression of at most {PATTERN_LIMIT} letters",
        )
    most = field.get("maxLength")
    is_length = isinstance(most, int) and not isinstance(most, bool) and 1 <= most <= LENGTH_LIMIT
    if most is not None and not is_length:
        raise _refusal(f"{place}.maxLength", f"is {_quote(most)}; accepted are 1 to {LENGTH_LIMIT}")
    default = field.get("defaultValue")
    if default is not None and not isinstance(default, str | int | float | bool):
        raise _refusal(f"{place}.defaultValue", f"is {_quote(default)}; accepted is text")


def _check_options(options: object, place: str) -> None:
    if not isinstance(options, list) or not options:
        raise _refusal(place, "is missing or empty; list what one can choose")
    if len(options) > MOST_OPTIONS:
        raise _refusal(place, f"has {len(options)} entries; accepted are at most {MOST_OPTIONS}")
    for index, option in enumerate(options):
        parts: Sequence[object] = (option,)
        if isinstance(option, dict):
            parts = (option.get("value"), option.get("label", option.get("value")))
        if not all(isinstance(part, str) and len(part) <= TEXT_LIMIT for part in parts):
            raise _refusal(
                f"{place}[{index}]",
                f"is {_quote(option)}; accepted is text, or an object of value and label",
            )


def _check_hidden(hidden: object, names: set[str]) -> None:
    if hidden is None:
        return
    if not isinstance(hidden, dict) or len(hidden) > MOST_FIELDS:
        raise _refusal(
            "hidden", f"is {_quote(hidden)}; accepted is an object of at most {MOST_FIELDS} texts"
        )
    for name, value in hidden.items():
        place = f"hidden.{name[:NAME_LIMIT]}"
        _check_name(name, place)
        if name in names:
            raise _refusal(place, "is a field as well; keep one of both")
        if not isinstance(value, str | int | float) or len(str(value)) > TEXT_LIMIT:
            raise _refusal(
                place, f"is {_quote(value)}; accepted is text of at most {TEXT_LIMIT} characters"
            )


def _check_theme(theme: object) -> None:
    if theme is None or (isinstance(theme, str) and theme in THEMES):
        return
    if not isinstance(theme, dict):
        raise _refusal(
            "theme", f"is {_quote(theme)}; accepted are {', '.join(THEMES)} or an object of colours"
        )
    for key, (pattern, words) in _THEME_PARTS.items():
        value = theme.get(key)
        if key == "borderRadius" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
            raise _refusal(f"theme.{key}", f"is {_quote(value)}; accepted is {words}")


def _check_redirect(url: object) -> None:
    if url is None or url == "":
        return
    words = "accepted is a whole address (https://…) or a path (/thank-you)"
    if not isinstance(url, str) or len(url) > TEXT_LIMIT:
        raise _refusal("redirectUrl", f"is {_quote(url)}; {words}")
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_whole = False
    # Browsers read '/\host' and '//host' as another host.
    is_path = url.startswith("/") and not url.startswith(("//", "/\\"))
    if not (is_whole or is_path) or any(ord(c) < 33 or c == "\\" for c in url):
        raise _refusal("redirectUrl", f"is {_quote(url)}; {words}")


def _check_name(name: object, place: str) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _refusal(
            place,
            f"is {_quote(name)}; accepted are 1 to {NAME_LIMIT} letters, digits, '_', '-' or '.',"
            " for example EMAIL",
        )
    if name in RESERVED:
        raise _refusal(place, f"is '{name}', which the form sends itself; choose another")
    return name


def _check_text(owner: Mapping[str, Any], key: str, place: str) -> None:
    value = owner.get(key)
    if value is not None and (not isinstance(value, str) or len(value) > TEXT_LIMIT):
        raise _refusal(
            place, f"is {_quote(value)}; accepted is text of at most {TEXT_LIMIT} characters"
        )


def _check_flag(owner: Mapping[str, Any], key: str, place: str) -> None:
    value = owner.get(key)
    if value is not None and not isinstance(value, bool):
        raise _refusal(place, f"is {_quote(value)}; accepted is true or false")


def _quote(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _refusal(place: str, words: str) -> InvalidInputError:
    return InvalidInputError(f"{place} {words}", field=place)
