"""The editor of a lead form: its fields as text, as a browser sends them and as a template shows
them, and the form they stand for. What the editor does not know of a form stays as it was; limits
are checked where forms are kept."""

import json
from dataclasses import dataclass, field
from typing import Any

from footfall.dashboard.sign_in import read_field
from footfall.forms.site import Form

Fields = dict[str, list[str]]

TYPE_TITLES = {
    "text": "One line of text",
    "email": "E-mail address",
    "tel": "Phone number",
    "textarea": "Several lines of text",
    "select": "Choice from a list",
    "radio": "Choice of few",
    "checkbox": "Box to tick",
    "hidden": "Sent along unseen",
}
THEME_TITLES = {
    "light": "Light",
    "dark": "Dark",
    "minimal": "As the page",
    "own": "Own colours",
}
DEFAULT_COLOR = "#3b5bdb"

_TEXTS = {
    "title": "title",
    "subtitle": "subtitle",
    "submit": "submitLabel",
    "success": "successMessage",
    "redirect": "redirectUrl",
}


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """One field of the form."""

    id: str
    name: str = ""
    label: str = ""
    type: str = "text"
    placeholder: str = ""
    hint: str = ""
    options: str = ""
    """One a line."""
    is_required: bool = False
    rest: str = "{}"
    """What the editor does not show, as JSON."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """A form as text."""

    form_id: str = ""
    name: str = ""
    title: str = "Ask us"
    subtitle: str = ""
    submit: str = ""
    success: str = ""
    redirect: str = ""
    theme: str = "light"
    color: str = DEFAULT_COLOR
    hidden: str = "SOURCE=WebSite"
    """One 'NAME=value' a line."""
    fields: tuple[FieldDraft, ...] = field(
        default_factory=lambda: (
            FieldDraft("f1", "FIRSTNAME", "Your name", is_required=True),
            FieldDraft("f2", "EMAIL", "E-mail", "email", is_required=True),
            FieldDraft("f3", "USER_MESSAGE", "Message", "textarea"),
        )
    )


def read_draft(sent: Fields) -> FormDraft:
    """Return what a browser sent; a field was removed or added on its wish."""
    ids = sent.get("field", [])
    drafts = [_read_field_draft(sent, id_) for id_ in ids]
    wish, _, which = read_field(sent, "do").partition(" ")
    if wish == "remove" and len(drafts) > 1:
        drafts = [draft for draft in drafts if draft.id != which]
    if wish == "add":
        number = next(n for n in range(1, len(ids) + 2) if f"f{n}" not in ids)
        drafts.append(FieldDraft(f"f{number}"))
    names = ("form_id", "name", *_TEXTS, "theme", "color", "hidden")
    return FormDraft(**{n: read_field(sent, n) for n in names}, fields=tuple(drafts))


def make_draft(form: Form) -> FormDraft:
    """Return a form as the editor shows it."""
    content = json.loads(form.content)
    theme = content.get("theme") or "light"
    own = theme if isinstance(theme, dict) else {}
    return FormDraft(
        form_id=form.form_id,
        name=form.name,
        **{draft: content.get(key) or "" for draft, key in _TEXTS.items()},
        theme="own" if own else theme,
        color=own.get("primaryColor") or DEFAULT_COLOR,
        hidden="\n".join(f"{k}={v}" for k, v in (content.get("hidden") or {}).items()),
        fields=tuple(
            _make_field_draft(f"f{n}", one) for n, one in enumerate(content["fields"], start=1)
        ),
    )


def render_content(draft: FormDraft, kept: dict[str, Any]) -> dict[str, Any]:
    """Return the form that a draft stands for; `kept` is the form as it was, {} for a new one."""
    texts = {key: getattr(draft, name).strip() for name, key in _TEXTS.items()}
    own = kept["theme"] if isinstance(kept.get("theme"), dict) else {}
    changed = {
        **texts,
        "theme": {**own, "primaryColor": draft.color} if draft.theme == "own" else draft.theme,
        "hidden": dict(_split_hidden(draft.hidden)),
        "fields": [_render_field(one) for one in draft.fields],
    }
    whole = {**kept, **changed}
    return {key: value for key, value in whole.items() if value not in ("", {})}


def _split_hidden(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _read_field_draft(sent: Fields, id_: str) -> FieldDraft:
    names = ("name", "label", "type", "placeholder", "hint", "options", "rest")
    texts = {name: read_field(sent, f"{id_}.{name}") for name in names}
    return FieldDraft(id_, **texts, is_required=f"{id_}.required" in sent)


_SHOWN = frozenset({"name", "label", "type", "placeholder", "hint", "options", "required"})


def _make_field_draft(id_: str, given: dict[str, Any]) -> FieldDraft:
    options = given.get("options") or []
    are_plain = all(isinstance(option, str) for option in options)
    rest = {k: v for k, v in given.items() if k not in _SHOWN or (k == "options" and not are_plain)}
    return FieldDraft(
        id=id_,
        **{n: given.get(n) or "" for n in ("name", "label", "placeholder", "hint")},
        type=given.get("type") or "text",
        options="\n".join(options) if are_plain else "",
        is_required=bool(given.get("required")),
        rest=json.dumps(rest, ensure_ascii=False),
    )


def _render_field(draft: FieldDraft) -> dict[str, Any]:
    try:
        rest = json.loads(draft.rest or "{}")
    except ValueError:
        rest = {}
    options = [line.strip() for line in draft.options.splitlines() if line.strip()]
    texts = {n: getattr(draft, n).strip() for n in ("label", "placeholder", "hint")}
    return {
        **(rest if isinstance(rest, dict) else {}),
        "name": draft.name.strip(),
        "type": draft.type,
        **{name: text for name, text in texts.items() if text},
        **({"required": True} if draft.is_required and draft.type != "hidden" else {}),
        **({"options": options} if options else {}),
    }
