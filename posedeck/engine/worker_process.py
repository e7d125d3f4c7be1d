"""The parent's end of one worker process: start, exchange within a time limit, end."""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

READY = "ready"
START_LIMIT_S = 60.0
PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class SlotCrashed(RuntimeError):  # noqa: N818 - says what happened
    """The worker process of a call died; the call may be repeated."""


class SlotTimeout(TimeoutError):  # noqa: N818 - says what happened
    """A call took longer than the time limit and its worker was ended."""


@dataclass(frozen=True)
class Call:
    """One call to a worker's PoseEngine.

    Attributes:
        limit_s: Its own time limit in seconds, None for the pool's.
    """

    method: str
    arguments: tuple[Any, ...]
    limit_s: float | None = None


@dataclass(frozen=True)
class Note:
    """What a worker tells in the middle of a call."""

    value: Any


class WorkerProcess:
    """A running worker that has said it is ready.

    Args:
        module: Dotted path of the module that it runs, which serves a ``posedeck.engine.worker_loop.WorkerLoop``.
        arguments: Its command-line arguments.

    Raises:
        SlotCrashed: when it dies while it starts.
        SlotTimeout: when it takes longer than ``START_LIMIT_S``.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_environment(),
        )
        try:
            self._exchange(START_LIMIT_S, None, _ignore)
        except (SlotCrashed, SlotTimeout):
            self.end()
            raise

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def answer(self, call: object, limit_s: float, on_note: Callable[[Any], None] | None = None) -> Any:
        """What the call returned, or the exception that it raised.

        Args:
            call: Anything that can be pickled and that the worker understands.
            limit_s: Time limit in seconds.
            on_note: Told what the worker notes meanwhile; must not raise.

        Raises:
            SlotCrashed: when the process dies meanwhile.
            SlotTimeout: when there is no answer within the limit; the process is killed.
        """
        return self._exchange(limit_s, call, on_note or _ignore)

    def _exchange(self, limit_s: float, call: object | None, on_note: Callable[[Any], None]) -> Any:
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self._process.kill()

        # Killing the process ends a blocked write or read on every platform, so no polling is needed.
        timer = threading.Timer(limit_s, expire)
        timer.daemon = True
        timer.start()
        try:
            if call is not None:
                pickle.dump(call, self._pipe(self._process.stdin), protocol=pickle.HIGHEST_PROTOCOL)
                self._pipe(self._process.stdin).flush()
            return self._receive(on_note)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            if expired.is_set():
                raise SlotTimeout(f"the call took longer than {limit_s:g} s and was ended") from error
            raise SlotCrashed("the worker process ended unexpectedly") from error
        finally:
            timer.cancel()
            timer.join()
            if expired.is_set():
                self._process.wait()  # so that ``alive`` is true of what comes next

    def _receive(self, on_note: Callable[[Any], None]) -> Any:
        while True:
            message = pickle.load(self._pipe(self._process.stdout))  # noqa: S301 - written by our own child
            if not isinstance(message, Note):
                return message
            on_note(message.value)

    @staticmethod
    def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
        if stream is None:
            raise SlotCrashed("the worker process has no pipe")
        return stream

    def kill(self) -> None:
        """End the process at once; a call under way gets SlotCrashed."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process and release its pipes."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was still to be written has no reader any more
                    stream.close()


def _ignore(_: Any) -> None:
    """Nobody wants to know."""


def child_environment() -> dict[str, str]:
    """The environment of a process of ours: it finds our modules wherever it is started."""
    environment = dict(os.environ)
    # The parent's warning settings (errors under a test run, say) are not the worker's.
    environment.pop("PYTHONWARNINGS", None)
    inherited = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = os.pathsep.join([str(PACKAGE_ROOT), *([inherited] if inherited else [])])
    return environment
