"""Keypoint answers as runs: both sides of a comparison kept, read back with the same numbers and without a call."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posedeck.net.transport import Transport
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.runs.query import RunQuery
from posedeck.runs.store import RunStore
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_export import export_json
from posedeck.services.keypoint_runs import ask_and_record, read_and_record, reopen_keypoints, sides_of
from posedeck.services.keypoints import DEMO_CREDENTIALS, KeypointAnswer, Vendor
from posedeck.services.photos import Photo, prepare_photo
from posedeck.services.recording import Recorder
from posedeck.services.sources import Source
from tests.support.archive import archive
from tests.support.people import SAMPLES
from tests.support.vendor import vendor
from tests.unit.services.test_keypoints import kakao_person

Archive = tuple[RunStore, Recorder]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Archive]:
    """An empty store of runs with its recorder."""
    with archive(tmp_path) as opened:
        yield opened


def wide_photo() -> Photo:
    """A photo that has to be changed for Kakao, so that its keypoints have to be brought back."""
    photo = prepare_photo((SAMPLES / "front_apose.jpg").read_bytes())
    assert max(photo.width, photo.height) < 2048
    return photo


def person(shift: float) -> dict[str, Any]:
    """A person whose joints lie apart from each other."""
    grid = [[40.0 + 11 * i + shift, 60.0 + 23 * i, 0.6 + 0.02 * i] for i in range(17)]
    return kakao_person() | {"keypoints": [value for point in grid for value in point]}


def ask(recorder: Recorder, url: str, side: str, group: str = "pair") -> KeypointAnswer:
    with Transport("kakao") as transport:
        return ask_and_record(
            recorder,
            Vendor.KAKAO,
            Source.LIVE,
            wide_photo(),
            DEMO_CREDENTIALS[Vendor.KAKAO],
            url,
            transport,
            side=side,
            group=group,
        )


def test_a_comparison_opens_again_with_the_same_numbers(kept: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """From either side, people in pixels of the picture, everything computed from them equal; nobody is asked."""
    store, recorder = kept
    with vendor([person(0.0), person(150.0)]) as url:
        left = ask(recorder, url, "left")
    with vendor([person(3.0)]) as url:
        right = ask(recorder, url, "right")

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a call was made")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(Transport, "send", refuse)
    profile = load_profile(REMO_2024)
    for answer in (left, right):
        assert answer.run_id is not None
        sides = sides_of(store, store.get(answer.run_id).run)
        again = {side: reopen_keypoints(store, run) for side, run in sides.items()}
        assert export_json(KeypointComparison(again["left"], again["right"], profile)) == export_json(
            KeypointComparison(left, right, profile)
        )
        assert again["left"].fitted is not None
        assert left.fitted is not None
        assert again["left"].fitted.photo.data == left.fitted.photo.data


def test_a_side_that_was_asked_again_is_the_newest(kept: Archive) -> None:
    """The other side's newest answer is shown beside a run, and of its own side the run itself."""
    store, recorder = kept
    with vendor([person(0.0)]) as url:
        first, other, second = (ask(recorder, url, side) for side in ("left", "right", "left"))
        ask(recorder, url, "right", group="another")

    def opened(answer: KeypointAnswer) -> dict[str, str]:
        assert answer.run_id is not None
        return {side: run.id for side, run in sides_of(store, store.get(answer.run_id).run).items()}

    assert opened(other) == {"right": other.run_id, "left": second.run_id}
    assert opened(first) == {"left": first.run_id, "right": other.run_id}


def test_a_recorded_answer_is_a_run_too(kept: Archive) -> None:
    """It stays marked as recorded, and alone it opens as one side."""
    store, recorder = kept
    answer = read_and_record(recorder, Vendor.KAKAO, json.dumps([person(0.0)]).encode(), wide_photo(), side="right")
    assert answer.run_id is not None
    run = store.get(answer.run_id).run
    again = reopen_keypoints(store, run)
    assert (again.source, again.exchange, again.fitted) == (Source.RECORDED, None, None)
    assert np.array_equal(again.people[0].xy_px, answer.people[0].xy_px)
    assert sides_of(store, run) == {"right": run}


def test_the_table_has_people_and_score(kept: Archive) -> None:
    """An answer without people has no score."""
    store, recorder = kept
    for people in ([person(0.0), person(9.0)], []):
        read_and_record(recorder, Vendor.KAKAO, json.dumps(people).encode(), wide_photo())
    rows = store.search(RunQuery()).rows
    numbers = [row.summary.numbers for row in rows]
    assert numbers == [{"people": 0.0}, {"people": 2.0, "score": pytest.approx(0.76)}]
    assert [row.summary.findings for row in rows] == [0, len(store.get(rows[1].id).run.findings)]
    assert "score_mismatch" in {finding.name for finding in store.get(rows[1].id).run.findings}
