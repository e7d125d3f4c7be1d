"""Answers about frames of a clip and of the perturbation lab as runs: read back together with the same numbers."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posedeck.net.errors import AnswerRefused
from posedeck.net.transport import Transport
from posedeck.pose.agreement.perturbation import Kind, Perturbation, perturbations
from posedeck.pose.pose import Pose
from posedeck.runs.query import RunQuery
from posedeck.services.clip_agreement import ask_frames
from posedeck.services.clip_frame_runs import ask_frame, kept_frames
from posedeck.services.clip_frames import SampledFrame
from posedeck.services.keypoint_runs import FRAME_PAGE, LAB_PAGE, ask_and_record, sides_of
from posedeck.services.keypoints import DEMO_CREDENTIALS, KeypointAnswer, Vendor
from posedeck.services.lab_runs import kept_lab, lab_group, step_params
from posedeck.services.perturbation import LabResult, LabRun, export_lab_csv
from posedeck.services.photos import Photo
from posedeck.services.run_checks import recheck
from posedeck.services.run_files import run_files
from posedeck.services.run_wording import run_place
from posedeck.services.sources import Source
from tests.support.archive import archive
from tests.support.vendor import read_body, scripted_vendor, vendor
from tests.unit.services.test_keypoint_runs import Archive, ask, person, wide_photo


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Archive]:
    with archive(tmp_path) as opened:
        yield opened


@contextmanager
def moving_person() -> Iterator[str]:
    """A Kakao of ours that finds the person elsewhere at each call."""
    calls = iter(range(1000))

    def script(request: Any) -> tuple[int, Any]:
        read_body(request)
        return 200, [person(7.0 * next(calls))]

    with scripted_vendor(script) as url:
        yield url


def forbid_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a call was made")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(Transport, "send", refuse)


def ask_about(kept: Archive, url: str, indices: list[int], asking: str) -> dict[int, list[Pose]]:
    frames = [SampledFrame(index, wide_photo()) for index in indices]
    with Transport("kakao") as transport:
        return ask_frames(
            frames,
            lambda frame: ask_frame(
                kept[1],
                Vendor.KAKAO,
                Source.LIVE,
                frame,
                DEMO_CREDENTIALS[Vendor.KAKAO],
                url,
                transport,
                job_id="a-job",
                ask=asking,
            ),
            lambda _: None,
        )


def test_the_last_frames_that_were_asked_about_come_back_without_a_call(
    kept: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run a frame, with a picture, findings and checks of its own; another clip knows nothing of them."""
    store, _ = kept
    with moving_person() as url:
        ask_about(kept, url, [1, 5], "before")
        asked = ask_about(kept, url, [2, 4, 6], "last")
    forbid_calls(monkeypatch)

    again = kept_frames(store, "a-job")
    assert again is not None
    source, people = again
    assert source is Source.LIVE
    assert list(people) == [2, 4, 6]
    for index, poses in asked.items():
        np.testing.assert_array_equal(people[index][0].xy_px, poses[0].xy_px)
    assert kept_frames(store, "another-job") is None

    rows = store.search(RunQuery(page=FRAME_PAGE, vendor="kakao"), limit=50).rows
    assert len(rows) == 5
    assert all(row.thumbnail for row in rows)
    run = store.get(rows[0].id).run
    assert sides_of(store, run) == {"left": run}, "frames are no sides of one comparison"
    checked = recheck(store, run)
    assert checked is not None
    assert not checked.values
    assert [file.name for file in run_files(store, run, "en")] == ["result.json"]
    assert run_place(run.page) == ("keypoints", {"view": "picture"})


def test_frames_that_were_answered_before_a_failure_are_kept(kept: Archive) -> None:
    answers = iter([(200, [person(0.0)]), (400, {"code": -2, "msg": "no"})])

    def script(request: Any) -> tuple[int, Any]:
        read_body(request)
        return next(answers)

    with scripted_vendor(script) as url, pytest.raises(AnswerRefused):
        ask_about(kept, url, [3, 9], "once")
    found = kept_frames(kept[0], "a-job")
    assert found is not None
    assert list(found[1]) == [3]


def measure(kept: Archive, url: str, baseline: KeypointAnswer, asking: str, kinds: list[Kind]) -> LabResult:
    with Transport("kakao") as transport:

        def step_answer(photo: Photo, step: Perturbation) -> KeypointAnswer:
            return ask_and_record(
                kept[1],
                Vendor.KAKAO,
                Source.LIVE,
                photo,
                DEMO_CREDENTIALS[Vendor.KAKAO],
                url,
                transport,
                group=lab_group(baseline),
                page=LAB_PAGE,
                params=step_params(step, baseline, asking),
            )

        return LabRun(step_answer, baseline, perturbations(kinds)).run()


def test_the_last_measurement_of_the_lab_is_computed_again_without_a_call(
    kept: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, recorder = kept
    with vendor([person(0.0)]) as url:
        baseline = ask(recorder, url, "left")
    with moving_person() as url:
        measure(kept, url, baseline, "before", [Kind.JPEG])
        last = measure(kept, url, baseline, "last", [Kind.MIRROR, Kind.ROTATE])
    forbid_calls(monkeypatch)

    again = kept_lab(store, baseline)
    assert again is not None
    assert export_lab_csv(again) == export_lab_csv(last)
    # As texts: what was matched by nobody has no distance, and NaN does not equal itself.
    assert repr((again.measured, again.mirror)) == repr((last.measured, last.mirror))
    assert (again.wanted, again.error) == (len(last.measured), None)
    assert kept_lab(store, replace(baseline, run_id=None)) is None
    assert kept_lab(store, replace(baseline, run_id="another")) is None
