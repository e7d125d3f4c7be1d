"""Starts the engine behind the running server, and tells how far that is."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from posedeck.contracts.own import ModelState
from posedeck.engine.models import ModelProgress, ModelsUnavailable
from posedeck.engine.people import Person
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.pipeline import Reshaped

_LOG = logging.getLogger(__name__)

#: After models could not be had, a later question tries again; a try without an index costs a few seconds of one core.
RETRY_S = 30.0

ProgressReport = Callable[[ModelProgress], None]


class PoseEngine(Protocol):
    """What the server needs of an engine. Submitting never blocks."""

    def submit_estimate(self, image_bytes: bytes, passes: int) -> "Future[Person | None]":
        """The best single person of an encoded picture, None when there is nobody."""

    def submit_find_people(self, image_bytes: bytes, max_people: int, passes: int) -> "Future[list[Person]]":
        """Everybody in an encoded picture up to a number, best first."""

    def submit_reshape(self, image_bytes: bytes, gender: Gender, ratio: float) -> "Future[Reshaped]":
        """An encoded picture with its most prominent body slimmer or heavier."""

    def close(self) -> None:
        """End it and its processes."""


#: Fetches what is needed, reporting progress, and returns a warm engine. Raises ModelsUnavailable.
EngineStarter = Callable[[ProgressReport], PoseEngine]


class EngineHost:
    """Runs an ``EngineStarter`` in a thread of its own. Thread-safe.

    Args:
        start: The starter.
        clock: Monotonic seconds.
    """

    def __init__(self, start: EngineStarter, clock: Callable[[], float] = time.monotonic) -> None:
        self._start = start
        self._clock = clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._engine: PoseEngine | None = None
        self._state = ModelState(stage="waiting", error="the host does not run the pose server's lifespan")
        self._retry_at = 0.0
        self._open = False

    @property
    def state(self) -> ModelState:
        """Where the provisioning stands."""
        return self._state

    def open(self) -> None:
        """Allow starting, and start."""
        with self._lock:
            self._open = True
            self._state = ModelState(stage="waiting")
        self.engine()

    def engine(self) -> PoseEngine | None:
        """The engine once it is warm, else None. Asking starts it, and starts it again some time after it failed."""
        with self._lock:
            idle = self._thread is None or not self._thread.is_alive()
            if self._engine is None and idle and self._open and self._clock() >= self._retry_at:
                # A daemon: a download under way must not hold up the end of the process.
                self._thread = threading.Thread(target=self._run, name="posedeck-engine-start", daemon=True)
                self._thread.start()
            return self._engine

    def close(self) -> None:
        """End the engine; one that is still being started ends as soon as it is there."""
        with self._lock:
            self._open = False
            engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _run(self) -> None:
        try:
            engine = self._start(self._report)
        except ModelsUnavailable as error:
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the server goes on and says so in /health
            _LOG.exception("the engine did not start")
            self._fail(f"the engine did not start ({type(error).__name__}); the server's log has the details")
        else:
            self._publish(engine)

    def _report(self, progress: ModelProgress) -> None:
        # Provisioning is ready before the engine is warm; the state says "warming" until then.
        stage = "warming" if progress.stage == "ready" else progress.stage
        self._state = ModelState(stage, progress.done_bytes, progress.total_bytes)

    def _fail(self, message: str) -> None:
        _LOG.warning("%s Next try in %.0f s at the earliest.", message, RETRY_S)
        with self._lock:
            self._retry_at = self._clock() + RETRY_S
            self._state = ModelState(stage="failed", error=message)

    def _publish(self, engine: PoseEngine) -> None:
        with self._lock:
            if self._open:
                self._engine = engine
                self._state = ModelState("ready", self._state.done_bytes, self._state.total_bytes)
                return
        engine.close()
