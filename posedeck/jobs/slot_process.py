"""The process behind one job slot: runs the functions of kinds of job.

Started by ``posedeck.jobs.slots``. A kind's module is imported at its first call and may keep what it has loaded.
"""

import importlib
import logging
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import cast, overload

from posedeck.engine.worker_loop import WorkerLoop
from posedeck.jobs.kind import JobRefused, KindModule, Work
from posedeck.jobs.slot_messages import Broke, Given, KindCall, Refused


class ChunkFiles(Sequence[bytes]):
    """What the chunks gave, each read when it is asked for."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> "ChunkFiles": ...

    def __getitem__(self, index: int | slice) -> "bytes | ChunkFiles":
        if isinstance(index, slice):
            return ChunkFiles(self._paths[index])
        return self._paths[index].read_bytes()


def main() -> None:
    """Answer calls until the parent closes the pipe."""
    loop = WorkerLoop()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")

    def answer(call: KindCall) -> Given | Refused | Broke:
        try:
            return Given(_run(call, loop))
        except JobRefused as refused:
            return Refused(refused.code, refused.text)
        except Exception as error:  # noqa: BLE001 - a kind's mistake fails its job, not the worker
            return Broke(type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))

    loop.serve(answer)


def _run(call: KindCall, loop: WorkerLoop) -> object:
    kind = cast("KindModule", importlib.import_module(call.module))

    def report(stage: str, frames_done: int, frames_total: int) -> None:
        loop.note((stage, frames_done, frames_total))

    work = Work(call.params, call.input, call.scratch, call.model_dir, report, call.plan)
    given = ChunkFiles(call.given)
    if call.function == "prepare":
        return kind.prepare(work)
    if call.function == "chunk":
        return kind.chunk(work, call.index, given[0] if given else None)
    return kind.finish(work, given)


if __name__ == "__main__":
    main()
