"""The inspector with a long session behind it: drawing its page again, and the memory that the session holds.

    python -m benchmarks.inspector_page [--exchanges 500]

Every fourth exchange has two photos of 2 MB in its request, every fourth one an answer of 4 MB of JSON (a clip's
keypoints, as Kakao sends them), the others are small. The page is drawn by Streamlit's own script runner without a
browser: reading, auditing and all widgets, not the browser's part. Memory is that of the whole process (VmRSS, Linux).
"""

import argparse
import base64
import json
import random
import statistics
import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

from posedeck.net.exchange import Call, Exchange, Timings
from posedeck.net.recording import Tried, record_try
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.sources import Source

ROOT = Path(__file__).resolve().parents[1]
_REPEATS = 7
_PHOTO_BYTES = 2_000_000
_FRAMES = 4_000
_TABS = ("Answer", "Request", "Timing", "Findings", "Copy", "Edit and send again")


def main() -> int:
    """Fill a session, time its page, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exchanges", type=int, default=500)
    count = parser.parse_args().exchanges
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    page.switch_page("pages/inspector.py").run()
    before = memory_mb()
    log = ExchangeLog(lambda _: Source.LOCAL)
    started = time.perf_counter()
    received = sum(observe(log, number) for number in range(count))
    spent = time.perf_counter() - started
    each_ms = 1000 * spent / count
    print(f"{count} exchanges with {received / 1e6:,.0f} MB of bodies made and recorded in {each_ms:.1f} ms each")
    print(f"memory for them: {memory_mb() - before:,.0f} MB\n")
    page.session_state["exchange_log"] = log
    print(f"{'first look':34} {timed(page, 1):8.1f} ms")
    for kind, record_id in {"small": "0", "two photos": str(count - 2), "long answer": str(count - 3)}.items():
        page.session_state["inspector_selected"] = record_id
        page.session_state["inspector_latest"] = log.listed()[0].record.id
        for tab in _TABS:
            print(f"{f'{kind}, {tab}':34} {timed(page, _REPEATS, tab):8.1f} ms")
    print(f"\nmemory in the end: {memory_mb() - before:,.0f} MB")
    return 0


def observe(log: ExchangeLog, number: int) -> int:
    """Let the log see one exchange; bytes of its bodies."""
    rng = random.Random(number)  # noqa: S311 - repeatable, nothing to protect
    body: object = {"state": True, "status_code": 200, "credit": number}
    sent: dict[str, object] = {"Email": "demo@posedeck.example", "n": number}
    if number % 4 == 2:
        sent |= {name: base64.b64encode(rng.randbytes(_PHOTO_BYTES)).decode() for name in ("forigimg", "sorigimg")}
    elif number % 4 == 1:
        body = [{"frame": frame, "keypoints": [round(rng.random(), 4) for _ in range(102)]} for frame in range(_FRAMES)]
    url = "http://127.0.0.1:8501/engine/api/analysis-skeleton"
    call = Call("POST", url, {"Content-Type": "application/json"}, json.dumps(sent).encode())
    answer = json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    exchange = Exchange(200, headers, answer, time.time(), Timings(wait_s=0.1), 1, len(call.content), len(answer))  # type: ignore[arg-type]
    log.observe(*record_try("remo", Tried(call, exchange, started_at=time.time(), id=str(number))))
    return len(call.content) + len(answer)  # type: ignore[arg-type]


def timed(page: AppTest, repeats: int, tab: str = _TABS[0]) -> float:
    """Milliseconds of a rerun with a tab open, the median."""
    spent = []
    for _ in range(repeats):
        page.session_state["inspector_tabs"] = tab  # the script runner tells no tabs back
        started = time.perf_counter()
        page.run()
        spent.append(time.perf_counter() - started)
    if page.exception:
        raise RuntimeError(page.exception[0].message)
    return 1000 * statistics.median(spent)


def memory_mb() -> float:
    """Memory of this process."""
    line = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
