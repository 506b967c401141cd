"""What a form may consist of, and in which words anything else is refused."""

import json
from typing import Any

import pytest

from footfall.errors import InvalidInputError, TooLargeError
from footfall.forms.schema import parse_form

FIELD = {"name": "EMAIL", "label": "E-mail", "type": "email"}


def form(**parts: Any) -> dict[str, Any]:
    return {"fields": [FIELD], **parts}


def field(**parts: Any) -> dict[str, Any]:
    return form(fields=[{**FIELD, **parts}])


@pytest.mark.parametrize(
    "given",
    [
        form(),
        form(theme="dark", title="Enquire", successMessage="Thanks", recordSession=True),
        form(theme={"primaryColor": "#c0392b", "borderRadius": "4px", "fontFamily": "Georgia"}),
        form(theme={"background": "rgb(20, 30, 40)", "borderRadius": 0}),
        form(redirectUrl="/thank-you?from=form"),
        form(redirectUrl="https://shop.example/thanks"),
        form(hidden={"PROJECT": "Skyline", "SOURCE": 99}),
        form(layout={"unknown": ["to", "us"]}),
        field(type="select", options=["One", {"value": "2", "label": "Two"}]),
        field(type="text", pattern="[0-9]+", maxLength=10, defaultValue="1"),
        form(fields=[FIELD, {"name": "CTA", "type": "hidden", "defaultValue": "hero"}]),
    ],
)
def test_keeps_a_form_as_it_was_written(given: dict[str, Any]) -> None:
    assert json.loads(parse_form(given)) == given
    assert parse_form(json.dumps(given)) == parse_form(given)


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ([], "form_json", "is []; accepted is an object"),
        ("{", "form_json", "not valid JSON"),
        ('{"a": NaN}', "form_json", "NaN is not JSON"),
        ("[" * 60_000, "form_json", "nested too deeply"),
        ({}, "fields", "at least one field"),
        (form(fields=[]), "fields", "at least one field"),
        (form(fields=[FIELD] * 61), "fields", "61 entries"),
        (form(fields=[FIELD, FIELD]), "fields[1].name", "'EMAIL' again"),
        (form(fields=["EMAIL"]), "fields[0]", '"EMAIL"'),
        (field(name="__pg_hp"), "fields[0].name", "choose another"),
        (field(name="e mail"), "fields[0].name", "e mail"),
        (field(name=None), "fields[0].name", "null"),
        (field(label=" "), "fields[0].label", "must know"),
        (field(type="file"), "fields[0].type", '"file"; accepted are text, email'),
        (field(type="radio"), "fields[0].options", "missing or empty"),
        (field(type="select", options=[1]), "fields[0].options[0]", "is 1"),
        (field(required="yes"), "fields[0].required", "true or false"),
        (field(maxLength=0), "fields[0].maxLength", "is 0; accepted are 1 to 10000"),
        (field(maxLength=True), "fields[0].maxLength", "is true"),
        (field(pattern="x" * 301), "fields[0].pattern", "at most 300"),
        (field(defaultValue=[]), "fields[0].defaultValue", "is []"),
        (form(fields=[{"name": "A", "type": "hidden"}]), "fields", "all hidden"),
        (form(theme="neon"), "theme", '"neon"; accepted are light, dark, minimal'),
        (form(theme={"primaryColor": "url(//x)"}), "theme.primaryColor", "a colour"),
        (form(theme={"fontFamily": "x;}*{color:red"}), "theme.fontFamily", "fonts"),
        (form(theme={"borderRadius": "8px;x"}), "theme.borderRadius", "a length"),
        (form(redirectUrl="javascript:alert(1)"), "redirectUrl", "whole address"),
        (form(redirectUrl="//evil.example"), "redirectUrl", "whole address"),
        (form(redirectUrl="/\\evil.example"), "redirectUrl", "whole address"),
        (form(redirectUrl="/\t/evil.example"), "redirectUrl", "whole address"),
        (form(redirectUrl="thanks.html"), "redirectUrl", "whole address"),
        (form(hidden=["PROJECT"]), "hidden", "accepted is an object"),
        (form(hidden={"EMAIL": "x"}), "hidden.EMAIL", "a field as well"),
        (form(hidden={"siteKey": "x"}), "hidden.siteKey", "choose another"),
        (form(hidden={"X": {}}), "hidden.X", "accepted is text"),
        (form(title=5), "title", "is 5"),
        (form(recordSession=1), "recordSession", "true or false"),
    ],
)
def test_refuses_what_no_page_could_show(given: object, place: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_form(given)
    assert caught.value.field == place
    assert words in caught.value.message


def test_refuses_a_form_that_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        parse_form(form(extra="x" * 65_536))
    with pytest.raises(TooLargeError):
        parse_form('"' + "x" * 65_536 + '"')
