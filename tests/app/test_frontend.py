"""The frontend as a browser gets it first: named whole in the document, packed once, everything else left alone."""

import asyncio
import gzip
import re
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from streamlit import file_util

from shell.frontend import DRAWN_WITH, FrontendMiddleware, page_document

FOLDER = Path(file_util.get_static_dir())
SCRIPTS = FOLDER / "static" / "js"


@pytest.fixture(scope="module")
def app() -> FrontendMiddleware:
    """The frontend before an app that answers whatever it is asked."""
    return FrontendMiddleware(PlainTextResponse("from the app"), pages=["posture", "soccer"])


def ask(app: FrontendMiddleware, path: str, *, method: str = "GET", accept: str = "gzip") -> httpx.Response:
    """One answer, its body as it was sent."""

    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            return await client.request(method, path, headers={"accept-encoding": accept})

    return asyncio.run(answer())


def named(document: str) -> set[str]:
    """Scripts that a document names."""
    return set(re.findall(r'(?:src|href)="\./static/js/([^"]+)"', document))


@pytest.mark.parametrize("name", DRAWN_WITH)
def test_streamlit_still_has_what_we_name(name: str) -> None:
    """A newer Streamlit that calls its scripts otherwise would make us name nothing."""
    assert len(list(SCRIPTS.glob(f"{name}.*.js"))) == 1


def test_a_document_names_all_that_its_scripts_import() -> None:
    """No script of the first screen is found only while another one is read."""
    scripts = named(page_document(FOLDER))
    for script in scripts:
        imported = set(re.findall(r'(?:from|import)"\./([^"]+\.js)"', (SCRIPTS / script).read_text("utf-8")))
        assert imported <= scripts


def test_the_large_script_of_charts_is_not_named(app: FrontendMiddleware) -> None:
    """It is larger than all others together, and what stands above the charts need not wait for it."""
    scripts = named(ask(app, "/posture").text)
    assert sum((SCRIPTS / script).stat().st_size for script in scripts) < 4_000_000


@pytest.mark.parametrize("path", ["/", "/posture"])
def test_a_document_is_asked_for_each_time_and_tells_the_address_first(app: FrontendMiddleware, path: str) -> None:
    """The frontend reads the address when its first script runs."""
    answer = ask(app, path)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/html")
    assert 0 < answer.text.index("BACKEND_BASE_URL") < answer.text.index("<script type=")


def test_an_asset_is_packed_for_who_can_unpack_it_and_kept_for_ever(app: FrontendMiddleware) -> None:
    """Its bytes are Streamlit's either way."""
    file = next(SCRIPTS.glob("BidiComponent.*.js"))
    packed, plain = ask(app, f"/static/js/{file.name}"), ask(app, f"/static/js/{file.name}", accept="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == file.read_bytes()
    assert int(packed.headers["content-length"]) == len(gzip.compress(file.read_bytes(), 6))
    for answer in (packed, plain):
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["content-type"].startswith("text/javascript")


def test_a_font_is_sent_as_it_is(app: FrontendMiddleware) -> None:
    """It is packed already."""
    font = next((FOLDER / "static" / "media").glob("*.woff2"))
    answer = ask(app, f"/static/media/{font.name}")
    assert answer.content == font.read_bytes()
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/engine/health"), ("GET", "/static/js/../../index.html"), ("GET", "/static"), ("POST", "/posture")],
)
def test_all_else_goes_on(app: FrontendMiddleware, method: str, path: str) -> None:
    """Only what is known is answered, and only when it is read."""
    assert ask(app, path, method=method).text == "from the app"
