"""A running PoseDeck and a real browser."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.support.chromium import BROWSERS, FLAGS, READY, installed

ROOT = Path(__file__).resolve().parents[2]
_START_S = 60.0


def wait_until_ready(page: Page) -> None:
    """Wait until the page's script has run and stands still."""
    page.wait_for_timeout(300)
    page.wait_for_selector(READY, timeout=60_000)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """An installed Chromium; without one the test skips, unless POSEDECK_REQUIRE_BROWSER is set.

    Closed after each module: while it lives, Playwright keeps an event loop running, beside which no other can run.
    """
    path = installed()
    if path is None:
        message = f"no browser found, looked for {', '.join(BROWSERS)}"
        if os.environ.get("POSEDECK_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield running
        running.close()


@contextmanager
def serving(script: Path, folder: Path) -> Iterator[str]:
    """Base URL of a fresh Streamlit process that serves a script, with a data folder of its own in ``folder``."""
    port = free_port()
    log = (folder / "app.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)],
        cwd=ROOT,
        env={**os.environ, "POSEDECK_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/_stcore/health", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


@pytest.fixture
def app_url(tmp_path: Path) -> Iterator[str]:
    """Base URL of a fresh PoseDeck process with a data folder of its own; nothing was asked of its pages yet."""
    with serving(ROOT / "app.py", tmp_path) as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of an English browser; it fails the test when the browser reported an error."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US", accept_downloads=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(_describe(message)) if _is_error(message) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def _is_error(message: ConsoleMessage) -> bool:
    # The server ends before its page does, which then asks whether it is back.
    return message.type == "error" and "ERR_CONNECTION_REFUSED" not in message.text


def _describe(message: ConsoleMessage) -> str:
    return f"{message.text} ({message.location['url']})"


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"PoseDeck ended with {process.returncode} before it answered")
        try:
            httpx.get(url, timeout=2).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} did not answer within {_START_S} s")
