"""A vendor on the loopback address that answers every POST as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

#: Reads a request and gives status and JSON of its answer; None breaks the line.
Script = Callable[[BaseHTTPRequestHandler], tuple[int, Any] | None]


@contextmanager
def scripted_vendor(script: Script) -> Iterator[str]:
    """Base URL of a vendor that answers by a script, for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = script(self)
            if answer is None:
                self.close_connection = True
                return
            status, body = answer
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read_body(request: BaseHTTPRequestHandler) -> bytes:
    """The whole body of a request."""
    return request.rfile.read(int(request.headers["Content-Length"]))


@contextmanager
def vendor(body: Any, status: int = 200) -> Iterator[str]:
    """Base URL of a vendor that answers every POST with the same JSON."""

    def script(request: BaseHTTPRequestHandler) -> tuple[int, Any]:
        read_body(request)
        return status, body

    with scripted_vendor(script) as url:
        yield url
