"""What strangers typed is shown without what turns or hides other text, and otherwise as it is."""

import pytest

from footfall.leads.plain import show_line, show_text

MARK = "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_direction_is_never_turned(code: int) -> None:
    assert show_text(f"a{chr(code)}b") == f"a{MARK}b"


@pytest.mark.parametrize("text", ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x85", "\u2028", "\ufeff"])
def test_controls_are_marked(text: str) -> None:
    assert show_text(f"a{text}b") == f"a{MARK}b"


@pytest.mark.parametrize(
    "text",
    [
        "Zoë O'Neill-Čapek <x>",
        "مُحَمَّد\u200f عَلِيّ",
        "\u05d3\u05d5\u05d3 (David)\u200e",
        "李小龍 👩\u200d🚀",
        "two\nlines\tand a tab",
    ],
)
def test_names_and_messages_of_all_languages_stay(text: str) -> None:
    assert show_text(text) == text


def test_a_line_has_no_breaks_and_an_end() -> None:
    assert show_line("  a\r\n b\tc ") == f"a{MARK} b c"
    assert show_line("abcdef", 4) == "abc…"
    assert show_line("abcd", 4) == "abcd"
