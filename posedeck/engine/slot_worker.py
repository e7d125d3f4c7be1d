"""The process behind one inference slot: reads calls from stdin, writes answers to stdout, both as pickles.

Started by ``posedeck.engine.worker_process`` with the model folder as its argument. It ends when stdin closes,
so it never outlives its parent, even in the middle of a call.
"""

import os
import pickle
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np

from posedeck.engine.people import PoseEngine
from posedeck.engine.worker_process import READY, Call


def main() -> None:
    """Load the models, say so, then answer calls until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    answers = _private_stdout()
    cv2.setNumThreads(1)  # one slot, one core
    engine = PoseEngine(Path(sys.argv[1]), threads=1)
    engine.estimate(np.zeros((64, 64, 3), np.uint8), passes=1)
    calls: queue.SimpleQueue[Call] = queue.SimpleQueue()
    threading.Thread(target=_read_calls, args=(sys.stdin.buffer, calls), daemon=True).start()
    _send(answers, READY)
    while True:
        call = calls.get()
        try:
            answer = getattr(engine, call.method)(*call.arguments)
        except ValueError as error:  # the caller's fault: ImageError, a bad argument
            answer = error
        _send(answers, answer)


def _private_stdout() -> BinaryIO:
    # A native library that prints must not get between the pickles: its stdout becomes stderr.
    private = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return private


def _send(answers: BinaryIO, answer: object) -> None:
    pickle.dump(answer, answers, protocol=pickle.HIGHEST_PROTOCOL)
    answers.flush()


def _read_calls(stream: BinaryIO, calls: "queue.SimpleQueue[Call]") -> None:
    while True:
        try:
            calls.put(pickle.load(stream))  # noqa: S301 - written by our own parent
        except EOFError:
            os._exit(0)


if __name__ == "__main__":
    main()
