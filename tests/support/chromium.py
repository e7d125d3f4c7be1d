"""The installed Chromium and how it is started, for journeys and for benchmarks of pages."""

import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: For a machine without a display, a GPU or a network beyond itself.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Stands on a page of ours whose script has run and stands still.
READY = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'


def installed() -> str | None:
    """Path of the first of ``BROWSERS`` that is installed; None without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)
