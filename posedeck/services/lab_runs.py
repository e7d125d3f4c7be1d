"""Answers of the perturbation lab as runs: one a step, and the whole of it read back without a call."""

from typing import Any

from posedeck.pose.agreement.perturbation import Kind, Perturbation
from posedeck.runs.store import RunStore
from posedeck.services.keypoint_runs import LAB_PAGE, asked_together
from posedeck.services.keypoints import KeypointAnswer
from posedeck.services.perturbation import LabResult, lab_result


def lab_group(baseline: KeypointAnswer) -> str:
    """What the steps about an answer have in common; empty when that answer is no run."""
    return "" if baseline.run_id is None else f"lab-{baseline.run_id}"


def step_params(step: Perturbation, baseline: KeypointAnswer, ask: str) -> dict[str, Any]:
    """What tells the run of a step from others.

    Args:
        step: What was done to the picture.
        baseline: The answer to the picture itself.
        ask: What the steps of one measurement have in common.
    """
    return {"kind": step.kind.value, "amount": step.amount, "baseline": baseline.run_id, "ask": ask}


def kept_lab(store: RunStore, baseline: KeypointAnswer) -> LabResult | None:
    """The last measurement about an answer, computed again from its runs; None when there is none. Nobody is asked."""
    group = lab_group(baseline)
    found = asked_together(store, LAB_PAGE, group) if group else []
    if not found:
        return None
    steps = [(Perturbation(Kind(run.params["kind"]), float(run.params["amount"])), answer) for run, answer in found]
    return lab_result(baseline, steps, len(steps))
