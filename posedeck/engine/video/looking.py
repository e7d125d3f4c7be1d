"""The pose models on several threads: many looks at the same time."""

import queue
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from posedeck.engine.crops import Picture, Roi
from posedeck.engine.detector import POSE_LAYOUT, Detection, Detector
from posedeck.engine.landmarks import LandmarkModel, Landmarks
from posedeck.engine.network import Network

Given = TypeVar("Given")
Gained = TypeVar("Gained")


class Eyes(AbstractContextManager["Eyes"]):
    """Detector and landmark model, once for each thread. Answers do not depend on the number of threads.

    LiteRT lets go of the interpreter lock while it computes, so each thread keeps one core busy. To be used by one
    thread at a time; leaving the context ends the threads.
    """

    def __init__(self, model_dir: Path, threads: int) -> None:
        self._count = threads
        self._models: queue.SimpleQueue[_Models] = queue.SimpleQueue()
        for _ in range(threads):
            self._models.put(_Models(model_dir))
        self._threads = ThreadPoolExecutor(max(1, threads - 1), thread_name_prefix="eye")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown()

    def detect(self, picture: Picture, windows: Iterable[Roi]) -> list[Detection]:
        """People seen in windows of a picture, window by window."""
        found = self._each(list(windows), lambda models, window: models.detector(picture, window))
        return [detection for window in found for detection in window]

    def read(self, looks: Sequence[tuple[Picture, Roi]]) -> list[Landmarks]:
        """Landmarks of the person in each region of its picture, in one pass each."""
        return self._each(looks, lambda models, look: models.landmarks.points(*look))

    def _each(self, given: Sequence[Given], use: Callable[["_Models", Given], Gained]) -> list[Gained]:
        todo = deque(range(len(given)))
        gained: dict[int, Gained] = {}

        def work() -> None:
            models = self._models.get()
            try:
                while (number := _next(todo)) is not None:
                    gained[number] = use(models, given[number])
            finally:
                self._models.put(models)

        # The caller works too: a helper that a busy machine lets start late keeps nobody waiting.
        helpers = [self._threads.submit(work) for _ in range(min(self._count, len(given)) - 1)]
        work()
        for helper in helpers:
            if not helper.cancel():
                helper.result()
        return [gained[number] for number in range(len(given))]


def _next(todo: deque[int]) -> int | None:
    try:
        return todo.popleft()
    except IndexError:
        return None


class _Models:
    def __init__(self, model_dir: Path) -> None:
        self.detector = Detector(Network((model_dir / "pose_detection.tflite").read_bytes(), 1), POSE_LAYOUT)
        self.landmarks = LandmarkModel((model_dir / "pose_landmark_full.tflite").read_bytes(), 1)
