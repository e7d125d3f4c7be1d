"""Answers copied by hand from the vendors' documents, read by our clients from a server that sends just them."""

import json
from pathlib import Path

import pytest

from posedeck.clients.kakao import KakaoClient
from posedeck.clients.nhn import NhnClient
from posedeck.net.transport import Transport
from posedeck.services.keypoints import Vendor, read_recorded
from posedeck.services.photos import Photo
from tests.support.vendor import vendor

DOCUMENTS = Path(__file__).resolve().parents[1] / "unit" / "contracts"
JPEG = b"\xff\xd8\xff"


def test_kakaos_document_is_read_by_the_client() -> None:
    """One person with 17 keypoints, of which the ear is where the document has it."""
    body = json.loads((DOCUMENTS / "kakao_pose_success.json").read_text())
    with vendor(body) as base_url, Transport("kakao") as transport:
        reply = KakaoClient(transport, base_url).pose("key", JPEG)

    (person,) = reply.people
    assert person["left_ear"].tolist() == [356.6406, 189.75]
    assert person["right_ankle"].tolist() == [166.7969, 284.8167]
    assert person.score[[0, 3, 16]].tolist() == [0.0062, 0.1364, 0.5167]
    assert reply.body == body


def test_nhns_document_is_read_by_the_client() -> None:
    """Both spellings of the list of points and both types of id in one answer; points left out are missing."""
    body = json.loads((DOCUMENTS / "nhn_pose_success.json").read_text())
    with vendor(body) as base_url, Transport("nhn") as transport:
        reply = NhnClient(transport, base_url).pose("app", "secret", JPEG)

    assert [person["left_eye"].tolist() for person in reply.answer.people] == [
        [373.819214, 73.5605469],
        [110.171448, 56.0753479],
    ]
    assert [person.score[:3].tolist() for person in reply.answer.people] == [[0.976, 0.985, 0.0], [0.979, 0.983, 0.0]]
    assert not any(person.has(("right_eye",)) for person in reply.answer.people)
    assert (reply.answer.file_type, reply.body) == ("png", body)


@pytest.mark.parametrize(("name", "people"), [(Vendor.KAKAO, 1), (Vendor.NHN, 2)])
def test_the_documents_are_recorded_answers(name: Vendor, people: int) -> None:
    """Of a picture that is large enough."""
    photo = Photo(JPEG, "image/jpeg", 640, 400, converted=False)

    assert len(read_recorded(name, (DOCUMENTS / f"{name}_pose_success.json").read_bytes(), photo).people) == people
