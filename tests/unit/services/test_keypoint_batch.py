"""A batch seen as a whole: known answers counted, ranked, written and measured against known annotations."""

import csv
import io
import json
import math
import zipfile
from datetime import UTC, datetime
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from posedeck.contracts import kakao, nhn
from posedeck.contracts.own_batch import BatchJoint, BatchPair, BatchPicture, BatchResult, SkippedPicture
from posedeck.pose.agreement import Verdict, compare_people
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.services.keypoint_batch import batch_csv, joint_summaries, oks_values, picture_answers, worst_first
from posedeck.services.keypoint_truth import TruthError, compare_with_truth
from posedeck.services.keypoint_wording import sent_text
from posedeck.services.photos import prepare_photo
from posedeck.services.remote_file import RemoteFile
from posedeck.texts import LANGUAGES, load_texts
from tests.support.people import SAMPLES
from tests.unit.pose.agreement.builders import PROFILE, exchanged, group, noisy, shifted, without

SIZE = (1024, 768)


def picture(name: str, left: list[Pose], right: list[Pose]) -> BatchPicture:
    """A picture answered in both formats, as the job makes it."""
    agreement = compare_people(left, right, PROFILE)

    def number(value: float) -> float | None:
        return value if math.isfinite(value) else None

    pairs = [
        BatchPair(
            pair.left,
            pair.right,
            number(pair.oks),
            number(pair.torso_px),
            [
                BatchJoint(number(joint.distance_torso), number(joint.similarity), joint.verdict.value)
                for joint in pair.joints
            ],
        )
        for pair in agreement.pairs
    ]
    left_body: Any = msgspec.to_builtins(kakao.write_people(left))
    right_body: Any = msgspec.to_builtins(nhn.write_answer(right, "jpg"))
    return BatchPicture(
        name, *SIZE, "", left_body, right_body, pairs, len(agreement.only_left), len(agreement.only_right)
    )


def result(*pictures: BatchPicture) -> BatchResult:
    return BatchResult("kakao", "nhn", list(pictures), [SkippedPicture("broken.jpg", "undecodable", "no picture")], 1)


@pytest.fixture(scope="module")
def batch() -> BatchResult:
    """The group alike, with one person's wrists exchanged, with one person lost, and nobody at all."""
    people = group()
    return result(
        picture("a/same.jpg", people, people),
        picture("a/wrists.jpg", people, [exchanged(people[0], "wrist"), *people[1:]]),
        picture("a/lost.jpg", people, people[1:]),
        picture("a/nobody.jpg", [], []),
    )


def test_joints_are_counted_over_all_pictures(batch: BatchResult) -> None:
    """Eight people in both; each wrist is inverted once; a joint that stays is at distance 0."""
    joints = {joint.name: joint for joint in joint_summaries(batch)}
    assert joints["nose"].verdicts == {Verdict.GOOD: 8}
    assert joints["left_wrist"].verdicts == {Verdict.GOOD: 7, Verdict.INVERSION: 1}
    assert (joints["left_wrist"].distances_torso > 0.1).sum() == 1
    assert joints["left_hip"].distances_torso.max() == 0.0


def test_the_worst_picture_comes_first(batch: BatchResult) -> None:
    """A lost person counts more than two wrists; nobody at all comes last."""
    ranked = worst_first(batch)
    assert [entry.name for entry in ranked] == ["a/lost.jpg", "a/wrists.jpg", "a/same.jpg", "a/nobody.jpg"]
    assert ranked[0].agreement == pytest.approx(2 / 3)
    assert (ranked[0].people, ranked[0].only_one) == (2, 1)
    worst = ranked[1].worst_joint
    assert worst is not None
    assert worst[0] in ("left_wrist", "right_wrist")
    assert ranked[2].agreement == pytest.approx(1.0)
    assert math.isnan(ranked[3].agreement)


def test_oks_has_everybody_in_both(batch: BatchResult) -> None:
    """Eight people, seven of them alike."""
    values = oks_values(batch)
    assert (len(values), (values == 1.0).sum()) == (8, 7)


def test_the_table_has_every_joint_and_what_was_left_out(batch: BatchResult) -> None:
    """17 rows a person, a row for the picture with nobody, and one for the broken file."""
    rows = list(csv.DictReader(io.StringIO(batch_csv(batch).decode("utf-8-sig"))))
    assert len(rows) == 8 * 17 + 2
    assert rows[-1]["picture"] == "broken.jpg"
    assert rows[-1]["skipped_because"] == "undecodable"
    inverted = [row for row in rows if row["verdict"] == "inversion"]
    assert {row["joint"] for row in inverted} == {"left_wrist", "right_wrist"}
    assert {row["picture"] for row in inverted} == {"a/wrists.jpg"}


def test_an_opened_picture_has_the_answers_of_the_batch(batch: BatchResult) -> None:
    """Both sides as they were found, as local answers of their formats."""
    photo = prepare_photo((SAMPLES / "group3.jpg").read_bytes())
    left, right = picture_answers(batch, 2, photo, datetime.fromtimestamp(1.0, UTC))
    assert (left.vendor.value, right.vendor.value) == ("kakao", "nhn")
    assert (len(left.people), len(right.people)) == (3, 2)
    assert left.photo is photo
    assert sent_text(left, load_texts("en")).startswith("Answered as one of a batch")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    """Whatever a picture is left out for can be said."""
    t = load_texts(language)
    assert all(t(f"batch.reason.{reason}") for reason in ("undecodable", "too_large", "failed"))


class Remote:
    """A file that counts how often it is asked for a part."""

    def __init__(self, data: bytes) -> None:
        self.data, self.reads = data, 0

    def part(self, start: int, length: int) -> tuple[bytes, int]:
        self.reads += 1
        start = max(len(self.data) + start, 0) if start < 0 else start
        return self.data[start : start + length], len(self.data)


def test_one_picture_of_an_archive_is_read_without_the_rest() -> None:
    """Of ten megabytes a few parts are fetched, and the picture is the one that went in."""
    rng = np.random.default_rng(1)
    files = {f"{number}.jpg": rng.bytes(1_000_000) for number in range(10)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    remote = Remote(buffer.getvalue())
    with zipfile.ZipFile(io.BufferedReader(RemoteFile(remote.part))) as archive:
        assert archive.read("4.jpg") == files["4.jpg"]
    assert remote.reads <= 8


@given(
    size=st.integers(0, 700_000),
    moves=st.lists(st.tuples(st.integers(0, 800_000), st.integers(0, 300_000)), max_size=5),
)
def test_a_remote_file_reads_like_a_file(size: int, moves: list[tuple[int, int]]) -> None:
    """Wherever it is read, it gives what a file in memory gives."""
    data = np.random.default_rng(size).bytes(size)
    remote, local = io.BufferedReader(RemoteFile(Remote(data).part)), io.BytesIO(data)
    for start, length in moves:
        assert remote.seek(start) == local.seek(start)
        assert remote.read(length) == local.read(length)


def annotations(pictures: dict[str, list[Pose]]) -> dict[str, Any]:
    """COCO's annotations of true poses, with everybody's joints labelled visible."""
    images, listed = [], []
    for image, (name, people) in enumerate(pictures.items(), 1):
        images.append({"id": image, "file_name": name, "width": SIZE[0], "height": SIZE[1]})
        for pose in people:
            known = np.isfinite(pose.xy_px[:, 0])
            points = np.nan_to_num(np.column_stack([pose.xy_px, 2.0 * known]))
            low, high = np.nanmin(pose.xy_px, axis=0), np.nanmax(pose.xy_px, axis=0)
            listed.append(
                {
                    "id": len(listed) + 1,
                    "image_id": image,
                    "category_id": 1,
                    "keypoints": points.ravel().tolist(),
                    "num_keypoints": int(known.sum()),
                    "area": float(np.prod(high - low)) * 0.53,
                    "bbox": [*low.tolist(), *(high - low).tolist()],
                    "iscrowd": 0,
                }
            )
    return {"images": images, "annotations": listed}


@pytest.fixture(scope="module")
def noisy_batch() -> tuple[BatchResult, dict[str, Any]]:
    """The truth on the left; on the right a noisy source that has lost one person and invents another."""
    rng = np.random.default_rng(3)
    people = [without(pose, "left_ear") for pose in group()]
    seen = [pose.with_xy(pose.xy_px + 4 * (noisy(pose, rng).xy_px - pose.xy_px)) for pose in people]
    truth = annotations({"one.jpg": people, "two.jpg": people[:2]})
    batch = result(
        picture("day/one.jpg", people, seen),
        picture("day/two.jpg", people[:2], [seen[0], shifted(seen[2], 300.0)]),
    )
    return batch, truth


def test_the_truth_itself_has_ap_1(noisy_batch: tuple[BatchResult, dict[str, Any]]) -> None:
    """A side that answers the truth is perfect; one that loses a person has him at OKS 0."""
    batch, truth = noisy_batch
    compared = compare_with_truth(batch, json.dumps(truth).encode())
    assert (compared.pictures, compared.people) == (2, 5)
    assert (compared.left.ap, compared.left.ar) == (pytest.approx(1.0), pytest.approx(1.0))
    assert compared.left.oks == pytest.approx(np.ones(5), abs=1e-4)
    assert compared.right.ap < 1.0
    assert (compared.right.oks < 0.1).sum() == 1
    assert ((compared.right.oks > 0.5) & (compared.right.oks < 1.0)).sum() == 4


def test_ap_is_the_reference_implementation_s(noisy_batch: tuple[BatchResult, dict[str, Any]]) -> None:
    """The numbers are those of pycocotools fed by hand from the wire answers."""
    batch, truth = noisy_batch
    compared = compare_with_truth(batch, json.dumps(truth).encode())
    reference = COCO()
    reference.dataset = {**truth, "categories": [{"id": 1, "name": "person"}]}
    reference.createIndex()
    found = []
    for image, entry in enumerate(batch.pictures, 1):
        for person in entry.right["result"]["keyPointList"]:
            points = {point["name"]: point for point in person["inferKeypointList"] if point["part"] == "body"}
            rows = [points.get(name, {"x": 0.0, "y": 0.0, "score": 0.0}) for name in COCO_17.names]
            scores = [row["score"] for row in rows]
            flat = [row[axis] for row in rows for axis in ("x", "y", "score")]
            found.append({"image_id": image, "category_id": 1, "keypoints": flat, "score": sum(scores) / len(scores)})
    evaluation = COCOeval(reference, reference.loadRes(found), "keypoints")
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    right = compared.right
    assert [right.ap, right.ap50, right.ap75, right.ar] == pytest.approx([*evaluation.stats[:3], evaluation.stats[5]])


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda truth: b"no JSON", "truth.unreadable"),
        (lambda truth: b"[]", "truth.unreadable"),
        (lambda truth: {**truth, "annotations": [{**truth["annotations"][0], "keypoints": [1.0]}]}, "truth.unreadable"),
        (lambda truth: {**truth, "images": [{**truth["images"][0], "file_name": "other.jpg"}]}, "truth.other_pictures"),
        (lambda truth: {**truth, "images": [{**truth["images"][0], "width": 10}]}, "truth.other_size"),
    ],
)
def test_what_is_no_truth_is_refused(noisy_batch: tuple[BatchResult, dict[str, Any]], change: Any, key: str) -> None:
    """With a sentence for each: no annotations, of other pictures, of another size."""
    batch, truth = noisy_batch
    changed = change(truth)
    with pytest.raises(TruthError) as refused:
        compare_with_truth(batch, changed if isinstance(changed, bytes) else json.dumps(changed).encode())
    assert refused.value.message_key == key
    assert all(load_texts(language)(key) for language in LANGUAGES)


def test_nobody_found_is_ap_0(noisy_batch: tuple[BatchResult, dict[str, Any]]) -> None:
    """An answer without people is no error: everybody annotated was missed."""
    _, truth = noisy_batch
    empty = result(picture("one.jpg", [], []))
    compared = compare_with_truth(empty, json.dumps(truth).encode())
    assert (compared.left.ap, compared.left.oks.tolist()) == (0.0, [0.0, 0.0, 0.0])
