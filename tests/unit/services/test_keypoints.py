"""Recorded answers, the order of people, and what is sent when a picture has an address."""

import json
from typing import Any

import pytest

from posedeck.services.keypoints import (
    DEMO_CREDENTIALS,
    KeypointAnswer,
    KeypointCredentials,
    RecordedAnswerError,
    Vendor,
    ask_keypoints,
    read_recorded,
)
from posedeck.services.photos import Photo
from posedeck.services.sources import Source
from posedeck.texts import LANGUAGES, load_texts
from tests.unit.clients.builders import JPEG
from tests.unit.clients.builders import Vendor as Server

PHOTO = Photo(JPEG, "image/jpeg", 600, 400, converted=False)


def kakao_person(x: float = 300.0, y: float = 200.0, score: float = 0.9) -> dict[str, Any]:
    """A person of Kakao's whose keypoints all lie at one place."""
    keypoints = [x, y, score] * 17
    return {"area": 1.0, "bbox": [x, y, 1.0, 1.0], "category_id": 1, "keypoints": keypoints, "score": score}


def nhn_body(*people: dict[str, Any]) -> dict[str, Any]:
    """NHN's answer with these points, one person each."""
    return {
        "header": {"isSuccessful": True, "resultCode": 0, "resultMessage": "SUCCESS"},
        "result": {
            "fileType": "jpg",
            "numberOfPerson": len(people),
            "keyPointList": [
                {"personId": str(number), "inferKeypointList": [{"part": "body", **point}]}
                for number, point in enumerate(people)
            ],
        },
    }


def recorded(vendor: Vendor, body: Any, photo: Photo = PHOTO) -> KeypointAnswer:
    return read_recorded(vendor, json.dumps(body).encode(), photo)


def test_a_recorded_answer_is_marked_as_one() -> None:
    """It has people, the picture and the body, and nothing that only a call has."""
    body = [kakao_person(10.0, 20.0)]
    answer = recorded(Vendor.KAKAO, body)

    assert (answer.vendor, answer.source, answer.photo, answer.body) == (Vendor.KAKAO, Source.RECORDED, PHOTO, body)
    assert (answer.fitted, answer.exchange) == (None, None)
    assert answer.people[0].xy_px.tolist() == [[10.0, 20.0]] * 17


@pytest.mark.parametrize("vendor", Vendor)
def test_the_most_confident_person_comes_first(vendor: Vendor) -> None:
    """By the mean score; equals keep the answer's order."""
    scores = (0.2, 0.9, 0.5, 0.9)
    body: Any = [kakao_person(number, 1.0, score) for number, score in enumerate(scores)]
    if vendor is Vendor.NHN:
        body = nhn_body(*({"name": "nose", "x": n, "y": 1.0, "score": score} for n, score in enumerate(scores)))

    assert [pose["nose"][0] for pose in recorded(vendor, body).people] == [1.0, 3.0, 2.0, 0.0]


@pytest.mark.parametrize(
    ("vendor", "data", "key", "match"),
    [
        (Vendor.KAKAO, b"\xff\xd8 picture", "recorded.not_json", "not JSON"),
        (Vendor.NHN, b"", "recorded.not_json", "not JSON"),
        (Vendor.NHN, b"[" * 100_000, "recorded.not_json", "not JSON"),
        (Vendor.KAKAO, json.dumps(nhn_body()).encode(), "recorded.not_kakao", "Kakao"),
        (Vendor.NHN, b"[]", "recorded.not_nhn", "NHN"),
        (Vendor.KAKAO, b'{"code": -401, "msg": "no"}', "recorded.not_kakao", "refusal: -401"),
        (
            Vendor.NHN,
            b'{"header": {"isSuccessful": false, "resultCode": 4010001, "resultMessage": "no"}}',
            "recorded.not_nhn",
            "refusal: 4010001",
        ),
        (Vendor.KAKAO, b'[{"keypoints": [1, 2, 3]}]', "recorded.not_kakao", r"\[0\]|area"),
    ],
)
def test_a_file_that_is_no_answer_says_what_is_wrong(vendor: Vendor, data: bytes, key: str, match: str) -> None:
    """In a sentence for the user, and with the place for the expert."""
    with pytest.raises(RecordedAnswerError, match=match) as failure:
        read_recorded(vendor, data, PHOTO)

    assert failure.value.message_key == key
    assert all(key in load_texts(language) for language in LANGUAGES)


@pytest.mark.parametrize("point", [(631.0, 200.0), (300.0, 431.0), (-31.0, 200.0), (300.0, -31.0)])
def test_keypoints_beyond_the_picture_are_not_of_it(point: tuple[float, float]) -> None:
    """More than 5 % of its long side (30 of 600 pixels) outside, on any side."""
    with pytest.raises(RecordedAnswerError, match="not of this picture") as failure:
        recorded(Vendor.KAKAO, [kakao_person(), kakao_person(*point)])

    assert failure.value.message_key == "recorded.other_picture"
    assert all("recorded.other_picture" in load_texts(language) for language in LANGUAGES)


@pytest.mark.parametrize(("x", "score"), [(629.0, 0.9), (2000.0, 0.49)])
def test_a_joint_near_the_edge_or_a_guess_beyond_it_may_be_of_this_picture(x: float, score: float) -> None:
    """Both vendors place hidden joints outside, with low scores."""
    assert len(recorded(Vendor.KAKAO, [kakao_person(x, 200.0, score)]).people) == 1


def test_the_picture_of_another_size_is_noticed() -> None:
    """An answer to the full photo does not fit its thumbnail."""
    body = [kakao_person(500.0, 300.0)]
    assert len(recorded(Vendor.KAKAO, body).people) == 1

    with pytest.raises(RecordedAnswerError, match="300 × 200"):
        recorded(Vendor.KAKAO, body, Photo(JPEG, "image/jpeg", 300, 200, converted=False))


def test_an_address_is_sent_in_the_pictures_place() -> None:
    """Then nothing was fitted, and keypoints are pixels of the picture as they came."""
    server = Server([kakao_person(10.0, 20.0)])
    url = "https://pictures.example/a.jpg"
    answer = ask_keypoints(
        Vendor.KAKAO, Source.LIVE, PHOTO, DEMO_CREDENTIALS[Vendor.KAKAO], "http://kakao.example", server.transport, url
    )

    assert server.request.content == b"image_url=https%3A%2F%2Fpictures.example%2Fa.jpg"
    assert (answer.fitted, answer.source, answer.people[0]["nose"].tolist()) == (None, Source.LIVE, [10.0, 20.0])


def test_nhn_takes_no_address() -> None:
    """A mistake of the caller; nothing is sent."""
    server = Server(nhn_body())
    keys = DEMO_CREDENTIALS[Vendor.NHN]
    with server.transport, pytest.raises(ValueError, match="only Kakao"):
        ask_keypoints(
            Vendor.NHN, Source.LIVE, PHOTO, keys, "http://nhn.example", server.transport, "https://a.example/"
        )

    assert not hasattr(server, "request")


def test_credentials_are_not_printed() -> None:
    """Neither key nor secret."""
    assert repr(KeypointCredentials("abcdef", "ghijkl")) == "KeypointCredentials()"
