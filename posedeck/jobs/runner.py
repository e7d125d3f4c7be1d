"""Runs one job step by step. Knows nothing of what makes the steps durable (``posedeck.jobs.workflow``).

Each step ends the job itself when it has to end, and tells so by giving None; the next steps are not run then.
"""

import contextlib
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from posedeck.engine.models import ModelsUnavailable
from posedeck.engine.worker_process import SlotCrashed, SlotTimeout
from posedeck.jobs.estimate import learn_in
from posedeck.jobs.kind import Fault, JobKind, Outcome, Plan
from posedeck.jobs.slot_messages import Broke, Given, KindCall, Refused
from posedeck.jobs.slots import JobSlot, JobSlots
from posedeck.jobs.spent import Spent
from posedeck.jobs.store import MAX_ATTEMPTS, JobStore
from posedeck.storage.blobs import Blobs

_LOG = logging.getLogger(__name__)
#: Progress is written down this often at most.
_REPORT_EVERY_S = 1.0
#: A slot whose process does not start is tried again: it may have been killed with others, or memory be short.
_START_TRIES = 5
#: A process that has answered a whole short job has loaded what it needs.
_WARM_CALLS = 3
_START_PAUSE_S = 1.0

#: See ``JobRunner.run``.
Step = Callable[[str, Callable[[], Any]], Any]


class JobRunner:
    """Runs jobs of the kinds given. Safe between threads, each of which runs another job.

    Args:
        store: The jobs.
        blobs: Where their files are.
        slots: Where their functions run.
        kinds: By name.
        models: Gives the model folder, fetching the models if need be; may raise ModelsUnavailable.
        folder: For files of a run; emptied first: what is there was left by a process that died.
    """

    def __init__(
        self,
        store: JobStore,
        blobs: Blobs,
        slots: JobSlots,
        kinds: Mapping[str, JobKind],
        models: Callable[[], Path],
        folder: Path,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._slots = slots
        self._kinds = kinds
        self._models = models
        self._folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._spent = Spent()

    def run(self, job_id: str, step: Step) -> None:
        """Run a job from its start, or on from the last step that was recorded, to its end.

        Args:
            job_id: Which job.
            step: Runs a step and records what it gave, as JSON, under its name; gives what is recorded instead, when
                it was run before. Steps come in the same order each time.
        """
        self._spent.start(job_id)
        try:
            self._run(job_id, step)
        except Exception:
            _LOG.exception("job %s failed unexpectedly", job_id)
            self._end(job_id, Fault.FAILED, "the job failed unexpectedly; the server's log has the details")
            raise
        finally:
            self._spent.forget(job_id)

    def _run(self, job_id: str, step: Step) -> None:
        plan: dict[str, Any] | None = step("prepare", lambda: self._prepare(job_id))
        if plan is None:
            return
        keys: list[str] = []
        for index in range(len(plan["chunks"])):
            key: str | None = step("chunk", partial(self._chunk, job_id, plan, index, keys[-1:]))
            if key is None:
                return
            keys.append(key)
        step("finish", lambda: self._finish(job_id, plan, keys))

    def _prepare(self, job_id: str) -> dict[str, Any] | None:
        plan: Plan | None = self._call(job_id, "prepare")
        if plan is None:
            return None
        self._store.report(job_id, "prepare", 0, plan.frames_total)
        self._store.finish_step(job_id)
        as_json: dict[str, Any] = msgspec.to_builtins(plan)
        return as_json

    def _chunk(self, job_id: str, plan: dict[str, Any], index: int, previous: Sequence[str]) -> str | None:
        key = self._finished_before(job_id, index)
        if key is None:
            data: bytes | None = self._call(job_id, "chunk", _plan(plan), previous, index)
            if data is None:
                return None
            key = self._blobs.put(data)
        return key if self._store.finish_chunk(job_id, index, key) else None

    def _finished_before(self, job_id: str, index: int) -> str | None:
        """The blob of a chunk that was finished before the job was cancelled and went on; None when it has to be done.

        Chunks follow from each other, so the first one that is missing is the last that is looked for.
        """
        job = self._store.get(job_id)
        if job is None or index >= len(job.chunks) or not all(map(self._blobs.exists, job.chunks[: index + 1])):
            return None
        return job.chunks[index]

    def _finish(self, job_id: str, plan: dict[str, Any], chunks: Sequence[str]) -> None:
        with self._scratch() as scratch:
            outcome: Outcome | None = self._call(job_id, "finish", _plan(plan), chunks, scratch=scratch)
            if outcome is not None:
                self._succeed(job_id, outcome, len(chunks), plan["frames_total"])

    def _succeed(self, job_id: str, outcome: Outcome, chunks: int, frames: int) -> None:
        files = {name: self._blobs.put_file(path) for name, path in outcome.media.items()}
        job = self._store.succeed(job_id, self._blobs.put(outcome.result), files)
        if job is None:
            return
        # Whatever was erased for a run that held the same bytes, between being put and being held.
        for name, key in files.items():
            if not self._blobs.exists(key):
                self._blobs.put_file(outcome.media[name])
        if job.result_blob is not None and not self._blobs.exists(job.result_blob):
            self._blobs.put(outcome.result)
        run = self._spent.of_whole_run(job_id, chunks + 2, frames)
        if run is not None:
            with self._store.database.begin() as connection:
                learn_in(connection, job.kind, run)

    def _call(
        self,
        job_id: str,
        function: str,
        plan: Plan | None = None,
        given: Sequence[str] = (),
        index: int = 0,
        scratch: Path | None = None,
    ) -> Any:
        """What a function of the job's kind returned; None when the job has ended, now or before."""
        job = self._store.get(job_id)
        if job is None or job.state.final:
            return None
        kind = self._kinds.get(job.kind)
        if kind is None:
            return self._end(job_id, Fault.FAILED, f"this worker knows no jobs of the kind {job.kind}")
        try:
            model_dir = self._models() if kind.needs_models else Path()
        except ModelsUnavailable as error:
            return self._end(job_id, Fault.FAILED, str(error))
        with self._slots.one() as slot, self._scratch() as files:
            call = KindCall(
                module=kind.module,
                function=function,
                params=job.params,
                input=None if job.input_blob is None else self._local(job.input_blob, files),
                scratch=scratch or _made(files / "scratch"),
                model_dir=model_dir,
                plan=plan,
                index=index,
                given=tuple(self._local(key, files) for key in given),
            )
            answer = self._answer(slot, job_id, kind, call)
        if answer is None:
            return None
        if isinstance(answer, Refused):
            return self._end(job_id, answer.code, answer.text)
        if isinstance(answer, Broke):
            _LOG.error("job %s: %s in %s\n%s", job_id, answer.kind, function, answer.places)
            return self._end(job_id, Fault.FAILED, f"unexpected error in the {function} step ({answer.kind})")
        return answer.value

    def _answer(self, slot: JobSlot, job_id: str, kind: JobKind, call: KindCall) -> Given | Refused | Broke | None:
        """What a slot answers, again in another process when its own dies; None when that ended the job."""
        while True:
            # Only what happens from here on is counted as the job's doing, and before it happens: it may be that it
            # takes this process along.
            _started(slot)
            job = self._store.begin(job_id)
            if job is None:
                return None
            if job.attempts > MAX_ATTEMPTS:
                self._end(job_id, Fault.CRASHED, "the process that worked on it died each time")
                return None
            try:
                with self._spent.step(job_id, warm=slot.calls >= _WARM_CALLS):
                    return slot.run(call, kind.call_limit_s, self._reporter(job_id))
            except SlotTimeout:
                text = f"the {call.function} step took over {kind.call_limit_s:g} s"
                self._end(job_id, Fault.TIMEOUT, text)
                return None
            except SlotCrashed:
                _empty(call.scratch)

    def _end(self, job_id: str, code: str, text: str) -> None:
        self._store.fail(job_id, code, text)

    def _reporter(self, job_id: str) -> Callable[[tuple[str, int, int]], None]:
        last = -_REPORT_EVERY_S

        def report(note: tuple[str, int, int]) -> None:
            nonlocal last
            stage, done, total = note
            now = time.monotonic()
            if now - last < _REPORT_EVERY_S:
                return
            last = now
            try:
                self._store.report(job_id, stage, done, total)
            except SQLAlchemyError:  # nobody's result depends on it, and the exchange with the slot must go on
                _LOG.exception("progress of job %s could not be written", job_id)

        return report

    def _local(self, key: str, folder: Path) -> Path:
        path = self._blobs.local_path(key)
        if path is None:
            path = folder / key
            self._blobs.fetch_to(key, path)
        return path

    @contextlib.contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def _started(slot: JobSlot) -> None:
    """See to it that there is a process in the slot. Raises SlotCrashed or SlotTimeout when there can be none."""
    for _ in range(_START_TRIES - 1):
        try:
            slot.ready()
        except (SlotCrashed, SlotTimeout):
            time.sleep(_START_PAUSE_S)
        else:
            return
    slot.ready()


def _plan(plan: dict[str, Any]) -> Plan:
    return msgspec.convert(plan, Plan)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)
