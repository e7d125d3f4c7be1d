"""From the click on the sample to the drawn result, in headless Chromium, split into its parts.

    python benchmarks/posture_page.py [--rounds 10]

Starts PoseDeck on a free port with a data folder of its own, warms it up, then per round opens nothing anew: the sample
is clicked, and the time runs in the browser until eleven rows stand in the table and both photos are drawn. The parts
``engine`` and ``server`` come from the answer's Server-Timing header, ``client`` is the rest of the exchange; what is
left of the whole is the browser with Streamlit's script run. Medians over the rounds, milliseconds.
"""

import argparse
import math
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page

from benchmarks.dashboard import DEEP, chromium, dashboard
from posedeck.clients.own import OwnClient
from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_CREDIT
from posedeck.net.transport import Transport
from posedeck.storage.token import read_token
from tests.support.chromium import READY

#: Clicks the sample's button and resolves with the milliseconds until everything of a new result is drawn.
MEASURE = (
    "() => new Promise((resolve) => {"
    + DEEP
    + """
  const app = document.querySelector('[data-testid="stApp"]');
  // The balance falls by one with each answer: the page keeps the drawn rows of an equal result.
  const balance = () => document.querySelector('[data-testid="stSidebar"] strong').textContent;
  const before = balance();
  const started = performance.now();
  document.querySelector('.st-key-use_sample button').click();
  const look = () => {
    const photos = deep('.stage img').filter((image) => image.complete && image.naturalWidth > 0);
    const drawn = balance() !== before && deep('[data-metric]').length === 11 && photos.length >= 2;
    const waited = performance.now() - started;
    if (drawn && app.dataset.testScriptState === 'notRunning') resolve(waited);
    else if (waited > 60000) resolve(NaN);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""
)


def measure_pages(url: str, rounds: int) -> list[float]:
    """Milliseconds from click to drawn result, per round."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/posture")
        times = []
        for _ in range(rounds + 2):
            _settle(page)
            times.append(float(page.evaluate(MEASURE)))
            if math.isnan(times[-1]):
                raise SystemExit("no result within a minute")
    return times[2:]


def _settle(page: Page) -> None:
    page.wait_for_selector(READY)
    page.wait_for_timeout(1000)


def measure_exchanges(base_url: str, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds of engine, server and client per exchange with the same photos."""
    samples = ROOT / "assets" / "samples"
    front, side = ((samples / f"{view}_apose.jpg").read_bytes() for view in ("front", "side"))
    engine, server, client = [], [], []
    with Transport("remo") as transport:
        remo = RemoClient(transport, base_url)
        for _ in range(rounds + 2):
            started = time.perf_counter()
            reply = remo.analyse_skeleton(RemoCredentials(*DEMO_ACCOUNT), front, side)
            whole = (time.perf_counter() - started) * 1e3
            parts = dict(re.findall(r"(\w+);dur=([\d.]+)", reply.exchange.headers["server-timing"]))
            engine.append(float(parts["engine"]))
            server.append(float(parts["total"]) - engine[-1])
            client.append(whole - float(parts["total"]))
    return engine[2:], server[2:], client[2:]


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with dashboard() as running:
        with Transport("posedeck") as transport:
            own = OwnClient(transport, running.base_url, read_token(running.data))
            own.refill(DEMO_ACCOUNT[0], DEMO_CREDIT * 10)
        pages = measure_pages(running.url, rounds)
        engine, server, client = map(statistics.median, measure_exchanges(running.base_url, rounds))
    whole = statistics.median(pages)
    print(f"click to drawn result  {whole:7.0f}   (of {rounds}: {min(pages):.0f} to {max(pages):.0f})")
    for name, value in (("engine", engine), ("server", server), ("client", client)):
        print(f"  {name:<20} {value:7.0f}")
    print(f"  browser and page run {whole - engine - server - client:7.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
