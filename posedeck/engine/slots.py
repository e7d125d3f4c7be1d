"""Inference slots: worker processes that each hold the models, with a time limit per call and restart of the dead.

Each slot is a plain child process with a pipe of its own. So a worker that is killed cannot take a lock shared with
the others with it, and the child does not import the parent's ``__main__`` again, as a multiprocessing spawn would
(under ``streamlit run`` that is Streamlit itself).
"""

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posedeck.engine.people import Person
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.pipeline import Reshaped
from posedeck.engine.worker_process import Call, SlotCrashed, SlotTimeout, WorkerProcess

__all__ = ["SlotCrashed", "SlotPool", "SlotTimeout"]

#: A picture takes one to five seconds, a large one on a busy machine several times as long.
RESHAPE_LIMIT_S = 60.0

Task = tuple[Call, "Future[Any]"]


class SlotPool:
    """A fixed number of inference slots behind one queue. Safe between threads."""

    def __init__(self, model_dir: Path, slots: int, timeout_s: float = 30.0) -> None:
        """Start the slots; ``warm_up`` waits until they are ready.

        Args:
            model_dir: Folder that ``ensure_models`` gave.
            slots: Number of worker processes, each busy on one core.
            timeout_s: Time limit of one call in seconds, waiting in the queue not counted.
        """
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._submitting = threading.Lock()
        self._closed = False
        self._slots = [_Slot(model_dir, timeout_s, self._tasks) for _ in range(slots)]

    def submit_estimate(self, image_bytes: bytes, passes: int) -> "Future[Person | None]":
        """``PoseEngine.estimate`` in a slot.

        The future raises what that raises (ImageError with its reason, ValueError), SlotTimeout or SlotCrashed.

        Raises:
            RuntimeError: when the pool is closed.
        """
        return self._submit(Call("estimate", (image_bytes, passes)))

    def submit_find_people(self, image_bytes: bytes, max_people: int, passes: int) -> "Future[list[Person]]":
        """``PoseEngine.find_people`` in a slot; errors as in ``submit_estimate``."""
        return self._submit(Call("find_people", (image_bytes, max_people, passes)))

    def submit_find_people_variously(
        self, pixels: NDArray[np.uint8], max_people: int, passes: Sequence[int]
    ) -> "Future[list[list[Person]]]":
        """``PoseEngine.find_people_variously`` in a slot; errors as in ``submit_estimate``."""
        return self._submit(Call("find_people_variously", (pixels, max_people, tuple(passes))))

    def submit_reshape(
        self, image_bytes: bytes, gender: Gender, ratio: float, limit_s: float = RESHAPE_LIMIT_S
    ) -> "Future[Reshaped]":
        """``PoseEngine.reshape`` in a slot, within a limit of its own; may also raise ReshapeError."""
        return self._submit(Call("reshape", (image_bytes, gender, ratio), limit_s))

    @property
    def queued(self) -> int:
        """Number of calls that wait for a free slot."""
        return self._tasks.qsize()

    def warm_up(self) -> None:
        """Wait until every slot has loaded its models and run once.

        Raises:
            SlotCrashed: when a worker dies while it starts.
            SlotTimeout: when a worker does not get ready in time.
        """
        for slot in self._slots:
            slot.started.result()

    def close(self) -> None:
        """End all workers; waiting calls are cancelled, calls under way get SlotCrashed."""
        with self._submitting:
            self._closed = True
            self._cancel_waiting()
            for _ in self._slots:
                self._tasks.put(None)
        for slot in self._slots:
            slot.close()

    def _submit(self, call: Call) -> "Future[Any]":
        future: Future[Any] = Future()
        with self._submitting:
            if self._closed:
                raise RuntimeError("the slot pool is closed")
            self._tasks.put((call, future))
        return future

    def _cancel_waiting(self) -> None:
        while True:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return
            if task is not None:
                task[1].cancel()


class _Slot:
    """One worker and the thread that serves it."""

    def __init__(self, model_dir: Path, timeout_s: float, tasks: "queue.SimpleQueue[Task | None]") -> None:
        self.started: Future[None] = Future()
        self._model_dir = model_dir
        self._timeout_s = timeout_s
        self._tasks = tasks
        self._worker: WorkerProcess | None = None
        self._closing = threading.Event()
        # A daemon: a program that ends without close() is not held up, and its workers end with their pipes.
        self._thread = threading.Thread(target=self._serve, name="inference-slot", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        worker = self._worker
        if worker is not None:
            worker.kill()
        self._thread.join()

    def _serve(self) -> None:
        try:
            self._living_worker()
            self.started.set_result(None)
        except (SlotCrashed, SlotTimeout, OSError) as error:
            self.started.set_exception(error)
        while (task := self._tasks.get()) is not None:
            call, future = task
            if future.set_running_or_notify_cancel():
                self._settle(call, future)
        self._dismiss()

    def _settle(self, call: Call, future: "Future[Any]") -> None:
        try:
            limit_s = self._timeout_s if call.limit_s is None else call.limit_s
            answer = self._living_worker().answer(call, limit_s)
        except (SlotCrashed, SlotTimeout, OSError) as error:
            self._dismiss()
            answer = error
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)

    def _living_worker(self) -> WorkerProcess:
        if self._worker is not None and not self._worker.alive:
            self._dismiss()
        if self._closing.is_set():
            raise SlotCrashed("the slot pool was closed")
        if self._worker is None:
            self._worker = WorkerProcess("posedeck.engine.slot_worker", str(self._model_dir))
        return self._worker

    def _dismiss(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None
