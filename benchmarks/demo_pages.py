"""From opening a page in demo mode to its full result, in a cold headless Chromium.

    python benchmarks/demo_pages.py [--rounds 5] [--against FOLDER]

Starts PoseDeck on a free port with a data folder of its own and waits until its engine is warm, as a presenter does.
Each figure is a browser with an empty cache that opens the page's address: the time runs from the navigation until the
result stands on the page and the script has ended. Median and worst over the rounds, seconds; the goal is 3.

With ``--against``, another checkout in that folder is measured too, round by round in turn, so that whatever else the
machine does meets both.
"""

import argparse
import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser

from benchmarks.dashboard import chromium, dashboard
from tests.support.chromium import READY

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
    parser.add_argument("--against", type=Path)
    options = parser.parse_args()
    folders = {"here": ROOT, **({"there": options.against} if options.against else {})}
    with ExitStack() as stack:
        urls = {name: stack.enter_context(dashboard(folder)).url for name, folder in folders.items()}
        browser = stack.enter_context(chromium())
        for page in RESULTS:
            times: dict[str, list[float]] = {name: [] for name in urls}
            for number in range(options.rounds):
                for name in sorted(urls, reverse=bool(number % 2)):
                    times[name].append(measure(browser, urls[name], page))
            for name, taken in times.items():
                median, worst = statistics.median(taken), max(taken)
                print(f"{page:13s} {name:5s}  first {taken[0]:.2f}  median {median:.2f}  worst {worst:.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
