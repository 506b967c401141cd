"""The real ClickHouse engine (chdb) behind the part of ClickHouse's HTTP interface that
clickhouse-connect uses, so that the real client talks to the real engine without a server.
Run as a program: it prints the port it listens on. One query at a time; tests need no more."""

import gzip
import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import chdb
import lz4.frame
from chdb.state.sqlitelike import Connection

_NO_SETTINGS = frozenset(
    {
        "query",
        "database",
        "query_id",
        "session_id",
        "default_format",
        "client_protocol_version",
        "enable_http_compression",
        "http_zlib_compression_level",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "wait_end_of_query",
        "compress",
        "decompress",
        "buffer_size",
        "cancel_http_readonly_queries_on_client_close",
        "user",
        "password",
    }
)
_INSERT = re.compile(
    rb"\A\s*INSERT\s+INTO\s.*?\sFORMAT\s+(\w+)[ \t]*\n?", re.IGNORECASE | re.DOTALL
)
_FORMAT = re.compile(r"\sFORMAT\s+(\w+)\s*;?\s*\Z", re.IGNORECASE)
_CODE = re.compile(r"Code: (\d+)")


class Engine:
    """One chdb connection under a lock; settings of a request hold for that request only."""

    def __init__(self, folder: str) -> None:
        self._connection: Connection = chdb.connect(folder)
        self._lock = threading.Lock()
        self._settings: dict[str, str] = {}

    def run(self, query: bytes, body: bytes, params: dict[str, str]) -> bytes:
        """Run a query, or an insert whose rows follow its FORMAT, and return the raw answer."""
        settings = {
            k: v for k, v in params.items() if k not in _NO_SETTINGS and not k.startswith("param_")
        }
        values = {k[6:]: v for k, v in params.items() if k.startswith("param_")}
        with self._lock:
            database = params.get("database") or "default"
            self._connection.query(f"USE `{database}`")
            self._set(settings)
            return self._run(query, body, values, params.get("default_format", "TabSeparated"))

    def _set(self, settings: dict[str, str]) -> None:
        """Put these settings in the place of those of the request before."""
        for name in self._settings.keys() - settings.keys():
            self._connection.query(f"SET {name} = DEFAULT")
            del self._settings[name]
        for name, value in settings.items():
            if self._settings.get(name) != value:
                self._connection.query(f"SET {name} = {_quote(value)}")
                self._settings[name] = value

    def _run(self, query: bytes, body: bytes, values: dict[str, str], fmt: str) -> bytes:
        whole = query + (b"\n" if query and body else b"") + body
        insert = _INSERT.match(whole)
        if insert:
            return self._insert(insert, whole[insert.end() :])
        text = whole.decode()
        found = _FORMAT.search(text)
        if found:
            fmt, text = found.group(1), text[: found.start()]
        result = self._connection.query(text, fmt, params=values or None)
        return bytes(result.bytes() or b"")

    def _insert(self, insert: re.Match[bytes], rows: bytes) -> bytes:
        # chdb takes rows of INSERT … FORMAT only through its streaming call.
        statement = insert.group(0).decode().rstrip()
        statement = statement[: statement.upper().rindex("FORMAT")].rstrip()
        if rows.strip():
            with self._connection.send_insert(statement, insert.group(1).decode()) as inserter:
                inserter.append(rows)
                inserter.finish()
        return b""


def _quote(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _unpack(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.decompress(body)
    if encoding == "lz4":
        return bytes(lz4.frame.decompress(body))
    if encoding:
        raise ValueError(f"Content-Encoding '{encoding}' is not understood here")
    return body


class Handler(BaseHTTPRequestHandler):
    """Answers GET and POST as ClickHouse's HTTP handler does."""

    protocol_version = "HTTP/1.1"
    # An answer in two pieces waits 40 ms between them for the client's delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    engine: Engine

    def do_GET(self) -> None:
        """Answer `/ping` and queries in the URL."""
        self._answer()

    def do_POST(self) -> None:
        """Answer queries in the URL or the body, and inserts."""
        self._answer()

    def _answer(self) -> None:
        url = urlsplit(self.path)
        params = dict(parse_qsl(url.query, keep_blank_values=True))
        body = self._read_body()
        if url.path == "/ping":
            self._send(200, b"Ok.\n", {})
            return
        try:
            body = _unpack(body, self.headers.get("Content-Encoding", ""))
            answer = self.engine.run(params.pop("query", "").encode(), body, params)
        except Exception as error:
            code = _CODE.search(str(error))
            self._send(
                500,
                f"{error}\n".encode(),
                {"X-ClickHouse-Exception-Code": code.group(1) if code else "1"},
            )
            return
        summary = json.dumps({"read_rows": "0", "written_rows": "0", "result_rows": "0"})
        self._send(200, answer, {"X-ClickHouse-Summary": summary, "X-ClickHouse-Timezone": "UTC"})

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep quiet."""


def main(folder: str) -> None:
    """Serve until the parent closes our standard input."""
    Handler.engine = Engine(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)  # noqa: T201
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    # The engine takes its time to shut down, and its data is thrown away.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
