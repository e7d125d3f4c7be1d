"""Keeps a worker running beside a pose server."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from posedeck.engine.worker_process import child_environment
from posedeck.jobs.worker import WITH_PARENT
from posedeck.storage.paths import DATA_DIR_VARIABLE

_LOG = logging.getLogger(__name__)

WORKER = ("posedeck.jobs.worker", WITH_PARENT)
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 30.0
#: A worker that lived this long was fine: the next pause is short again.
_FINE_AFTER_S = 5.0
_END_LIMIT_S = 5.0


class WorkerHost:
    """Starts a worker, and starts it again when it dies; it ends when this process does, however.

    Args:
        data_dir: The data folder that it shares with this process.
        command: Module and arguments of a worker that ends with its stdin.
    """

    def __init__(self, data_dir: Path, command: Sequence[str] = WORKER) -> None:
        self._command = [sys.executable, "-m", *command]
        self._environment = {DATA_DIR_VARIABLE: str(data_dir)}
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_running, name="job-worker", daemon=True)

    def open(self) -> None:
        """Start the worker; to be called once."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Process id of the worker that runs now."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def close(self) -> None:
        """End the worker. What it was running goes on at the next start."""
        with self._starting:
            self._closing.set()
            process = self._process
        if process is not None:
            _end(process)
        if self._thread.is_alive():
            self._thread.join()

    def _keep_running(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self._closing.is_set():
            started = time.monotonic()
            code = self._run()
            if self._closing.is_set():
                return
            pause = _FIRST_PAUSE_S if time.monotonic() - started > _FINE_AFTER_S else pause
            _LOG.warning("the job worker ended with code %s; it is started again in %.1f s", code, pause)
            self._closing.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _run(self) -> int | None:
        with self._starting:
            if self._closing.is_set():
                return None
            # It reads its stdin to the end: that comes when this process ends, also by force.
            environment = child_environment() | self._environment
            self._process = process = subprocess.Popen(self._command, stdin=subprocess.PIPE, env=environment)
        code = process.wait()
        _close_stdin(process)
        return code


def _end(process: "subprocess.Popen[bytes]") -> None:
    _close_stdin(process)
    try:
        process.wait(_END_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _close_stdin(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()
