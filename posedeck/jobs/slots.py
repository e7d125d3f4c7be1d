"""Job slots: worker processes that run the functions of kinds, one call at a time each."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from posedeck.engine.worker_process import SlotCrashed, SlotTimeout, WorkerProcess
from posedeck.jobs.slot_messages import Broke, Given, KindCall, Refused

Note = Callable[[tuple[str, int, int]], None]


class JobSlot:
    """One slot. Its process is started when it is needed, and again after it died. For one thread at a time.

    Attributes:
        calls: How many its present process has answered.
    """

    def __init__(self) -> None:
        self._worker: WorkerProcess | None = None
        self.calls = 0

    def ready(self) -> WorkerProcess:
        """The process, started if need be.

        Raises:
            SlotCrashed, SlotTimeout: when it cannot be started.
        """
        if self._worker is None or not self._worker.alive:
            self.end()
            self._worker = WorkerProcess("posedeck.jobs.slot_process")
            self.calls = 0
        return self._worker

    def run(self, call: KindCall, limit_s: float, on_note: Note) -> Given | Refused | Broke:
        """Run a function in the process.

        Raises:
            SlotCrashed: when the process dies meanwhile, or cannot be started.
            SlotTimeout: when there is no answer within ``limit_s``; the process is killed.
        """
        try:
            answer: Given | Refused | Broke = self.ready().answer(call, limit_s, on_note)
        except (SlotCrashed, SlotTimeout):
            self.end()
            raise
        self.calls += 1
        return answer

    def end(self) -> None:
        """End the process, if there is one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()


class JobSlots:
    """A fixed number of slots. Safe between threads."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._free: queue.SimpleQueue[JobSlot] = queue.SimpleQueue()
        for _ in range(count):
            self._free.put(JobSlot())

    @contextmanager
    def one(self) -> Iterator[JobSlot]:
        """A free slot for as long as the context lasts; waits until there is one."""
        slot = self._free.get()
        try:
            yield slot
        finally:
            self._free.put(slot)
