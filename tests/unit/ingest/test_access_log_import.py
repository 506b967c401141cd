"""From a file to records: order, ids, damaged lines, gzip."""

import gzip
from pathlib import Path

import pytest

from footfall.ingest import access_log_file, access_log_import
from footfall.ingest.access_log_file import AccessLogFile
from footfall.ingest.access_log_import import ImportRecord, Tally, read_pageviews


def line(second: int, path: str = "/", *, ip: str = "203.0.113.9") -> bytes:
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return (
        f'{ip} - - [17/May/2015:{clock} +0000] "GET {path} HTTP/1.1" 200 5 "-" "Agent/1"\n'
    ).encode()


def read(path: Path, site: str = "site.example") -> tuple[list[ImportRecord], Tally]:
    tally = Tally()
    with AccessLogFile(path) as log:
        return list(read_pageviews(log, site, tally)), tally


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


def test_counts_lines_requests_pageviews_and_damages(log: Path) -> None:
    log.write_bytes(line(1) + b"\n" + b"what\n" + line(2, "/a.css") + line(3, "/b?x=1")[:-1])
    records, tally = read(log)
    assert [r.url for r in records] == ["http://site.example/", "http://site.example/b?x=1"]
    assert (tally.lines, tally.blank, tally.requests, tally.pageviews) == (5, 1, 3, 2)
    assert tally.damaged == 1
    assert tally.damaged_lines[0][0] == 3


def test_gives_pageviews_oldest_first(log: Path) -> None:
    log.write_bytes(line(50, "/late") + line(10, "/early") + line(30, "/mid"))
    assert [r.url[-3:] for r in read(log)[0]] == ["rly", "mid", "ate"]


def test_orders_with_a_window_smaller_than_the_file(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log_import, "REORDER_PAGEVIEWS", 4)
    seconds = [3, 1, 2, 0, 5, 4, 7, 6, 9, 8, 11, 10]
    log.write_bytes(b"".join(line(s) for s in seconds))
    times = [r.ts_us for r in read(log)[0]]
    assert times == sorted(times)
    assert len(times) == 12


def test_keeps_the_order_of_one_sender_within_a_second(log: Path) -> None:
    log.write_bytes(line(1, "/a") + line(1, "/b", ip="203.0.113.1") + line(1, "/c") + line(2, "/d"))
    records, _ = read(log)
    start = records[0].ts_us
    assert [(r.url[-1], r.ts_us - start) for r in records] == [
        *(("a", 0), ("b", 0), ("c", 1), ("d", 1_000_000))
    ]


def test_equal_lines_have_ids_of_their_own_that_a_grown_file_keeps(log: Path) -> None:
    log.write_bytes(line(1) + line(1))
    first = [r.client_id for r in read(log)[0]]
    log.write_bytes(line(1) + line(1) + line(1) + line(2))
    grown = [r.client_id for r in read(log)[0]]
    assert len(set(grown)) == 4
    assert grown[:2] == first


def test_reads_gzip_whatever_the_name_is(log: Path) -> None:
    log.write_bytes(gzip.compress(line(1)) + gzip.compress(line(2)))
    assert read(log)[1].pageviews == 2


def test_a_cut_gzip_file_gives_what_it_has_and_one_damaged_line(log: Path) -> None:
    whole = gzip.compress(b"".join(line(s % 80_000, f"/{s * 7919}") for s in range(5_000)))
    log.write_bytes(whole[: len(whole) // 2])
    records, tally = read(log)
    assert 0 < len(records) < 5_000
    assert tally.damaged == 1
    assert "compressed" in tally.damaged_lines[0][1]


def test_a_line_without_end_is_damaged_and_reading_goes_on(log: Path) -> None:
    long = b"x" * (access_log_file.MAX_LINE_BYTES * 3)
    log.write_bytes(line(1) + long + b"\n" + line(2))
    _, tally = read(log)
    assert (tally.lines, tally.pageviews, tally.damaged) == (3, 2, 1)
    assert tally.damaged_lines == [(2, "the line is longer than 65536 bytes")]


def test_reads_windows_line_ends_as_the_same_line(log: Path) -> None:
    log.write_bytes(line(1).replace(b"\n", b"\r\n"))
    records, _ = read(log)
    log.write_bytes(line(1))
    assert read(log)[0] == records


def test_names_only_so_many_damaged_lines(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log_import, "DAMAGED_SHOWN", 2)
    log.write_bytes(b"no\n" * 5)
    _, tally = read(log)
    assert tally.damaged == 5
    assert [number for number, _ in tally.damaged_lines] == [1, 2]


def test_the_host_of_the_line_goes_before_the_given_site(log: Path) -> None:
    log.write_bytes(b"other.example:443 " + line(1))
    assert read(log)[0][0].site == "other.example"
