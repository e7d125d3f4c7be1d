"""A running PoseDeck of its own and a headless Chromium, for the benchmarks of pages."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from posedeck.clients.own import OwnClient
from posedeck.contracts.own import MOUNT_PATH
from posedeck.net.errors import VendorError
from posedeck.net.transport import Transport
from tests.support.chromium import FLAGS, installed

ROOT = Path(__file__).resolve().parents[1]
#: A function of the browser's that looks into shadow roots too, for scripts that measure there.
DEEP = """
const deep = (selector) => {
  const found = [];
  const walk = (root) => {
    found.push(...root.querySelectorAll(selector));
    root.querySelectorAll('*').forEach((element) => element.shadowRoot && walk(element.shadowRoot));
  };
  walk(document);
  return found;
};
"""
_START_S = 120.0


@dataclass(frozen=True)
class Dashboard:
    """Where a running PoseDeck is reached: its pages, its pose server, and its data folder."""

    url: str
    base_url: str
    data: Path


@contextmanager
def dashboard(root: Path = ROOT) -> Iterator[Dashboard]:
    """PoseDeck on a free port with a data folder of its own, its engine warm. Raises SystemExit when it does not start.

    Args:
        root: Folder of the checkout that is run.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=root,
            env={**os.environ, "POSEDECK_DATA_DIR": data},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with Transport("posedeck") as transport:
                _wait_for_engine(OwnClient(transport, url + MOUNT_PATH))
            yield Dashboard(url, url + MOUNT_PATH, Path(data))
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Raises SystemExit when none is installed."""
    path = installed()
    if path is None:
        raise SystemExit("no Chromium found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def _wait_for_engine(own: OwnClient) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        try:
            if own.health().status == "ok":
                return
        except VendorError:
            pass  # not listening yet
        time.sleep(0.2)
    raise SystemExit("the engine did not become ready")
