"""The bounded way from a request to the engine."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from posedeck.contracts.own import MAX_PEOPLE
from posedeck.engine.people import Person
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.pipeline import Reshaped
from posedeck.server.engine_host import PoseEngine

#: Waiting inferences a slot may have. At half a second each a full queue is answered within four seconds; of reshapes,
#: which take about two each, within sixteen.
QUEUE_PER_SLOT = 8
#: Perturbed passes of an analysis. Sixteen rather than eight hold residual tilts within 0.3 degrees when the camera
#: rolls (docs/accuracy.md).
ANALYSIS_PASSES = 16
#: A preview only tells facing and framing.
PREVIEW_PASSES = 1

Answer = TypeVar("Answer")


class QueueFullError(Exception):
    """There is no place for another inference."""


class InferenceQueue:
    """Counts inferences from the moment a place is taken until the engine has answered; thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken = 0
        self._lock = threading.Lock()

    @property
    def length(self) -> int:
        """Waiting and running inferences."""
        return self._taken

    def has_room(self, count: int) -> bool:
        """Whether ``count`` places are free at this moment."""
        return self._taken + count <= self._limit

    @contextmanager
    def places(self, count: int) -> "Iterator[Places]":
        """``count`` places, taken together or not at all; those not used by the end are free again.

        Raises:
            QueueFullError: when there are fewer.
        """
        with self._lock:
            if not self.has_room(count):
                raise QueueFullError
            self._taken += count
        places = Places(self, count)
        try:
            yield places
        finally:
            self.release(places.unused)

    def release(self, count: int) -> None:
        """Free places that were taken."""
        with self._lock:
            self._taken -= count


class Places:
    """Places in the queue that one request holds."""

    def __init__(self, queue: InferenceQueue, count: int) -> None:
        self._queue = queue
        self.unused = count

    async def estimate(self, engine: PoseEngine, image: bytes, passes: int) -> Person | None:
        """The best person of an encoded picture. Raises what the engine raises."""
        return await self._answer(engine.submit_estimate(image, passes))

    async def find_people(self, engine: PoseEngine, image: bytes, passes: int) -> list[Person]:
        """Up to ``MAX_PEOPLE`` of an encoded picture, best first. Raises what the engine raises."""
        return await self._answer(engine.submit_find_people(image, MAX_PEOPLE, passes))

    async def reshape(self, engine: PoseEngine, image: bytes, gender: Gender, ratio: float) -> Reshaped:
        """An encoded picture with its most prominent body slimmer or heavier. Raises what the engine raises."""
        return await self._answer(engine.submit_reshape(image, gender, ratio))

    async def _answer(self, future: "Future[Answer]") -> Answer:
        # The place is free when the engine has answered, also when the caller has gone by then.
        self.unused -= 1
        future.add_done_callback(lambda _: self._queue.release(1))
        return await asyncio.wrap_future(future)
