"""What is covered in recorded events before they are kept, whatever the sender did: typed text,
query strings of addresses, and what could act in a page. For readers who may not know who somebody
is, mail addresses and phone numbers are covered too.

The events are rrweb's (its `EventType`, `IncrementalSource`, `NodeType`): a tree of nodes in a
snapshot, nodes added and attributes changed by mutations, values put into fields by inputs."""

import re
from collections.abc import Iterator
from typing import Any, Final

from footfall.leads.mask import mask_email, mask_phone

SNAPSHOT: Final = 2
INCREMENT: Final = 3
META: Final = 4
KINDS_KEPT: Final = frozenset({0, 1, SNAPSHOT, INCREMENT, META})
"""Of rrweb's types. Custom events and what plugins send (a console, say) are nobody's picture."""

MUTATION: Final = 0
INPUT: Final = 5
CANVAS: Final = 9
FONT: Final = 10
SOURCES_DROPPED: Final = frozenset({CANVAS, FONT})

ELEMENT: Final = 2
TEXT: Final = 3

STAR: Final = "*"

_FIELDS = frozenset({"input", "textarea", "select", "option"})
_WORDED = frozenset({"submit", "button", "reset", "image", "radio", "checkbox"})
"""Inputs whose value is the page's own."""

_LINKS = {"a": "href", "area": "href", "form": "action"}
"""Where a page would lead: no part of its picture."""

_EDITABLE = frozenset({"", "true", "plaintext-only"})

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\(?\d(?:[\s().\-/]{0,2}\d){8,14}")
"""Nine digits or more in a row, however they are grouped."""

_READ_ATTRIBUTES = frozenset({"title", "alt", "aria-label", "placeholder", "value", "content"})

Node = dict[str, Any]


def mask_typed(kind: int, data: Any) -> Any:
    """Cover what was typed and defuse what could act, in place; return the data.

    Data that are not of rrweb's shape come back as they are: a player ignores them.
    """
    if not isinstance(data, dict):
        return data
    if kind == META and isinstance(data.get("href"), str):
        data["href"] = cut_address(data["href"])
    elif kind == SNAPSHOT:
        _mask_tree(data.get("node"))
    elif kind == INCREMENT and data.get("source") == INPUT:
        if isinstance(data.get("text"), str):
            data["text"] = _cover(data["text"])
    elif kind == INCREMENT and data.get("source") == MUTATION:
        for added in _dicts(data.get("adds")):
            _mask_tree(added.get("node"))
        for changed in _dicts(data.get("attributes")):
            attributes = changed.get("attributes")
            if isinstance(attributes, dict):
                _mask_attributes("", attributes, has_value=True)
    return data


def mask_contacts(kind: int, data: Any) -> Any:
    """Cover mail addresses and phone numbers that the page showed, in place; return the data."""
    if not isinstance(data, dict):
        return data
    if kind == SNAPSHOT:
        _mask_contacts_of_tree(data.get("node"))
    elif kind == INCREMENT and data.get("source") == MUTATION:
        for added in _dicts(data.get("adds")):
            _mask_contacts_of_tree(added.get("node"))
        for changed in _dicts(data.get("texts")):
            if isinstance(changed.get("value"), str):
                changed["value"] = cover_contacts(changed["value"])
        for changed in _dicts(data.get("attributes")):
            _mask_contacts_of_attributes(changed.get("attributes"))
    return data


def cover_contacts(text: str) -> str:
    """Return a text with its mail addresses and phone numbers covered."""
    if "@" in text:
        text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
    return _PHONE.sub(lambda found: mask_phone(found[0]), text)


def cut_address(url: str) -> str:
    """Return an address without query string and fragment: they may carry tokens and names."""
    return url.partition("#")[0].partition("?")[0]


def _cover(text: str) -> str:
    return STAR * len(text)


def _dicts(values: Any) -> Iterator[Node]:
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, dict))


def _mask_tree(root: Any) -> None:
    """Walk a tree with a stack: a page may be nested deeper than Python calls."""
    waiting: list[tuple[Any, bool]] = [(root, False)]
    while waiting:
        node, is_typed = waiting.pop()
        if not isinstance(node, dict):
            continue
        if node.get("type") == TEXT and is_typed and isinstance(node.get("textContent"), str):
            node["textContent"] = _cover(node["textContent"])
        tag = str(node.get("tagName", "")).lower()
        attributes = node.get("attributes")
        if isinstance(attributes, dict):
            _mask_attributes(tag, attributes, has_value=tag in _FIELDS)
            editable = attributes.get("contenteditable")
            if editable is not None:
                is_typed = editable is True or str(editable).lower() in _EDITABLE
        is_typed = is_typed or tag == "textarea"
        children = node.get("childNodes")
        if isinstance(children, list):
            waiting += [(child, is_typed) for child in children]


def _mask_attributes(tag: str, attributes: Node, *, has_value: bool) -> None:
    kind = str(attributes.get("type", "")).lower()
    for name in [name for name in attributes if name[:2].lower() == "on"]:
        del attributes[name]
    if tag == "meta" and "http-equiv" in attributes:
        attributes.pop("content", None)
    attributes.pop("srcdoc", None)
    link = _LINKS.get(tag, "")
    if isinstance(attributes.get(link), str):
        attributes[link] = cut_address(attributes[link])
    if not has_value or (tag == "input" and kind in _WORDED):
        return
    value = attributes.get("value")
    if kind == "password":
        attributes.pop("value", None)
    elif isinstance(value, str) and tag != "option":
        attributes["value"] = _cover(value)
    attributes.pop("selected", None)


def _mask_contacts_of_tree(root: Any) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        if node.get("type") == TEXT and isinstance(node.get("textContent"), str):
            node["textContent"] = cover_contacts(node["textContent"])
        _mask_contacts_of_attributes(node.get("attributes"))
        children = node.get("childNodes")
        if isinstance(children, list):
            waiting += children


def _mask_contacts_of_attributes(attributes: Any) -> None:
    if not isinstance(attributes, dict):
        return
    for name, value in attributes.items():
        if not isinstance(value, str):
            continue
        if name in _READ_ATTRIBUTES:
            attributes[name] = cover_contacts(value)
        elif name == "href" and value[:7].lower().startswith(("mailto:", "tel:")):
            attributes[name] = ""
