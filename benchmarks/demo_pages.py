"""From opening a page in demo mode to its full result, in a cold headless Chromium.

    python benchmarks/demo_pages.py [--rounds 5]

Starts PoseDeck on a free port with a data folder of its own and waits until its engine is warm, as a presenter does.
Each figure is a browser with an empty cache that opens the page's address: the time runs from the navigation until the
result stands on the page and the script has ended. Median and worst over the rounds, seconds; the goal is 3.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright

from benchmarks.posture_page import FLAGS, READY, free_port, wait_for_engine
from posedeck.clients.own import OwnClient
from posedeck.net.transport import Transport
from posedeck.services.local_server import MOUNT_PATH

#: What stands on a page once its result does.
RESULTS = {
    "posture": "[data-metric] >> nth=10",
    "future_shape": ".before-after .stage img.after",
    "soccer": ".frames video >> nth=0",
    "keypoints": ".keypoints .stage >> nth=1",
}
_TIMEOUT_MS = 60_000


def measure(browser: Browser, url: str, page_name: str) -> float:
    """Seconds of one cold opening."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(f"{url}/{page_name}?demo=1", wait_until="commit")
    page.wait_for_selector(RESULTS[page_name], timeout=_TIMEOUT_MS)
    page.wait_for_selector(READY, timeout=_TIMEOUT_MS)
    took = time.perf_counter() - started
    context.close()
    return took


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        raise SystemExit("no Chromium found")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "POSEDECK_DATA_DIR": data},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with Transport("posedeck") as transport:
                wait_for_engine(OwnClient(transport, url + MOUNT_PATH))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
                for name in RESULTS:
                    times = [measure(browser, url, name) for _ in range(rounds)]
                    median, worst = statistics.median(times), max(times)
                    print(f"{name:13s} first {times[0]:.2f}  median {median:.2f}  worst {worst:.2f}")
                browser.close()
        finally:
            process.terminate()
            process.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
