"""A vendor that answers once, and what was asked of it."""

import io
from typing import Any

import httpx
from python_multipart import parse_form

from posedeck.net.retry import RetryPolicy
from posedeck.net.transport import Transport

PNG, JPEG = b"\x89PNG\r\n\x1a\nrest", b"\xff\xd8\xff rest"


class Vendor:
    """Answers every request with the same response and keeps the last request."""

    def __init__(self, body: Any = None, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._response = {"status_code": status, "headers": headers or {}, "json": body}
        self.request: httpx.Request
        self.transport = Transport("vendor", inner=httpx.MockTransport(self._answer), policy=RetryPolicy(tries=1))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.request = request
        request.read()
        return httpx.Response(**self._response)  # type: ignore[arg-type]

    def uploaded(self) -> tuple[str, str, str, bytes]:
        """Field, file name, type and bytes of the file that was sent, read by an independent parser."""
        files: list[Any] = []
        content_type = self.request.headers["content-type"].encode()
        headers = {"Content-Type": content_type, "Content-Length": str(len(self.request.content)).encode()}
        parse_form(headers, io.BytesIO(self.request.content), lambda field: None, files.append)
        (file,) = files
        file.file_object.seek(0)
        return file.field_name.decode(), file.file_name.decode(), file.content_type, file.file_object.read()
