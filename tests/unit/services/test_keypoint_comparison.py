"""Two keypoint answers compared, worded and exported: known joints moved by known amounts."""

import csv
import io
import json
from datetime import UTC, datetime

import numpy as np
import pytest
from PIL import Image

from posedeck.pose.agreement import Verdict
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.pose.pose import Pose
from posedeck.services.keypoint_comparison import KeypointComparison, sure_part
from posedeck.services.keypoint_export import export_csv, export_json
from posedeck.services.keypoint_picture import export_png
from posedeck.services.keypoint_wording import joint_text, summary_text
from posedeck.services.keypoints import KeypointAnswer, Vendor, latency_s
from posedeck.services.photos import prepare_photo
from posedeck.services.sources import Source
from posedeck.texts import LANGUAGES, load_texts
from tests.support.people import SAMPLES
from tests.unit.pose.agreement.builders import exchanged, group, scored, shifted, without


def answer(vendor: Vendor, people: list[Pose]) -> KeypointAnswer:
    """A recorded answer about the sample group."""
    return KeypointAnswer(
        vendor=vendor,
        source=Source.RECORDED,
        people=people,
        photo=prepare_photo((SAMPLES / "group3.jpg").read_bytes()),
        fitted=None,
        body={"kept": True},
        exchange=None,
        answered_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def comparison(
    left: list[Pose], right: list[Pose], *, least_score: float = 0.0, consensus: list[Pose] | None = None
) -> KeypointComparison:
    sides = (answer(Vendor.KAKAO, left), answer(Vendor.NHN, right))
    return KeypointComparison(*sides, load_profile(REMO_2024), least_score, consensus or [])


def test_keypoints_below_the_least_score_are_absent() -> None:
    """A joint that one side is not sure enough of counts as absent; the others stay."""
    people = group()
    unsure = [scored(people[0], left_wrist=0.3), *people[1:]]
    verdicts = {
        joint.name: joint.verdict for joint in comparison(people, unsure, least_score=0.5).agreement.pairs[0].joints
    }
    assert verdicts.pop("left_wrist") is Verdict.ABSENT
    assert set(verdicts.values()) == {Verdict.GOOD}


def test_what_has_no_score_is_kept() -> None:
    """A keypoint without a score cannot be below one."""
    pose = scored(group()[0], nose=float("nan"))
    assert np.array_equal(sure_part(pose, 1.0).xy_px[0], pose.xy_px[0])


@pytest.mark.parametrize(("wrong", "side"), [(0, "left"), (1, "right")])
def test_the_third_opinion_names_the_outlier(wrong: int, side: str) -> None:
    """The side whose wrists are exchanged is the outlier at both wrists, and nothing else is disputed."""
    sides = [group(), group()]
    sides[wrong][0] = exchanged(sides[wrong][0], "wrist")
    compared = comparison(*sides, consensus=group())
    assert compared.outliers(compared.agreement.pairs[0]) == {"left_wrist": side, "right_wrist": side}


def test_without_a_third_opinion_nobody_is_the_outlier() -> None:
    """Two answers alone cannot say which of them is wrong."""
    people = group()
    compared = comparison([exchanged(people[0], "wrist")], people[:1])
    assert compared.outliers(compared.agreement.pairs[0]) == {}


def test_a_third_opinion_on_somebody_else_says_nothing() -> None:
    """When the third opinion does not have the person, it is no witness."""
    people = group()
    compared = comparison([exchanged(people[0], "wrist")], people[:1], consensus=[shifted(people[0], 5000.0)])
    assert compared.outliers(compared.agreement.pairs[0]) == {}


def test_the_summary_says_it_in_a_sentence() -> None:
    """How many joints agree, the inverted ones by name."""
    people = group()
    pair = comparison(people, [exchanged(people[0], "wrist"), *people[1:]]).agreement.pairs[0]
    summary = summary_text(pair, load_texts("en"))
    assert summary.startswith("15 of 17 joints agree; inversion: Left wrist, Right wrist; ")


def test_the_summary_does_not_list_everything() -> None:
    """Beyond four names the rest is counted."""
    people = group()
    names = ("nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_wrist")
    pair = comparison(people[:1], [without(people[0], *names)]).agreement.pairs[0]
    assert "not in both: Nose, Left eye, Right eye, Left ear and 2 more" in summary_text(pair, load_texts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_compared_has_a_name(language: str) -> None:
    """Each joint, angle and verdict can be worded in both languages."""
    t = load_texts(language)
    pair = comparison(group(), group()).agreement.pairs[0]
    names = [joint_text(entry.name, t) for entry in (*pair.joints, *pair.angles)]
    assert all(names)
    wanted = {f"keypoints.{kind}.{verdict.value}" for kind in ("verdict", "summary") for verdict in Verdict}
    assert wanted - {"keypoints.summary.good"} - t.messages.keys() == set()


def test_json_holds_both_answers_and_the_numbers() -> None:
    """The export has each side's source and keypoints, the scale in words, and null for what is missing."""
    people = group()
    document = json.loads(export_json(comparison(people, [without(people[0], "nose"), *people[1:]])))
    assert document["format"] == "posedeck-keypoints"
    assert document["left"]["label"] == "Recorded Kakao answer"
    assert document["right"]["people"][0]["keypoints"]["nose"] is None
    assert document["right"]["body"] == {"kept": True}
    pair = document["agreement"]["pairs"][0]
    assert pair["joints"][0]["verdict"] == "absent"
    assert pair["joints"][0]["distance_torso"] is None
    assert pair["pck"] == {"0.05": 1.0, "0.1": 1.0, "0.2": 1.0}
    assert "0.53" in document["oks_scale"]


def test_csv_has_a_row_per_joint_and_person() -> None:
    """Three people of 17 joints each; a shift of one torso reads as 1."""
    people = group()
    compared = comparison(people, people)
    torso = compared.agreement.pairs[0].torso_px
    rows = list(csv.DictReader(io.StringIO(export_csv(compared).decode("utf-8-sig"))))
    assert len(rows) == 3 * 17
    assert {row["verdict"] for row in rows} == {"good"}
    moved = comparison(people[:1], [people[0].with_points({"left_wrist": tuple(people[0]["left_wrist"] + (torso, 0))})])
    row = list(csv.DictReader(io.StringIO(export_csv(moved).decode("utf-8-sig"))))[9]
    assert (row["joint"], row["distance_torso"], row["dx_torso"]) == ("left_wrist", "1.0", "1.0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_png_shows_both_sides(language: str) -> None:
    """The picture decodes, has the drawings of both sides, and grows by the list of joints."""
    t = load_texts(language)
    people = group()
    compared = comparison(people, people)
    with_joints = Image.open(io.BytesIO(export_png(compared, compared.agreement.pairs[0], t)))
    without_joints = Image.open(io.BytesIO(export_png(comparison(people, []), None, t)))
    assert with_joints.width == without_joints.width == 1600
    assert with_joints.height > without_joints.height
    colours = {colour for _, colour in with_joints.convert("RGB").getcolors(maxcolors=10_000_000)}
    assert {(76, 201, 255), (255, 179, 71)} <= colours


def test_a_recorded_answer_has_no_latency() -> None:
    """Nothing was sent, so nothing took time."""
    assert latency_s(answer(Vendor.KAKAO, [])) is None
