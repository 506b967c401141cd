"""CSV lines: RFC 4180, and nothing that a spreadsheet would run."""

import csv
import io

import pytest

from footfall.http.csv import render_csv_line


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (("a", 1, 2.5, None, ""), "a,1,2.5,,\r\n"),
        (("a,b", 'say "hi"', "two\nlines"), '"a,b","say ""hi""","two\nlines"\r\n'),
        (("=1+1", "+1", "-1", "@SUM(A1)"), "'=1+1,'+1,'-1,'@SUM(A1)\r\n"),
        (
            ("\t=1", "\r=1", '=HYPERLINK("x","y")'),
            '\'\t=1,"\'\r=1","\'=HYPERLINK(""x"",""y"")"\r\n',
        ),
        ((-1, -2.5, " x"), '-1,-2.5," x"\r\n'),
        (("größe", "🦉"), "größe,🦉\r\n"),
    ],
)
def test_fields_are_quoted_and_disarmed(values: tuple[object, ...], line: str) -> None:
    assert render_csv_line(values) == line  # type: ignore[arg-type]


def test_a_reader_of_csv_gets_back_what_was_written() -> None:
    values = ["a", "", 'q"', "c,d", "e\r\nf", " g ", "ü"]
    assert next(csv.reader(io.StringIO(render_csv_line(values), newline=""))) == values
