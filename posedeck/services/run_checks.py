"""Today's checks on old answers: what the audits find and the computations give now, against what they did then."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.audit import audit_answer
from posedeck.pose.grades import Profile, load_profile
from posedeck.runs.run import Run
from posedeck.runs.store import RunStore
from posedeck.services import future_shape_runs, keypoint_runs, posture_runs, soccer_runs
from posedeck.services.assessment import assess
from posedeck.services.json_diff import Change, json_diff
from posedeck.services.keypoint_export import save_side
from posedeck.services.kick_again import changes_today
from posedeck.services.kick_audit import audit_answers
from posedeck.services.run_diff import FindingsDiff, findings_diff
from posedeck.services.saved import save_result
from posedeck.services.soccer_export import saved_kick
from posedeck.services.wording import level

#: Level of a grade (0 normal, 1 caution, 2 danger) then and now.
GradeChange = tuple[int | None, int | None]


@dataclass(frozen=True)
class Recheck:
    """What today's PoseDeck makes of an old answer.

    Attributes:
        findings: What the audit found then and finds now.
        values: Where the result as it was first shown differs from what is computed now.
        grades: Metrics whose grade is another one than it was first shown as.
    """

    findings: FindingsDiff
    values: list[Change]
    grades: Mapping[str, GradeChange] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether anything is different."""
        return bool(self.values or self.grades or self.findings.only_before or self.findings.only_after)


@dataclass(frozen=True)
class _Checked:
    """Findings now; the result then and now as JSON values; and what else is different."""

    findings: Sequence[Finding]
    before: Any
    now: Any
    more: Sequence[Change] = ()
    grades: Mapping[str, GradeChange] = field(default_factory=dict)


def recheck(store: RunStore, run: Run, profile: Profile | None = None) -> Recheck | None:
    """Today's checks on the answer of a run; None for a page without any. Nobody is asked.

    Args:
        store: Where the run is.
        run: A run with a result.
        profile: Grades a posture instead of the profile that it was graded by.

    Raises:
        FileNotFoundError: when the answer was not kept.
        ValueError: when today's PoseDeck cannot read it.
    """
    check = _CHECKS.get(run.page)
    if check is None:
        return None
    checked = check(store, run, profile)
    now = msgspec.structs.replace(run, findings=tuple(checked.findings))
    values = [*json_diff(checked.before, checked.now), *checked.more]
    return Recheck(findings_diff(run, now), values, checked.grades)


@dataclass(frozen=True)
class Rechecked:
    """What came of one of many runs: its recheck, or why there is none (a key of ``regrade.skipped``)."""

    run: Run
    recheck: Recheck | None
    skipped: str = ""


def recheck_all(store: RunStore, run_ids: Iterable[str], profile: Profile | None = None) -> Iterator[Rechecked]:
    """Today's checks on many runs, one after the other; those that are gone are passed over. Nothing is written."""
    for run_id in run_ids:
        try:
            run = store.get(run_id).run
        except KeyError:
            continue  # deleted for good meanwhile
        yield _rechecked(store, run, profile)


def _rechecked(store: RunStore, run: Run, profile: Profile | None) -> Rechecked:
    if not run.is_kept:
        return Rechecked(run, None, "not_kept")
    if not run.has_result:
        return Rechecked(run, None, "no_result")
    try:
        checked = recheck(store, run, profile)
    except OSError:
        return Rechecked(run, None, "not_kept")
    except ValueError:
        return Rechecked(run, None, "unreadable")
    return Rechecked(run, checked, "" if checked else "no_checks")


def _check_posture(store: RunStore, run: Run, profile: Profile | None) -> _Checked:
    result = posture_runs.reopen_posture(store, run)
    before = posture_runs.kept_result(store, run)
    assessment = assess(result, load_profile(run.params["profile"]))
    # Who computes it differs by nature.
    now = msgspec.structs.replace(save_result(result, assessment), application=before.application)
    graded = assessment if profile is None else assess(result, profile)
    shown = {metric.key: level(metric.grade) for metric in before.metrics}
    grades = {
        entry.metric.key: (shown.get(entry.metric.key), level(entry.grade))
        for entry in graded.metrics
        if shown.get(entry.metric.key) != level(entry.grade)
    }
    return _Checked(audit_answer(result.body).findings, _plain(before), _plain(now), grades=grades)


def _check_keypoints(store: RunStore, run: Run, _: Profile | None) -> _Checked:
    answer = keypoint_runs.reopen_keypoints(store, run)
    findings = keypoint_runs.audit_keypoints(answer.vendor, answer.body)
    return _Checked(findings, msgspec.json.decode(store.content(run, "result")), _plain(save_side(answer)))


def _check_kick(store: RunStore, run: Run, _: Profile | None) -> _Checked:
    result = soccer_runs.reopen_kick(store, run)
    now = msgspec.json.decode(saved_kick(result))
    # Runs of before the figures were kept have nothing to hold today's against.
    before = msgspec.json.decode(store.content(run, "result")) if "result" in run.contents else now
    return _Checked(list(audit_answers(result)), before, now, changes_today(result))


def _check_shape(store: RunStore, run: Run, _: Profile | None) -> _Checked:
    checked = future_shape_runs.check_again(store, run)
    return _Checked(checked.findings, _plain(checked.before), _plain(checked.now))


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


_CHECKS: dict[str, Callable[[RunStore, Run, Profile | None], _Checked]] = {
    posture_runs.PAGE: _check_posture,
    **dict.fromkeys(keypoint_runs.ANSWER_PAGES, _check_keypoints),
    soccer_runs.PAGE: _check_kick,
    future_shape_runs.PAGE: _check_shape,
}
