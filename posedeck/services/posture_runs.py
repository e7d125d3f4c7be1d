"""Posture answers as runs: asked for and kept in one step, and read back without a call."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from posedeck import __version__
from posedeck.clients.remo import VENDOR, RemoClient, RemoCredentials
from posedeck.contracts.remo.audit import audit_answer
from posedeck.contracts.remo.skeleton import parse_answer
from posedeck.pose.grades import load_profile
from posedeck.pose.posture import View
from posedeck.runs.run import Run, Summary
from posedeck.runs.store import RunStore
from posedeck.services.assessment import Assessment, assess
from posedeck.services.photos import Photo
from posedeck.services.posture import PostureResult, analyse_posture, read_result
from posedeck.services.recording import (
    Draft,
    Question,
    Recorder,
    new_run,
    photo_contents,
    read_exchange,
    read_photo,
    recorded,
    thumbnail,
)
from posedeck.services.saved import SavedResult, save_result
from posedeck.services.sources import Source
from posedeck.services.wording import level

PAGE = "posture"


def analyse_and_record(
    recorder: Recorder | None,
    client: RemoClient,
    credentials: RemoCredentials,
    photos: Mapping[View, Photo],
    *,
    source: Source,
    base_url: str,
    profile_name: str,
) -> PostureResult:
    """``analyse_posture``, its answer kept before it is returned. Raises what that raises."""

    def ask() -> PostureResult:
        return analyse_posture(client, credentials, photos, source=source, base_url=base_url, profile_name=profile_name)

    question = _question(photos, source, base_url, profile_name)
    result, run = recorded(recorder, question, ask, posture_draft)
    return result if run is None else replace(result, run_id=run.id)


def posture_draft(result: PostureResult) -> Draft:
    """What a result leaves behind, assessed by the profile that it was asked for with."""
    assessment = assess(result, result.profile)
    run, answer = new_run(
        _question(result.photos, result.source, result.base_url, result.profile.name),
        result.body,
        result.exchange,
        created_at=result.answered_at,
        profile=f"{result.profile.name} {result.profile.version}",
        versions=_versions(result, assessment),
    )
    # Of the answer without secrets: findings quote it.
    findings = tuple(audit_answer(msgspec.json.decode(answer)).findings)
    run = msgspec.structs.replace(run, findings=findings, summary=_summary(assessment, len(findings)))
    kept = msgspec.json.encode(save_result(result, assessment))
    photos = {view.value: photo for view, photo in result.photos.items()}
    return Draft(run, photo_contents(photos) | {"answer": answer, "result": kept}, thumbnail(photos))


def reopen_posture(store: RunStore, run: Run) -> PostureResult:
    """The result of a run, computed again from the answer that was kept; nobody is asked.

    Raises:
        FileNotFoundError: when its pictures or its answer were not kept.
        ValueError: when the answer is none that this PoseDeck reads.
    """
    body: dict[str, Any] = msgspec.json.decode(store.content(run, "answer"))
    return read_result(
        parse_answer(body),
        body,
        {view: read_photo(store, run, view.value) for view in View if view.value in run.inputs},
        exchange=read_exchange(run.exchange),
        source=Source(run.source),
        base_url=run.base_url,
        profile=load_profile(run.params["profile"]),
        answered_at=run.created_at,
        run_id=run.id,
    )


def kept_result(store: RunStore, run: Run) -> SavedResult:
    """The result as it was assessed when the answer came. Raises FileNotFoundError when it was not kept."""
    return msgspec.json.decode(store.content(run, "result"), type=SavedResult)


def _question(photos: Mapping[View, Photo], source: Source, base_url: str, profile_name: str) -> Question:
    return Question(
        page=PAGE,
        vendor=VENDOR,
        source=source,
        base_url=base_url,
        photos={view.value: photo for view, photo in photos.items()},
        params={"profile": profile_name},
    )


def _versions(result: PostureResult, assessment: Assessment) -> dict[str, str]:
    versions = {"posedeck": __version__}
    if assessment.calibration is not None:
        versions["calibration"] = assessment.calibration.version
    if result.method is not None:
        versions |= {"engine": result.method.engine, "models": ", ".join(result.method.models)}
    return versions


def _summary(assessment: Assessment, findings: int) -> Summary:
    levels = [level(entry.grade) for entry in assessment.metrics]
    graded = [each for each in levels if each is not None]
    return Summary(
        grade=max(graded, default=None),
        numbers={
            "caution": float(graded.count(1)),
            "danger": float(graded.count(2)),
            "borderline": float(sum(entry.borderline for entry in assessment.metrics)),
        },
        findings=findings,
    )
