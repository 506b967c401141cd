"""Who may see what on the real server's pages: the operator, the holder of a key, strangers."""

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.acceptance.process import ADMIN_TOKEN, Server

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(
        tmp_path_factory.mktemp("sign-in") / "data", FOOTFALL_TRUSTED_PROXIES="127.0.0.0/8"
    )
    server.start()
    yield server
    assert server.stop() == 0


def sign_in(server: Server, secret: str) -> tuple[int, str]:
    status, headers, _ = server.request(
        "POST",
        "/dashboard/login",
        urlencode({"secret": secret}).encode(),
        {"Content-Type": "application/x-www-form-urlencoded", "Origin": server.url},
    )
    return status, headers.get("set-cookie", "").partition(";")[0]


def open_page(server: Server, path: str, cookie: str, **headers: str) -> tuple[int, str]:
    status, _, body = server.request("GET", path, headers={"Cookie": cookie, **headers})
    return status, body.decode()


def test_stranger_is_sent_to_the_login_page(server: Server) -> None:
    status, headers, _ = server.request("GET", "/dashboard/p/default")
    assert status == 303
    assert headers["location"].startswith("/dashboard/login")
    assert sign_in(server, "nonsense")[0] == 401


def test_operator_sees_every_project_and_what_the_server_sees(server: Server) -> None:
    server.add_project("Operators own", "own.test")
    status, cookie = sign_in(server, ADMIN_TOKEN)
    assert status == 303
    assert open_page(server, "/dashboard/p/operators-own", cookie)[0] == 200
    assert open_page(server, "/dashboard/p/default", cookie)[0] == 200
    path = "/dashboard/server"
    status, text = open_page(server, path, cookie, **{"X-Forwarded-For": "198.51.100.7"})
    assert status == 200
    assert "198.51.100.7" in text


def test_key_opens_its_own_project_until_it_is_revoked(server: Server) -> None:
    mine = server.add_project("Mine", "mine.test")
    server.add_project("Theirs", "theirs.test")
    status, cookie = sign_in(server, mine.query_key)
    assert status == 303
    assert open_page(server, "/dashboard/p/mine", cookie)[0] == 200
    assert open_page(server, "/dashboard/p/theirs", cookie)[0] == 404
    keys = server.admin("GET", f"/api/admin/projects/{mine.id}/keys")[1]["data"]
    (reader,) = [key for key in keys if key["scopes"] == ["query"]]
    assert server.admin("DELETE", f"/api/admin/keys/{reader['id']}")[0] == 204
    assert open_page(server, "/dashboard/p/mine", cookie)[0] == 303


def test_key_that_may_only_write_opens_no_page(server: Server) -> None:
    project = server.add_project("Writers", "writers.test")
    assert sign_in(server, project.ingest_key)[0] == 401


def test_query_api_refuses_strangers_and_other_projects(server: Server) -> None:
    mine, theirs = server.add_project("Api mine", "a.test"), server.add_project("Api", "b.test")
    question = {"project": theirs.id, "metrics": ["visitors"], "range": "7d"}
    assert server.request("POST", "/api/query", question)[0] == 401
    for key, expected in (("wrong", 401), (mine.query_key, 403), (theirs.ingest_key, 403)):
        headers = {"Authorization": f"Bearer {key}"}
        assert server.request("POST", "/api/query", question, headers)[0] == expected
    headers = {"Authorization": f"Bearer {theirs.query_key}"}
    assert server.request("POST", "/api/query", question, headers)[0] == 200


def test_pages_and_static_files_are_compressed_once(server: Server) -> None:
    _, cookie = sign_in(server, ADMIN_TOKEN)
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
    status, answer, body = server.request("GET", "/dashboard/p/default", headers=headers)
    assert (status, answer["content-encoding"]) == (200, "gzip")
    page = gzip.decompress(body).decode()
    match = re.search(r"/dashboard/static/[^\"]+\.js", page)
    assert match is not None
    plain = server.request("GET", match[0])[2]
    _, answer, packed = server.request("GET", match[0], headers={"Accept-Encoding": "gzip"})
    assert answer["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
