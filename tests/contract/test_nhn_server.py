"""Our server's answers against NHN's document and our own reading of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from posedeck.contracts.nhn import POSE_PATH, is_success, parse_answer
from posedeck.contracts.own import DEMO_NHN_KEYS
from posedeck.pose.skeleton import COCO_17
from tests.unit.server.pictures import GROUP, NOBODY, group, keypoint_server

GOLDEN = json.loads((Path(__file__).parents[1] / "unit/contracts/nhn_pose_success.json").read_text("utf-8"))
APP_KEY, SECRET_KEY = DEMO_NHN_KEYS
#: Parts of the document's table of fields.
PARTS = {"body", "foot", "face", "hand"}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, httpx.Response]]:
    """A group, nobody, and a refusal."""
    with keypoint_server(tmp_path_factory.mktemp("data")) as served:
        path, key = POSE_PATH.replace("{appKey}", APP_KEY), {"Authorization": SECRET_KEY}
        yield {
            "group": served("POST", path, headers=key, files={"image": ("a.jpg", GROUP)}),
            "nobody": served("POST", path, headers=key, files={"image": ("a.png", NOBODY)}),
            "refused": served("POST", path, files={"image": ("a.jpg", GROUP)}),
        }


@pytest.fixture(scope="module")
def body(answers: dict[str, httpx.Response]) -> dict[str, Any]:
    """The group's body."""
    decoded: dict[str, Any] = answers["group"].json()
    return decoded


def people_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The people of a body."""
    people: list[dict[str, Any]] = answer["result"]["keyPointList"]
    return people


def test_all_are_json_with_http_200(answers: dict[str, httpx.Response]) -> None:
    """The refusal too: the body decides."""
    assert {("application/json", 200)} == {
        (answer.headers["content-type"], answer.status_code) for answer in answers.values()
    }


def test_the_success_has_the_documents_fields(body: dict[str, Any]) -> None:
    """At every level, in the document's order; no field more."""
    assert list(GOLDEN) == list(body)
    assert GOLDEN["header"] == body["header"]
    assert list(GOLDEN["result"]) == list(body["result"])
    published = people_of(GOLDEN)[0]
    for number, person in enumerate(people_of(body)):
        assert list(published) == list(person)
        assert str(number) == person["personId"]
        for point in person["inferKeypointList"]:
            assert list(published["inferKeypointList"][0]) == list(point)


def test_types_and_parts(body: dict[str, Any]) -> None:
    """Doubles, scores of three decimals in 0..1, and only the document's parts."""
    assert (body["result"]["fileType"], body["result"]["numberOfPerson"]) == ("jpg", len(people_of(body)))
    for person in people_of(body):
        for point in person["inferKeypointList"]:
            assert point["part"] in PARTS
            assert all(isinstance(point[name], float) for name in ("x", "y", "score"))
            assert 0.0 <= point["score"] <= 1.0
            assert round(point["score"], 3) == point["score"]


def test_the_people_are_the_engines_in_its_order(body: dict[str, Any]) -> None:
    """Best first, each measured point under its name; what the engine does not have is not there."""
    for person, pose, wire in zip(group(), parse_answer(body).people, people_of(body), strict=True):
        for name in COCO_17.names:
            # The sample engine moves people by a pixel when it is asked for two passes.
            np.testing.assert_allclose(person.pose[name] + (1.0, 0.0), pose[name], atol=5e-5)
        measured = int(np.isfinite(person.pose.xy_px).all(axis=1).sum())
        assert measured == len(wire["inferKeypointList"])


def test_nobody_and_a_refusal(answers: dict[str, httpx.Response]) -> None:
    """A success that counts none, and a header alone."""
    assert answers["nobody"].json()["result"] == {"fileType": "png", "numberOfPerson": 0, "keyPointList": []}
    assert is_success(answers["nobody"].json())
    refusal = {"isSuccessful": False, "resultCode": 4010001, "resultMessage": "Invalid appKey or secretKey."}
    assert answers["refused"].json() == {"header": refusal}
