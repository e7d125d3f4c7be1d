"""The child's end of a worker process: reads calls from stdin, writes answers to stdout, both as pickles.

It ends when stdin closes, so it never outlives its parent, even in the middle of a call.
"""

import os
import pickle
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO, NoReturn

from posedeck.engine.worker_process import READY, Note


class WorkerLoop:
    """Exchange with the parent. To be made before anything else can print."""

    def __init__(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
        self._answers = _private_stdout()
        self._sending = threading.Lock()

    def serve(self, answer: Callable[[Any], object]) -> NoReturn:
        """Say that the worker is ready, then answer calls until the parent closes the pipe.

        A ValueError that ``answer`` raises is the caller's fault and goes back as it is; any other ends the process.
        """
        calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=_read_calls, args=(sys.stdin.buffer, calls), daemon=True).start()
        self._send(READY)
        while True:
            call = calls.get()
            try:
                given = answer(call)
            except ValueError as error:
                given = error
            self._send(given)

    def note(self, value: object) -> None:
        """Tell the parent something in the middle of a call."""
        self._send(Note(value))

    def _send(self, message: object) -> None:
        try:
            with self._sending:
                pickle.dump(message, self._answers, protocol=pickle.HIGHEST_PROTOCOL)
                self._answers.flush()
        except OSError:
            os._exit(0)  # the parent has gone


def _private_stdout() -> BinaryIO:
    # A native library that prints must not get between the pickles: its stdout becomes stderr.
    private = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return private


def _read_calls(stream: BinaryIO, calls: "queue.SimpleQueue[Any]") -> None:
    while True:
        try:
            calls.put(pickle.load(stream))  # noqa: S301 - written by our own parent
        except EOFError:
            os._exit(0)
