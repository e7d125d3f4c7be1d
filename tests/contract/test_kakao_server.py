"""Our server's answers against Kakao's published example and our own reading of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from posedeck.contracts.kakao import POSE_PATH, parse_people
from posedeck.contracts.own import DEMO_KAKAO_KEY
from posedeck.pose.skeleton import COCO_17
from tests.unit.server.pictures import GROUP, NOBODY, group, keypoint_server

GOLDEN = json.loads((Path(__file__).parents[1] / "unit/contracts/kakao_pose_success.json").read_text("utf-8"))
KEY = {"Authorization": f"KakaoAK {DEMO_KAKAO_KEY}"}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, httpx.Response]]:
    """A group, nobody, and a refusal."""
    with keypoint_server(tmp_path_factory.mktemp("data")) as served:
        yield {
            "group": served("POST", POSE_PATH, headers=KEY, files={"file": ("a.jpg", GROUP)}),
            "nobody": served("POST", POSE_PATH, headers=KEY, files={"file": ("a.png", NOBODY)}),
            "refused": served("POST", POSE_PATH, files={"file": ("a.jpg", GROUP)}),
        }


@pytest.fixture(scope="module")
def people(answers: dict[str, httpx.Response]) -> list[dict[str, Any]]:
    """The group's body."""
    body: list[dict[str, Any]] = answers["group"].json()
    return body


def test_all_are_json(answers: dict[str, httpx.Response]) -> None:
    """Whatever the status."""
    assert {"application/json"} == {answer.headers["content-type"] for answer in answers.values()}


def test_a_person_has_the_examples_keys_in_its_order(people: list[dict[str, Any]]) -> None:
    """At the top level an array."""
    assert len(people) == 3
    for person in people:
        assert list(GOLDEN[0]) == list(person)
        assert len(GOLDEN[0]["keypoints"]) == len(person["keypoints"])
        assert len(GOLDEN[0]["bbox"]) == len(person["bbox"])
        assert person["category_id"] == 1


def test_numbers_have_four_decimals_at_most(people: list[dict[str, Any]]) -> None:
    """As the example's."""
    for person in people:
        numbers = [person["area"], person["score"], *person["bbox"], *person["keypoints"]]
        assert numbers == [round(number, 4) for number in numbers]


def test_box_area_and_score_follow_from_the_keypoints(people: list[dict[str, Any]]) -> None:
    """Extent times 1.2 about its centre, clamped at 0; area as printed; score the mean."""
    for person in people:
        points = np.reshape(person["keypoints"], (17, 3))
        seen = points[(points != 0.0).any(axis=1)]
        low, high = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
        x, y, width, height = person["bbox"]

        np.testing.assert_allclose((high - low) * 1.2, (width, height), atol=2e-4)
        np.testing.assert_allclose(np.maximum((low + high) / 2 - (high - low) * 0.6, 0.0), (x, y), atol=2e-4)
        assert pytest.approx(width * height, abs=1e-4) == person["area"]
        assert pytest.approx(points[:, 2].mean(), abs=1e-4) == person["score"]


def test_the_people_are_the_engines_in_its_order(people: list[dict[str, Any]]) -> None:
    """Best first, each point under its name."""
    for person, pose in zip(group(), parse_people(people), strict=True):
        for name in COCO_17.names:
            np.testing.assert_allclose(person.pose[name], pose[name], atol=5e-5)


def test_nobody_and_a_refusal(answers: dict[str, httpx.Response]) -> None:
    """An empty array, and the vendor's published refusal to the letter."""
    assert (answers["nobody"].status_code, answers["nobody"].json()) == (200, [])
    assert answers["refused"].status_code == 401
    assert answers["refused"].json() == {"code": -401, "msg": "Not authorized with provided app key"}
