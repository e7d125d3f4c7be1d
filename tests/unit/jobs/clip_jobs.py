"""A kind of job run for real: its functions in a slot's process, one call after another, as the worker does it."""

from pathlib import Path
from typing import Any

from posedeck.engine.models import ensure_models
from posedeck.jobs.kind import Outcome, Plan
from posedeck.jobs.kinds import KINDS
from posedeck.jobs.slot_messages import Broke, Given, KindCall, Refused
from posedeck.jobs.slots import JobSlot

Note = tuple[str, int, int]


class ClipJob:
    """One job; ``notes`` is the progress that it told."""

    def __init__(self, slot: JobSlot, kind: str, clip: Path, scratch: Path, **params: Any) -> None:
        self.notes: list[Note] = []
        self._slot, self._kind, self._clip, self._scratch, self._params = slot, KINDS[kind], clip, scratch, params

    def run(self) -> Outcome | Refused:
        """All steps to the end, or the refusal that ends it before."""
        plan = self._call("prepare")
        if isinstance(plan, Refused):
            return plan
        chunks: list[Path] = []
        for index in range(len(plan.chunks)):
            data = self._call("chunk", plan, index, chunks[-1:])
            if isinstance(data, Refused):
                return data
            chunks.append(self._scratch / f"chunk-{index}")
            chunks[-1].write_bytes(data)
        outcome: Outcome | Refused = self._call("finish", plan, 0, chunks)
        return outcome

    def _call(self, function: str, plan: Plan | None = None, index: int = 0, given: list[Path] | None = None) -> Any:
        answer: Given | Refused | Broke = self._slot.run(
            KindCall(
                module=self._kind.module,
                function=function,
                params=self._params,
                input=self._clip,
                scratch=self._scratch,
                model_dir=ensure_models(),
                plan=plan,
                index=index,
                given=tuple(given or ()),
            ),
            self._kind.call_limit_s,
            self.notes.append,
        )
        assert not isinstance(answer, Broke), answer
        return answer if isinstance(answer, Refused) else answer.value
