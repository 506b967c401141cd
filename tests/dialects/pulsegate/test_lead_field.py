"""Names of fields in every case and with every separator mean the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.dialects.pulsegate.lead.field import NAMES, parse_form, parse_payload, read_text
from footfall.errors import InvalidInputError
from footfall.leads.lead import UNKNOWN_MS

SPELLINGS = st.sampled_from(
    [
        lambda text: text.lower(),
        lambda text: text.upper(),
        lambda text: text.title(),
        lambda text: "_".join(text.lower()),
        "-".join,
        lambda text: f"__{text.lower()}",
    ]
)


@given(field=st.sampled_from(sorted(NAMES)), spell=SPELLINGS, data=st.data())
def test_a_field_is_found_under_all_its_names(field: str, spell, data) -> None:  # type: ignore[no-untyped-def]
    name = data.draw(st.sampled_from(NAMES[field]))
    form = parse_form({spell(name): " value "})
    assert getattr(form, field) == "value"


@given(st.dictionaries(st.text(max_size=20), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
), max_size=8))  # fmt: skip
def test_whatever_is_sent_becomes_plain_text_that_can_be_stored(fields: dict[str, object]) -> None:
    form = parse_form(fields)
    for field in NAMES:
        text = getattr(form, field)
        assert "\x00" not in text
        assert "\n" not in text or field == "message"
    assert isinstance(json.loads(form.payload), dict)
    form.payload.encode()


@pytest.mark.parametrize(
    ("text", "elapsed_ms"),
    [
        ("4.2", 4_200),
        (4.2, 4_200),
        ("0", 0),
        ("-1", UNKNOWN_MS),
        ("nan", UNKNOWN_MS),
        ("inf", UNKNOWN_MS),
        ("soon", UNKNOWN_MS),
        ("", UNKNOWN_MS),
    ],
)
def test_elapsed_seconds_are_believed_when_they_can_be(text: object, elapsed_ms: int) -> None:
    assert parse_form({"__pg_tts": text}).elapsed_ms == elapsed_ms


def test_values_are_one_line_of_text() -> None:
    assert read_text("a\r\nBcc: x@example.com\x00") == "a Bcc: x@example.com"
    assert read_text(["a", "", None, 3]) == "a, 3"


def test_repeated_fields_keep_all_values() -> None:
    body = b"PROJECT=A&PROJECT=B"
    assert parse_payload("application/x-www-form-urlencoded", body) == {"PROJECT": ["A", "B"]}


def test_a_file_is_not_taken_but_named() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="cv"; filename="cv.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%PDF\r\n--x--\r\n"
    )
    assert parse_payload("multipart/form-data; boundary=x", body) == {"cv": "cv.pdf"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("text/plain", b"just words"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(400))),
        ("application/json", json.dumps({str(n): 1 for n in range(400)}).encode()),
    ],
)
def test_refuses_what_is_no_form(content_type: str, body: bytes) -> None:
    with pytest.raises(InvalidInputError):
        parse_payload(content_type, body)
