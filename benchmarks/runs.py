"""The list of runs with thousands in the store: searching it, drawing a page of it, keeping one more.

    python -m benchmarks.runs [--runs 5000]

On SQLite in a temporary folder. A page is drawn by Streamlit's own script runner without a browser: reading, sorting,
thumbnails and all widgets, not the browser's part.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from posedeck.contracts.finding import Finding
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Review, ReviewState, Run, RunInput, Summary, new_id, now
from posedeck.runs.store import RunStore, open_runs
from posedeck.services.photos import prepare_photo
from posedeck.services.thumbnail import thumbnail_jpeg
from posedeck.storage.paths import DATA_DIR_VARIABLE

ROOT = Path(__file__).resolve().parents[1]
_REPEATS = 15


def main() -> int:
    """Fill a store, time what the page does with it, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5000)
    count = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        os.environ[DATA_DIR_VARIABLE] = folder
        store = open_runs(Path(folder))
        thumbnail = thumbnail_jpeg(prepare_photo((ROOT / "assets" / "samples" / "group3.jpg").read_bytes()), 96)
        started = time.perf_counter()
        fill(store, count, thumbnail)
        print(f"{count} runs kept in {time.perf_counter() - started:.1f} s\n")
        for name, act in actions(store, count, thumbnail).items():
            print(f"{name:34} {timed(act):8.1f} ms")
        print(f"{'page drawn':34} {timed(page(), 5):8.1f} ms")
    return 0


def fill(store: RunStore, count: int, thumbnail: bytes) -> None:
    """Runs of all pages, a fifth of them reviewed."""
    rng = random.Random(5000)  # noqa: S311 - repeatable, nothing to protect
    for number in range(count):
        run = example(rng, number)
        store.save(run, {"picture": b"the same for all"}, thumbnail=thumbnail)
        if number % 5 == 0:
            tags = tuple(rng.sample(["clinic", "regression", "night"], rng.randint(0, 2)))
            store.review(run.id, Review(rng.choice(list(ReviewState)), tags, f"seen in session {number}"))


def example(rng: random.Random, number: int) -> Run:
    """A run with a document of the usual size."""
    page, vendor = rng.choice(
        [
            ("posture", "remo"),
            ("soccer", "remo"),
            ("keypoints", "kakao"),
            ("keypoints", "nhn"),
            ("future-shape", "remo"),
        ]
    )
    findings = [Finding(f"finding_{rng.randint(0, 40)}", "warning", "field", "expected this and got that " * 3)]
    return Run(
        id=new_id(),
        page=page,
        vendor=vendor,
        source=rng.choice(["local", "live", "recorded"]),
        base_url="https://vendor.example",
        created_at=now() - timedelta(minutes=7 * number),
        inputs={"picture": RunInput(f"{rng.getrandbits(256):064x}", "image/jpeg", 90_000, 768, 1024)},
        findings=tuple(findings * rng.randint(0, 6)),
        summary=Summary(rng.randint(0, 2), {"caution": 2.0, "danger": 1.0, "borderline": 3.0}, 3),
    )


def actions(store: RunStore, count: int, thumbnail: bytes) -> dict[str, Callable[[], object]]:
    """What the page asks of the store."""
    rng = random.Random(1)  # noqa: S311 - repeatable, nothing to protect
    return {
        "first page": lambda: store.search(RunQuery()),
        "last page": lambda: store.search(RunQuery(), offset=count - 50),
        "filter by page and state": lambda: store.search(RunQuery(page="keypoints", state=ReviewState.ACCEPTED)),
        "filter by grade": lambda: store.search(RunQuery(grade=2)),
        "search two words": lambda: store.search(RunQuery(text="session 4990")),
        "search what is nowhere": lambda: store.search(RunQuery(text="nowhere")),
        "all tags": store.tags,
        "keep one more": lambda: store.save(example(rng, 0), {"picture": b"the same for all"}, thumbnail=thumbnail),
    }


def page() -> Callable[[], object]:
    """Draws the runs page again in a session that is open."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).switch_page("pages/runs.py")
    assert not at.run().exception
    return at.run


def timed(act: Callable[[], object], repeats: int = _REPEATS) -> float:
    """Median of some repeats in milliseconds."""
    spans = []
    for _ in range(repeats):
        started = time.perf_counter()
        act()
        spans.append(1000 * (time.perf_counter() - started))
    return statistics.median(spans)


if __name__ == "__main__":
    sys.exit(main())
