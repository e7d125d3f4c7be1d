"""Kakao's job contract: the published result is read, ours has its form, nonsense is refused by name."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from posedeck.contracts.kakao.job import SKELETON, VideoInfo, finished_head, parse_job, result_of
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.track import PoseTrack
from tests.support.people import level_front

#: Transcribed by hand from the vendor's published example, which shows frames 0 and 1 of 220; the nesting that was
#: garbled there is as its field tables describe it.
GOLDEN = json.loads((Path(__file__).parent / "kakao_job_success.json").read_text("utf-8"))
JOB_ID = "69a51e1b-60e0-4601-a88a-08e05ba4d326"
VIDEO = VideoInfo(fps=25.0, frames=4, height=1000, width=800)


def track(shift: float, unseen: list[int]) -> PoseTrack:
    person = level_front()
    xy = np.tile(person.xy_px + shift, (4, 1, 1))
    score = np.full(xy.shape[:2], 0.8)
    xy[unseen], score[unseen] = np.nan, 0.0
    return PoseTrack(person.skeleton, np.arange(4) / 25.0, xy, score)


def written(tracks: dict[int, PoseTrack]) -> dict[str, Any]:
    stored = msgspec.json.encode(result_of(tracks, VIDEO, (2026, 3, 9)))
    body: dict[str, Any] = json.loads(finished_head(JOB_ID) + stored[1:])
    return body


def test_the_published_result_is_read() -> None:
    answer = parse_job(GOLDEN)

    assert (answer.job_id, answer.status, answer.description) == (JOB_ID, "success", None)
    assert answer.video == VideoInfo(23.976023976023978, 220, 1080, 1920)
    assert answer.tracks is not None
    (person,) = answer.tracks.values()
    assert len(person) == 220
    np.testing.assert_allclose(person.point("nose")[:2], [[577.36, 645.85], [574.7607058439822, 645.85]])
    assert person.score[1, COCO_17.index["left_eye"]] == 0.83
    np.testing.assert_array_equal(np.flatnonzero(person.seen), [0, 1])
    assert person.times_s[1] == pytest.approx(1001 / 24000)


def test_ours_has_the_form_of_the_published_one() -> None:
    ours, theirs = written({4: track(0.0, [])}), GOLDEN

    assert set(ours) == set(theirs)
    for place in ("info", "video"):
        assert ours[place].keys() == theirs[place].keys()
        assert [type(ours[place][key]) for key in theirs[place]] == [type(value) for value in theirs[place].values()]
    assert ours["categories"] == theirs["categories"]
    assert ours["annotations"][0].keys() == theirs["annotations"][0].keys()
    person, published = ours["annotations"][0]["objects"][0], theirs["annotations"][0]["objects"][0]
    assert list(person) == list(published)
    assert len(person["keypoints"]) == len(published["keypoints"]) == 51
    assert ours["info"]["date_created"] == "2026/03/09"
    assert len(SKELETON) == 19


def test_ours_never_claims_to_be_the_vendors() -> None:
    assert "PoseDeck" in written({})["info"]["contributor"]


def test_people_keep_their_number_and_frames_without_them_are_empty() -> None:
    body = written({3: track(0.0, [0, 2]), 9: track(50.0, [2])})

    seen = [[person["object_id"] for person in frame["objects"]] for frame in body["annotations"]]
    assert seen == [[1], [0, 1], [], [0, 1]]
    assert [frame["frame_num"] for frame in body["annotations"]] == [0, 1, 2, 3]


def test_what_is_written_is_read_again() -> None:
    first = track(0.0, [1])
    tracks = parse_job(written({1: first})).tracks

    assert tracks is not None
    chosen = first.skeleton.indices(COCO_17.names)
    np.testing.assert_allclose(tracks[0].xy_px, first.xy_px[:, chosen], atol=1e-3)
    np.testing.assert_allclose(tracks[0].times_s, first.times_s)


@pytest.mark.parametrize("status", ["waiting", "processing", "not found"])
def test_a_job_without_a_result_has_only_its_status(status: str) -> None:
    answer = parse_job({"job_id": JOB_ID, "status": status})

    assert (answer.status, answer.tracks, answer.video) == (status, None, None)


def test_a_failed_job_says_why() -> None:
    assert parse_job({"job_id": JOB_ID, "status": "failed", "description": "Failed to get video"}).description


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.pop("video"),
        lambda body: body.update(status="done"),
        lambda body: body["video"].update(fps=0),
        lambda body: body["video"].update(frames=1),
        lambda body: body["annotations"][0]["objects"][0]["keypoints"].pop(),
        lambda body: body["annotations"][0]["objects"][0]["keypoints"].__setitem__(2, 7),
    ],
)
def test_nonsense_is_refused(spoil: Any) -> None:
    body = deepcopy(GOLDEN)
    spoil(body)

    with pytest.raises(ValueError, match=r".+"):
        parse_job(body)
