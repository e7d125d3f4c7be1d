"""What the steps of jobs took, for the estimate of how long others will."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from posedeck.jobs.estimate import Run


@dataclass(frozen=True)
class _Step:
    seconds: float
    crowded: bool
    warm: bool


class Spent:
    """What the steps of each job took, when this process ran all of them. Safe between threads."""

    def __init__(self) -> None:
        self._steps: dict[str, list[_Step]] = {}
        self._running = 0
        self._lock = threading.Lock()

    def start(self, job_id: str) -> None:
        """Begin to note the steps of a job."""
        with self._lock:
            self._steps[job_id] = []

    @contextlib.contextmanager
    def step(self, job_id: str, *, warm: bool) -> Iterator[None]:
        """Time a step; ``warm`` when its process had loaded what it needs. One that fails is not noted."""
        started = time.monotonic()
        with self._lock:
            self._running += 1
            beside = self._running
        try:
            yield
        finally:
            with self._lock:
                beside = max(beside, self._running)
                self._running -= 1
        with self._lock:
            self._steps.get(job_id, []).append(_Step(time.monotonic() - started, beside > 1, warm))

    def forget(self, job_id: str) -> None:
        """End noting the steps of a job."""
        with self._lock:
            self._steps.pop(job_id, None)

    def of_whole_run(self, job_id: str, steps: int, frames: int) -> Run | None:
        """What a job of so many steps and frames took; None when some of its steps were done elsewhere or before."""
        with self._lock:
            taken = self._steps.get(job_id, [])
        if len(taken) != steps:
            return None
        seconds = sum(step.seconds for step in taken)
        crowded = sum(step.seconds for step in taken if step.crowded) > seconds / 2
        return Run(frames, seconds, crowded, all(step.warm for step in taken))
