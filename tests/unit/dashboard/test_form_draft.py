"""The editor's fields and the form they stand for."""

import json

from footfall.dashboard.form_draft import make_draft, read_draft, render_content
from footfall.forms.site import Form

CONTENT = {
    "title": "Enquire",
    "theme": {"primaryColor": "#0f766e", "fontFamily": "Georgia"},
    "hidden": {"PROJECT": "Skyline", "NOTE": "a=b"},
    "fields": [
        {"name": "A", "type": "text", "label": "A", "pattern": "[0-9]+", "required": True},
        {"name": "B", "type": "radio", "label": "B", "options": ["One", "Two"]},
        {"name": "C", "type": "select", "label": "C", "options": [{"value": "1", "label": "x"}]},
    ],
    "somethingOfTheirs": {"kept": True},
}


def make_form() -> Form:
    return Form(1, 1, "enquiry", "Enquiry", True, json.dumps(CONTENT), 0, 0)


def test_what_nobody_changes_stays_as_it_was() -> None:
    assert render_content(make_draft(make_form()), CONTENT) == CONTENT


def test_a_field_comes_and_goes_on_its_wish() -> None:
    sent = {
        "field": ["f1", "f3"],
        "f1.name": ["A"],
        "f1.required": ["1"],
        "f3.name": ["C"],
        "theme": ["dark"],
    }
    added = read_draft({**sent, "do": ["add"]})
    assert [one.id for one in added.fields] == ["f1", "f3", "f2"]
    assert [one.is_required for one in added.fields] == [True, False, False]
    assert [one.id for one in read_draft({**sent, "do": ["remove f1"]}).fields] == ["f3"]
    last = read_draft({"field": ["f1"], "do": ["remove f1"]})
    assert [one.id for one in last.fields] == ["f1"]


def test_a_broken_rest_costs_only_itself() -> None:
    draft = read_draft({"field": ["f1"], "f1.name": ["A"], "f1.type": ["text"], "f1.rest": ["{"]})
    assert render_content(draft, {})["fields"] == [{"name": "A", "type": "text"}]
