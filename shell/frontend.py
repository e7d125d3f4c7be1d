"""Streamlit's frontend, served so that a browser that has never seen it draws its first page early.

Streamlit reads each of its hundred small scripts from disk in a thread, sends it unpacked, and a browser learns only
while it draws which ones it lacks. Here they are answered from memory, packed once, and the document of a page names
from the start what our pages draw with. It also names the server's address, which the frontend would find by trying.
"""

import gzip
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

#: What the first screens of our pages draw with, by the names that Streamlit's build gives its scripts. Not the charts:
#: their script is larger than all others together, and compiling it early would hold up what stands above them.
DRAWN_WITH = (
    "BidiComponent",
    "Button",
    "ButtonGroup",
    "Checkbox",
    "DownloadButton",
    "Html",
    "ImageList",
    "Metric",
    "NumberInput",
    "PageLink",
    "Selectbox",
    "Slider",
    "Spinner",
)
_SCRIPTS, _ASSETS = "static/js", "static"
_IMPORTED = re.compile(r'\b(?:from|import)\s*["\'`]\./([\w.-]+\.js)["\'`]')
#: A page's path has one segment, so that all lies in the folder of its address, whatever stands before it.
_ADDRESS = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href }</script>'
#: Fewer bytes fit into the packet that carries the headers.
_SMALLEST_PACKED = 1000
#: The name of an asset holds a hash of what is in it.
_FOREVER = "public, immutable, max-age=31536000"


@dataclass(frozen=True)
class _File:
    body: bytes
    packed: bytes | None
    media_type: str
    caching: str

    @classmethod
    def of(cls, body: bytes, media_type: str, caching: str) -> "_File":
        packs = len(body) >= _SMALLEST_PACKED and not media_type.startswith(("font/", "image/"))
        return cls(body, gzip.compress(body, 6) if packs else None, media_type, caching)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {"cache-control": self.caching, "vary": "accept-encoding"}
        body = self.body
        if self.packed is not None and "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = self.packed
        await Response(body, headers=headers, media_type=self.media_type)(scope, receive, send)


class FrontendMiddleware:
    """Answers for the documents of the pages and for Streamlit's scripts, styles and fonts; all else goes on."""

    def __init__(self, app: ASGIApp, pages: Iterable[str]) -> None:
        """
        Args:
            app: What answers all else.
            pages: Names of the pages in the address; the page at the root need not be among them.
        """
        self._app = app
        folder = Path(file_util.get_static_dir())
        document = page_document(folder)
        self._document = _File.of(document.encode(), "text/html; charset=utf-8", "no-cache")
        self._pages = {f"/{name}" for name in ("", *pages)}
        self._assets = {f"/{path.relative_to(folder).as_posix()}": path for path in (folder / _ASSETS).rglob("*.*")}
        self._asset = cache(self._read)
        for name in _named_scripts(document):
            self._asset(f"/{_SCRIPTS}/{name}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" and scope["method"] == "GET" else None
        if path in self._pages:
            await self._document.answer(scope, receive, send)
        elif path in self._assets:
            await self._asset(path).answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _read(self, path: str) -> _File:
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return _File.of(self._assets[path].read_bytes(), media_type, _FOREVER)


def page_document(folder: Path) -> str:
    """The document of every page, from the folder of Streamlit's frontend."""
    document = (folder / "index.html").read_text("utf-8")
    wanted = {path.name for name in DRAWN_WITH for path in (folder / _SCRIPTS).glob(f"{name}.*.js")}
    links = "".join(
        f'<link rel="modulepreload" crossorigin href="./{_SCRIPTS}/{name}">\n'
        for name in sorted(_with_imports(folder / _SCRIPTS, wanted) - _named_scripts(document))
    )
    return document.replace("<head>", f"<head>\n{_ADDRESS}", 1).replace("</head>", f"{links}</head>", 1)


def _named_scripts(document: str) -> set[str]:
    return set(re.findall(rf"\./{_SCRIPTS}/([\w.-]+\.js)", document))


def _with_imports(folder: Path, names: set[str]) -> set[str]:
    """Scripts with all that they import, and that imports in turn."""
    found: set[str] = set()
    left = set(names)
    while left:
        found.add(name := left.pop())
        left |= set(_IMPORTED.findall((folder / name).read_text("utf-8"))) - found
    return found
