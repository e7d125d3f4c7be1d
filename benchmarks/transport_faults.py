"""Calls through the transport against a server that misbehaves: how many were carried out twice or outlived their time.

    python -m benchmarks.transport_faults --cases 1000

Each case is one call (POST that costs, POST that does not, GET; chosen by the seed) to a server with its own script of
one to four faults. Waits between tries are skipped by the clock, faults that are slow are really waited for.
Leaves with status 1 when a POST that costs was carried out more than once or a call outlived its deadline by over 1 s.
"""

import argparse
import random
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from posedeck.net.errors import VendorError
from posedeck.net.transport import Call, Transport
from tests.support.clocks import SkippingClock
from tests.support.fault_server import Fault, FaultServer

GRACE_S = 1.0
THREADS = 8
SLOW = {Fault.HANG, Fault.SILENT, Fault.SLOW_BODY, Fault.SLOW_HEADERS}


@dataclass(frozen=True)
class Case:
    method: str
    costs: bool
    script: tuple[Fault, ...]
    deadline_s: float


@dataclass(frozen=True)
class Result:
    case: Case
    outcome: str
    carried_out: int
    overrun_s: float


def draw(rng: random.Random) -> Case:
    method, costs = rng.choice([("POST", True), ("POST", False), ("GET", False)])
    script = tuple(rng.choices(list(Fault), k=rng.randint(1, 4)))
    if Fault.REFUSED in script:
        script = (Fault.REFUSED,)
    return Case(method, costs, script, rng.uniform(0.2, 0.6) if SLOW & set(script) else rng.uniform(5.0, 30.0))


def run(case: Case, transport: Transport, clock: SkippingClock) -> Result:
    body = b"x" * 200_000 if case.method == "POST" else b""
    with FaultServer(*case.script) as server:
        start = clock.now()
        try:
            exchange = transport.send(Call(case.method, server.url, content=body, costs=case.costs), case.deadline_s)
            outcome = f"answer {exchange.status}"
        except VendorError as error:
            outcome = type(error).__name__
        overrun_s = clock.now() - start - case.deadline_s
        return Result(case, outcome, server.posts_carried_out, overrun_s)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)  # noqa: S311 - a choice of cases, not a secret
    clock = SkippingClock()
    with Transport("bench", clock=clock) as transport, ThreadPoolExecutor(THREADS) as pool:
        cases = [draw(rng) for _ in range(options.cases)]
        results = list(pool.map(lambda case: run(case, transport, clock), cases))
    return report(results)


def report(results: list[Result]) -> int:
    outcomes = Counter((f"{r.case.method}{' (costs)' if r.case.costs else ''}", r.outcome) for r in results)
    for (method, outcome), count in sorted(outcomes.items()):
        print(f"{method:13} {outcome:18} {count:5}")
    faults = Counter(fault.name for r in results for fault in r.case.script)
    print("faults in the scripts:", ", ".join(f"{name} {count}" for name, count in sorted(faults.items())))
    costing = [r for r in results if r.case.costs]
    twice = sum(r.carried_out > 1 for r in costing)
    overrun = sum(r.overrun_s > GRACE_S for r in results)
    carried_out = sum(r.carried_out for r in costing)
    print(f"cases: {len(results)}, of them POSTs that cost: {len(costing)}, carried out: {carried_out}")
    print(f"POSTs carried out more than once: {twice}")
    print(f"deadlines overrun: {overrun} (largest excess: {max(0.0, max(r.overrun_s for r in results)):.3f} s)")
    return 1 if twice or overrun else 0


if __name__ == "__main__":
    sys.exit(main())
