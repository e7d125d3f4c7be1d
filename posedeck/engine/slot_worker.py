"""The process behind one inference slot: a ``PoseEngine`` that answers calls.

Started by ``posedeck.engine.slots`` with the model folder as its argument.
"""

import sys
from pathlib import Path

import cv2
import numpy as np

from posedeck.engine.people import PoseEngine
from posedeck.engine.worker_loop import WorkerLoop
from posedeck.engine.worker_process import Call


def main() -> None:
    """Load the models, then answer calls."""
    loop = WorkerLoop()
    cv2.setNumThreads(1)  # one slot, one core
    engine = PoseEngine(Path(sys.argv[1]), threads=1)
    engine.estimate(np.zeros((64, 64, 3), np.uint8), passes=1)

    def answer(call: Call) -> object:
        return getattr(engine, call.method)(*call.arguments)

    loop.serve(answer)


if __name__ == "__main__":
    main()
