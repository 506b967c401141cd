"""The served scripts: what browsers and proxies are told about them."""

import gzip
import re
from typing import Any

import pytest

from footfall.scripts import load_script_files
from footfall.scripts.file import (
    CORE_PATH,
    PATHS,
    ScriptFile,
    find_module_path,
    load_file,
    parse_module_name,
)
from footfall.scripts.handler import ScriptFiles

FILES = load_script_files()
MODULES = [path for path in FILES.routes() if path not in PATHS.values()]


def ask(
    path: str = CORE_PATH, method: str = "GET", **asked: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask the handler and return status, headers by name, and body."""
    names = {name.replace("_", "-").encode(): value.encode() for name, value in asked.items()}
    status, headers, body = FILES.answer(method, path, names)
    return status, {name.decode(): value.decode() for name, value in headers}, body


def test_serves_the_core_for_a_day_to_any_page() -> None:
    status, headers, body = ask()
    assert status == 200
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["cache-control"] == "public, max-age=86400"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert int(headers["content-length"]) == len(body)


def test_core_is_at_most_1200_bytes_compressed() -> None:
    assert len(ask(accept_encoding="gzip")[2]) <= 1200


def test_packed_form_holds_the_same_script_under_its_own_tag() -> None:
    _, plain_headers, plain = ask()
    _, headers, packed = ask(accept_encoding="br;q=1, gzip;q=0.8")
    assert headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain_headers
    assert gzip.decompress(packed) == plain
    assert headers["etag"] != plain_headers["etag"]
    assert headers["vary"] == plain_headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "*;q=0", "gzip;q=x", "gzip;q=0, *"])
def test_sends_the_plain_form_when_gzip_is_not_accepted(accepted: str) -> None:
    assert "content-encoding" not in ask(accept_encoding=accepted)[1]


@pytest.mark.parametrize("accepted", ["gzip", "GZIP", "x-gzip", "*", "deflate, gzip;q=0.5"])
def test_sends_the_packed_form_when_gzip_is_accepted(accepted: str) -> None:
    assert ask(accept_encoding=accepted)[1]["content-encoding"] == "gzip"


def test_answers_304_to_whoever_has_this_form() -> None:
    etag = ask()[1]["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        status, headers, body = ask(if_none_match=known)
        assert (status, body, headers["etag"]) == (304, b"", etag)
        assert headers["cache-control"] == "public, max-age=86400"


def test_answers_in_full_to_whoever_has_the_other_form() -> None:
    etag = ask(accept_encoding="gzip")[1]["etag"]
    assert ask(if_none_match=etag)[0] == 200


def test_head_says_the_length_and_sends_nothing() -> None:
    status, headers, body = ask(method="HEAD")
    assert (status, body) == (200, b"")
    assert headers["content-length"] == ask()[1]["content-length"]


def test_refuses_to_be_written_to() -> None:
    status, headers, _ = ask(method="POST")
    assert (status, headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_modules_never_expire_because_their_names_change() -> None:
    assert {parse_module_name(path) for path in MODULES} == {
        "fingerprint",
        "modules",
        "player",
        "recorder",
        "survey",
        "vitals",
    }
    for path in MODULES:
        assert ask(path)[1]["cache-control"] == "public, max-age=31536000, immutable"


def test_core_of_yesterday_gets_the_modules_of_today_for_a_day() -> None:
    current = next(path for path in MODULES if "modules" in path)
    status, headers, body = ask("/api/script/modules-00000000.js")
    assert (status, body) == (200, ask(current)[2])
    assert headers["cache-control"] == "public, max-age=86400"


@pytest.mark.parametrize(
    "path",
    ["/api/script/", "/api/script/none-00000000.js", "/api/script/../script.js", "/modules.js"],
)
def test_knows_no_other_address(path: str) -> None:
    assert ask(path)[0] == 404


def test_scripts_name_files_that_exist() -> None:
    core = ask()[2].decode()
    (modules,) = re.findall(r"script/modules-[0-9a-f]{8}\.js", core)
    body = ask(f"/api/{modules}")[2].decode()
    lazy = re.findall(r"(?:vitals|survey)-[0-9a-f]{8}\.js", body)
    assert len(lazy) == 2
    tracker = ask("/tracker.js")[2].decode()
    lazy += re.findall(r"(?:fingerprint|recorder)-[0-9a-f]{8}\.js", tracker)
    # The player's pages are told its address by the server.
    lazy.append(find_module_path("player").rpartition("/")[2])
    assert {f"/api/{modules}", *(f"/api/script/{name}" for name in lazy)} == set(MODULES)


def test_a_file_is_found_by_its_name_whatever_its_hash(tmp_path: Any) -> None:
    (tmp_path / "player-0123abcd.js").write_text("")
    (tmp_path / "player-other-0123abcd.js").write_text("")
    assert find_module_path("player", tmp_path) == "/api/script/player-0123abcd.js"
    with pytest.raises(ValueError, match="'recorder' is no file"):
        find_module_path("recorder", tmp_path)


def test_refuses_a_built_file_without_an_address(tmp_path: Any) -> None:
    stray = tmp_path / "Stray.js"
    stray.write_text("")
    with pytest.raises(ValueError, match=r"'Stray\.js' is none of"):
        load_file(stray)


async def test_speaks_asgi() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("a script has no use for a body")

    app: ScriptFiles = FILES
    await app({"type": "http", "method": "GET", "path": CORE_PATH, "headers": []}, receive, send)
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    file = app.find(CORE_PATH)
    assert isinstance(file, ScriptFile)
    assert sent[1]["body"] == file.plain.body
