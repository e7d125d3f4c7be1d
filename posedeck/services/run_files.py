"""The files of one run: its result as its own page exports it, and all that is known of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec

from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.runs.run import Run, StoredRun
from posedeck.runs.store import RunStore
from posedeck.services import (
    batch_runs,
    clip_export,
    clip_runs,
    future_shape_runs,
    keypoint_export,
    keypoint_picture,
    keypoint_runs,
    picture,
    posture_runs,
    saved,
    shape_export,
    soccer_export,
    soccer_picture,
    soccer_runs,
    spreadsheet,
)
from posedeck.services.assessment import assess
from posedeck.services.keypoint_batch import batch_csv
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_report import comparison_html
from posedeck.services.kick_report import kick_html
from posedeck.services.report import report_html
from posedeck.services.run_diff import folded_answer
from posedeck.services.shape_report import shape_html
from posedeck.services.sharing import shareable
from posedeck.texts import LANGUAGES, load_texts

FORMAT = "posedeck-run"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class RunFile:
    """A file that is made when it is wanted."""

    name: str
    mime: str
    make: Callable[[], bytes]


def run_files(store: RunStore, run: Run, language: str) -> list[RunFile]:
    """The files of a run's result, pictures worded in a language, reports in both; none when there is no kept result.

    Raises:
        FileNotFoundError: when pictures or answer are gone.
        ValueError: when the answer is none that this PoseDeck reads.
    """
    make = _FILES.get(run.page)
    return list(make(store, run, language)) if make and run.has_result else []


def describe_run(store: RunStore, stored: StoredRun) -> dict[str, Any]:
    """All that is known of a run as JSON: who answered, request, answer with its files folded, findings, review."""
    run = msgspec.to_builtins(stored.run, str_keys=True)
    try:
        answer = folded_answer(store, stored.run)
    except FileNotFoundError:
        answer = None
    described: dict[str, Any] = shareable({"run": run, "review": msgspec.to_builtins(stored.review), "answer": answer})
    # The name is the run's own and opens it; everything else called id is a person's.
    described["run"]["id"] = stored.run.id
    return {"format": FORMAT, "format_version": FORMAT_VERSION, **described}


def as_json(value: Any) -> bytes:
    """JSON to be read by people."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2)


def _posture(store: RunStore, run: Run, language: str) -> Iterator[RunFile]:
    result = posture_runs.reopen_posture(store, run)
    assessment = assess(result, load_profile(run.params["profile"]))
    for each in LANGUAGES:
        yield _report(each, partial(report_html, result, assessment, run.findings, load_texts(each)))
    yield RunFile("result.json", "application/json", partial(saved.export_json, result, assessment))
    yield RunFile("values.csv", "text/csv", partial(spreadsheet.export_csv, result, assessment))
    yield RunFile("picture.png", "image/png", partial(picture.export_png, result, assessment, load_texts(language)))


def _keypoints(store: RunStore, run: Run, language: str) -> Iterator[RunFile]:
    answers = {
        side: keypoint_runs.reopen_keypoints(store, each) for side, each in keypoint_runs.sides_of(store, run).items()
    }
    own = next(iter(answers.values()))
    if len(answers) < 2:
        yield RunFile("result.json", "application/json", lambda: as_json(keypoint_export.save_side(own)))
        return
    comparison = KeypointComparison(answers["left"], answers["right"], load_profile(REMO_2024))
    pair = next(iter(comparison.agreement.pairs), None)
    for each in LANGUAGES:
        yield _report(each, partial(comparison_html, comparison, load_texts(each)))
    yield RunFile("result.json", "application/json", partial(keypoint_export.export_json, comparison))
    yield RunFile("joints.csv", "text/csv", partial(keypoint_export.export_csv, comparison))
    yield RunFile(
        "picture.png", "image/png", partial(keypoint_picture.export_png, comparison, pair, load_texts(language))
    )


def _future_shape(store: RunStore, run: Run, language: str) -> Iterator[RunFile]:
    results = list(future_shape_runs.reopen_shapes(store, run).values())
    findings = future_shape_runs.audit_shapes(results)
    for each in LANGUAGES:
        yield _report(each, partial(shape_html, results, findings, load_texts(each)))
    yield RunFile("result.json", "application/json", partial(shape_export.export_json, results))
    yield RunFile("picture.png", "image/png", partial(shape_export.export_together, results, load_texts(language)))


def _soccer(store: RunStore, run: Run, language: str) -> Iterator[RunFile]:
    result = soccer_runs.reopen_kick(store, run)
    for each in LANGUAGES:
        yield _report(each, partial(kick_html, result, run.findings, load_texts(each)))
    yield RunFile("result.json", "application/json", partial(soccer_export.export_json, result))
    yield RunFile("values.csv", "text/csv", partial(soccer_export.export_csv, result))
    if result.analysis is not None:
        yield RunFile("curves.csv", "text/csv", partial(soccer_export.export_curves_csv, result))
    yield RunFile("picture.png", "image/png", partial(soccer_picture.export_png, result, load_texts(language)))


def _clip(store: RunStore, run: Run, _language: str) -> Iterator[RunFile]:
    answer = clip_runs.reopen_clip(store, run)
    yield RunFile("result.json", "application/json", partial(clip_export.tracks_json, answer))
    yield RunFile("keypoints.csv", "text/csv", partial(clip_export.tracks_csv, answer))


def _batch(store: RunStore, run: Run, _language: str) -> Iterator[RunFile]:
    batch = batch_runs.reopen_batch(store, run)
    yield RunFile("result.json", "application/json", partial(store.content, run, "answer"))
    yield RunFile("joints.csv", "text/csv", partial(batch_csv, batch.result))
    if batch.read_truth is not None:
        yield RunFile("truth.json", "application/json", batch.read_truth)


def _report(language: str, make: Callable[[], bytes]) -> RunFile:
    return RunFile(f"report.{language}.html", "text/html", make)


_FILES: dict[str, Callable[[RunStore, Run, str], Iterator[RunFile]]] = {
    posture_runs.PAGE: _posture,
    **dict.fromkeys(keypoint_runs.ANSWER_PAGES, _keypoints),
    future_shape_runs.PAGE: _future_shape,
    soccer_runs.PAGE: _soccer,
    clip_runs.PAGE: _clip,
    batch_runs.PAGE: _batch,
}
