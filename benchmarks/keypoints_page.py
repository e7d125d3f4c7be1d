"""From the click on Compare to the drawn comparison of a group picture, in headless Chromium.

    python benchmarks/keypoints_page.py [PICTURE] [--rounds 10]

Starts PoseDeck on a free port with a data folder of its own, uploads a group picture (without PICTURE: five of the
sample people side by side), warms it up, then clicks Compare again and again with both sources local. The time runs in
the browser until the table has its 17 rows, both pictures are drawn and the page stands still. ``calls`` is the time of
the same two calls, made at once by our clients; what is left is the browser with Streamlit's script runs. Medians over
the rounds, milliseconds.
"""

import argparse
import io
import math
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image

from benchmarks.dashboard import DEEP, chromium, dashboard
from posedeck.net.transport import Transport
from posedeck.services.keypoints import DEMO_CREDENTIALS, KeypointAnswer, Vendor, ask_keypoints
from posedeck.services.photos import Photo, prepare_photo
from posedeck.services.sources import Source
from tests.support.chromium import READY

#: Clicks Compare and resolves with the milliseconds until the page stands still with everything drawn. Equal answers
#: change nothing that is drawn, so a spinner must have been seen before that counts.
MEASURE = (
    "() => new Promise((resolve) => {"
    + DEEP
    + """
  const app = document.querySelector('[data-testid="stApp"]');
  const started = performance.now();
  let asked = false, since = null;
  document.querySelector('.st-key-compare button').click();
  const look = () => {
    asked ||= document.querySelector('[data-testid="stSpinner"]') !== null;
    const now = performance.now();
    const drawn = asked && app.dataset.testScriptState === 'notRunning'
      && document.querySelector('[data-testid="stSpinner"]') === null
      && deep('.joints [data-joint]').length === 17 && deep('.stage image').length === 2;
    since = drawn ? since ?? now : null;
    // Between two script runs the page may seem to stand still for a moment.
    if (since !== null && now - since > 250) resolve(since - started);
    else if (now - started > 60000) resolve(NaN);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""
)


def sample_group() -> bytes:
    """Five people on one picture: the sample group with two more beside it."""
    samples = ROOT / "assets" / "samples"
    parts = [Image.open(samples / name).convert("RGB") for name in ("body_slim.jpg", "group3.jpg", "front_apose.jpg")]
    height = 768
    scaled = [part.resize((round(part.width * height / part.height), height)) for part in parts]
    canvas = Image.new("RGB", (sum(part.width for part in scaled), height))
    left = 0
    for part in scaled:
        canvas.paste(part, (left, 0))
        left += part.width
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def measure_page(url: str, picture: Path, rounds: int) -> list[float]:
    """Milliseconds from click to drawn comparison, per round."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/keypoints")
        page.wait_for_selector(READY)
        page.locator(".st-key-keypoints_photo_upload input[type=file]").set_input_files(picture)
        page.wait_for_selector(".st-key-compare button:enabled")
        times = []
        for _ in range(rounds + 2):
            page.wait_for_selector(READY)
            page.wait_for_timeout(1000)
            times.append(float(page.evaluate(MEASURE)))
            if math.isnan(times[-1]):
                raise SystemExit("no result within a minute")
    return times[2:]


def measure_calls(base_url: str, photo: Photo, rounds: int) -> tuple[list[float], list[KeypointAnswer]]:
    """Milliseconds until both vendors' answers are there, asked at once, per round; and the last answers."""
    times, answers = [], []
    transports = {vendor: Transport(vendor.value) for vendor in Vendor}
    with ThreadPoolExecutor(len(Vendor)) as executor:
        for _ in range(rounds + 2):
            started = time.perf_counter()
            calls = [
                executor.submit(
                    ask_keypoints, each, Source.LOCAL, photo, DEMO_CREDENTIALS[each], base_url, transports[each]
                )
                for each in Vendor
            ]
            answers = [call.result() for call in calls]
            times.append((time.perf_counter() - started) * 1e3)
    for transport in transports.values():
        transport.close()
    return times[2:], answers


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, dashboard() as running:
        picture = Path(folder) / "group.jpg"
        picture.write_bytes(options.picture.read_bytes() if options.picture else sample_group())
        pages = measure_page(running.url, picture, options.rounds)
        calls, answers = measure_calls(running.base_url, prepare_photo(picture.read_bytes()), options.rounds)
    whole, asked = statistics.median(pages), statistics.median(calls)
    people = " and ".join(str(len(answer.people)) for answer in answers)
    print(f"people found            {people:>7}")
    print(f"click to drawn result   {whole:7.0f}   (of {options.rounds}: {min(pages):.0f} to {max(pages):.0f})")
    print(f"  both calls at once    {asked:7.0f}")
    print(f"  browser and page runs {whole - asked:7.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
