"""What is covered in recorded events, whatever their sender did."""

import gzip
import json
from typing import Any

import pytest

from footfall.errors import InvalidInputError, TooLargeError
from footfall.replay.chunk import UNPACKED_LIMIT_BYTES, make_chunk, mask_chunk, unpack_body
from footfall.replay.mask import cover_contacts

T = 1_772_366_400_000


def element(tag: str, attributes: dict[str, Any] | None = None, *children: Any) -> dict[str, Any]:
    return {
        "type": 2,
        "tagName": tag,
        "attributes": attributes or {},
        "childNodes": list(children),
        "id": 1,
    }


def text(content: str) -> dict[str, Any]:
    return {"type": 3, "textContent": content, "id": 2}


def snapshot(*nodes: Any) -> dict[str, Any]:
    root = {"type": 0, "childNodes": [element("html", {}, *nodes)], "id": 3}
    return {"type": 2, "timestamp": T, "data": {"node": root}}


def increment(source: int, ms: int = 0, **data: Any) -> dict[str, Any]:
    return {"type": 3, "timestamp": T + ms, "data": {"source": source, **data}}


def keep(*events: Any) -> str:
    return gzip.decompress(make_chunk(json.dumps(events).encode(), 1).packed).decode()


@pytest.mark.parametrize(
    "node",
    [
        element("input", {"type": "text", "value": "Secret"}),
        element("INPUT", {"value": "Secret"}),
        element("input", {"type": "hidden", "value": "Secret"}),
        element("input", {"type": "password", "value": "Secret"}),
        element("textarea", {"value": "Secret"}, text("Secret")),
        element("select", {"value": "Secret"}),
        element("div", {"contenteditable": "true"}, element("b", {}, text("Secret"))),
        element("div", {"contenteditable": ""}, text("Secret")),
    ],
)
def test_nothing_typed_is_kept(node: Any) -> None:
    added = increment(0, adds=[{"parentId": 1, "nextId": None, "node": node}])
    kept = keep(snapshot(element("form", {}, node)), added)
    assert "Secret" not in kept
    assert "form" in kept


def test_of_a_password_not_even_its_length_is_kept() -> None:
    kept = keep(snapshot(element("input", {"type": "password", "value": "Secret"})))
    assert "value" not in kept


def test_input_is_covered_and_its_length_stays() -> None:
    event = json.loads(keep(increment(5, id=7, text="Anna", isChecked=False)))[0]
    assert event["data"] == {"source": 5, "id": 7, "text": "****", "isChecked": False}


def test_changed_value_is_covered() -> None:
    changes = [{"id": 7, "attributes": {"value": "Anna", "class": "wide"}}]
    kept = keep(increment(0, texts=[], attributes=changes, removes=[], adds=[]))
    assert "Anna" not in kept
    assert '"class":"wide"' in kept


def test_words_of_the_page_stay() -> None:
    page = snapshot(
        element("h1", {}, text("Flats in Ulm")),
        element("input", {"type": "submit", "value": "Send"}),
        element("input", {"type": "radio", "value": "monthly"}),
        element("p", {"contenteditable": "false"}, text("Read me")),
        element("option", {"value": "two", "selected": True}, text("Two rooms")),
    )
    kept = keep(page)
    for word in ("Flats in Ulm", "Send", "monthly", "Read me", "Two rooms"):
        assert word in kept
    assert "selected" not in kept


def test_addresses_lose_what_may_carry_names() -> None:
    meta = {"type": 4, "timestamp": T, "data": {"href": "https://a.example/p?token=x#y"}}
    links = snapshot(
        element("a", {"href": "/p?token=1"}),
        element("area", {"href": "/p#token"}),
        element("form", {"action": "/p?token=1"}),
        element("link", {"rel": "stylesheet", "href": "/s.css?v=2"}),
    )
    raw = json.dumps([meta, links]).encode()
    chunk = make_chunk(raw, 1)
    assert chunk.pages == ("https://a.example/p",)
    assert b"token" not in gzip.decompress(chunk.packed)
    assert b"/s.css?v=2" in gzip.decompress(chunk.packed)


def test_what_could_act_is_dropped() -> None:
    kept = keep(
        snapshot(
            element("img", {"src": "x", "onerror": "steal()", "ONLOAD": "steal()"}),
            element("meta", {"http-equiv": "refresh", "content": "0;url=https://evil.example"}),
            element("iframe", {"srcdoc": "<script>steal()</script>"}),
        ),
        increment(0, attributes=[{"id": 1, "attributes": {"onclick": "steal()"}}]),
        {"type": 6, "timestamp": T, "data": {"plugin": "console", "payload": "steal()"}},
        {"type": 5, "timestamp": T, "data": {"tag": "steal"}},
        increment(9, property="steal"),
    )
    assert "steal" not in kept
    assert "evil" not in kept


def test_deep_page_is_walked() -> None:
    node = element("input", {"value": "Secret"})
    for _ in range(300):
        node = element("div", {}, node)
    assert "Secret" not in keep(snapshot(node))


def test_page_nested_beyond_reason_is_refused_in_words() -> None:
    deep = b'[{"type":2,"timestamp":1,"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}]"
    with pytest.raises(InvalidInputError, match="events"):
        make_chunk(deep, 1)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "events has 0 entries; accepted are 1 to"),
        ({"type": 2}, "Expected `array`"),
        ([{"type": 2}], "timestamp"),
        ([{"type": 2, "timestamp": -1}], r"events\[0\].timestamp is -1"),
        ([{"type": "x", "timestamp": 1}], "Expected `int`"),
    ],
)
def test_says_what_is_wrong(body: Any, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        make_chunk(json.dumps(body).encode(), 1)


@pytest.mark.parametrize("seq", [-1, 1 << 53])
def test_number_beyond_what_browsers_count_is_refused(seq: int) -> None:
    with pytest.raises(InvalidInputError, match=f"seq is {seq}"):
        make_chunk(json.dumps([snapshot()]).encode(), seq)


def test_piece_without_a_number_is_itself_again() -> None:
    raw = json.dumps([snapshot()]).encode()
    assert make_chunk(raw, None) == make_chunk(raw, None)
    other = json.dumps([snapshot(text("x"))]).encode()
    assert make_chunk(raw, None).seq != make_chunk(other, None).seq


def test_events_are_kept_in_order_of_time() -> None:
    kept = json.loads(keep(increment(5, 9, text=""), increment(5, 3, text="")))
    assert [event["timestamp"] - T for event in kept] == [3, 9]


def test_bomb_is_refused_before_it_grows() -> None:
    bomb = gzip.compress(b" " * (UNPACKED_LIMIT_BYTES + 1))
    assert len(bomb) < 10_000
    with pytest.raises(TooLargeError, match="unpacked"):
        unpack_body(bomb)


def test_half_a_body_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="ends too early"):
        unpack_body(gzip.compress(b"{}" * 100)[:-12])
    with pytest.raises(InvalidInputError, match="is none"):
        unpack_body(b"\x1f\x8bnothing")
    assert unpack_body(gzip.compress(b"{}")) == b"{}"
    assert unpack_body(b"{}") == b"{}"


@pytest.mark.parametrize(
    ("shown", "covered"),
    [
        ("Write to rita@example.com now", "Write to r***@example.com now"),
        ("Call +49 731 123 4567.", "Call ********4567."),
        ("Call (0731) 123-45-67", "Call *******4567"),
        ("From 1.250.000 € or 12 rooms", "From 1.250.000 € or 12 rooms"),
        ("2026-11-21", "2026-11-21"),
    ],
)
def test_contacts_are_covered_for_those_who_may_not_see_them(shown: str, covered: str) -> None:
    assert cover_contacts(shown) == covered


def test_contacts_are_covered_wherever_a_page_shows_them() -> None:
    mail = "rita@example.com"
    chunk = make_chunk(
        json.dumps(
            [
                snapshot(element("a", {"href": f"mailto:{mail}", "title": mail}, text(mail))),
                increment(0, texts=[{"id": 1, "value": mail}]),
                increment(0, attributes=[{"id": 1, "attributes": {"alt": mail}}]),
                increment(0, adds=[{"parentId": 1, "node": text(mail)}]),
            ]
        ).encode(),
        1,
    )
    assert gzip.decompress(chunk.packed).count(b"rita@") == 6
    assert b"rita@" not in gzip.decompress(mask_chunk(chunk.packed))
