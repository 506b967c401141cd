"""JSON bodies, decoded into types whatever their content type says, with errors that quote what was
wrong. Shared by every door's hot paths and by the web application's routes."""

import json
import re
from typing import Any, Protocol, TypeVar

import msgspec

from footfall.errors import InvalidInputError, MissingFieldError

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Decoder(Protocol[T_co]):
    """What `msgspec.json.Decoder` does."""

    def decode(self, body: bytes, /) -> T_co:
        """Decode JSON into a type."""
        ...


QUOTE_LIMIT = 60
"""Characters of a bad value that an error repeats."""

_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_EXPECTED = re.compile(r"Expected `(?P<expected>[^`]+)`")
_UNKNOWN_TYPE = re.compile(r"Invalid value .* - at `\$\.?(?:.*\.)?type`\Z", re.DOTALL)
_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`\Z")
_STEP = re.compile(r"\[(?P<index>\d+)\]|(?P<name>[^.\[\]]+)")

WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def parse_json(decoder: Decoder[T], body: bytes, *, types: tuple[str, ...] = ()) -> T:
    """Decode a body; `types` are the accepted values of a field `type`.

    Raises InvalidInputError or MissingFieldError in words for the caller.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _explain(error, body, types) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        repaired = _repair(body, error)
    try:
        return decoder.decode(repaired)
    except msgspec.ValidationError as error:
        raise _explain(error, repaired, types) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInputError(f"it is not valid JSON: {error}") from None


def _repair(body: bytes, error: Exception) -> bytes:
    """Return a body without halves of characters: scripts that cut a title within an emoji send
    lone surrogates, and old servers send Latin-1. Only bodies that failed come here."""
    if not body.strip():
        raise InvalidInputError("it is empty; send a JSON object")
    try:
        value = json.loads(body.decode("utf-8-sig", "replace"), parse_constant=_refuse_constant)
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    except RecursionError:
        raise InvalidInputError("it is nested too deeply") from None
    except ValueError:
        raise InvalidInputError(f"it is not valid JSON: {error}") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _explain(
    error: msgspec.ValidationError, body: bytes, types: tuple[str, ...]
) -> InvalidInputError:
    message = str(error)
    found = _PLACE.search(message)
    place = found["place"] if found else ""
    if missing := _MISSING.match(message):
        return MissingFieldError(f"{place}.{missing['field']}" if place else missing["field"])
    value = _quote(body, place)
    if types and _UNKNOWN_TYPE.match(message):
        return InvalidInputError(f"unknown type {value}; accepted are {', '.join(types)}")
    if expected := _EXPECTED.match(message):
        words = [WORDS.get(word, word) for word in expected["expected"].split(" | ")]
        subject = f"field '{place}'" if place else "it"
        return InvalidInputError(
            f"{subject} is {value}; accepted is {' or '.join(words)}", field=place or None
        )
    return InvalidInputError(message, field=place or None)


def _quote(body: bytes, place: str) -> str:
    try:
        value: Any = msgspec.json.decode(body)
        for step in _STEP.finditer(place):
            value = value[int(step["index"])] if step["index"] else value[step["name"]]
    except (KeyError, IndexError, TypeError, ValueError, RecursionError, msgspec.DecodeError):
        # The decoder stops at the first mistake: what follows may not even be JSON.
        return "of another kind"
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= QUOTE_LIMIT else f"{text[:QUOTE_LIMIT]}…"
