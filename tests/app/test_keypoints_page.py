"""The keypoints page, run as a script against a real pose server."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from components import keypoints_sides
from posedeck.clients.own import OwnClient
from posedeck.services.keypoints import Vendor
from posedeck.services.sources import Source
from posedeck.texts import LANGUAGES, load_texts
from tests.support.vendor import vendor

ROOT = Path(__file__).resolve().parents[2]
GROUP = (ROOT / "assets" / "samples" / "group3.jpg").read_bytes()
OUTCOMES = "keypoints_outcomes"


def keypoints(query: dict[str, str] | None = None, **state: object) -> AppTest:
    """The app on the keypoints page."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in state.items():
        at.session_state[key] = value
    at.run()
    for key, value in (query or {}).items():
        at.query_params[key] = value
    return at.switch_page("pages/keypoints.py").run()


def compared_sample(**state: object) -> AppTest:
    at = keypoints(**state)
    at.button(key="use_sample").click().run()
    assert not at.exception
    return at


def view(at: AppTest) -> dict[str, Any]:
    """What the component with the pictures and charts was given."""
    found = [node for node in at.get("bidi_component") if "posedeck_keypoints" in node.proto.component_name]
    assert len(found) == 1
    return json.loads(found[0].proto.json)


def person(shift: float = 0.0) -> dict[str, Any]:
    """A person in Kakao's format, standing in the middle of the sample picture."""
    x = (500, 505, 495, 512, 488, 540, 460, 560, 440, 570, 430, 525, 475, 530, 470, 532, 468)
    y = (150, 145, 145, 150, 150, 210, 210, 290, 290, 360, 360, 380, 380, 500, 500, 610, 610)
    points = [value for place in zip(x, y, strict=True) for value in (place[0] + shift, place[1], 0.9)]
    return {"area": 100.0, "bbox": [400, 100, 200, 550], "category_id": 1, "keypoints": points, "score": 0.9}


def grey_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480), (128, 128, 128)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_compares_both_vendors(server: OwnClient, language: str) -> None:
    """One click answers as both vendors, names three people and a summary, and needs no keys."""
    at = compared_sample(language=language)
    assert not at.error
    outcomes = at.session_state[OUTCOMES]
    assert [(each.vendor, each.source) for each in outcomes.answers.values()] == [
        (Vendor.KAKAO, Source.LOCAL),
        (Vendor.NHN, Source.LOCAL),
    ]
    assert [len(each.people) for each in outcomes.answers.values()] == [3, 3]
    head = load_texts(language)("keypoints.summary.person", number=1, summary="")
    assert any(element.value.startswith(f"**{head}") for element in at.markdown)


def test_the_two_local_answers_differ(server: OwnClient) -> None:
    """Kakao's one pass and NHN's mean of mirrored passes do not give the same numbers."""
    outcomes = compared_sample().session_state[OUTCOMES]
    left, right = (answer.people[0].xy_px for answer in outcomes.answers.values())
    assert (left != right).any()


def test_a_rerun_asks_nobody(server: OwnClient) -> None:
    """Whatever else changes on the page, the answers stay as they are."""
    at = compared_sample()
    first = at.session_state[OUTCOMES]
    at.segmented_control(key="person").set_value(2).run()
    at.slider(key="threshold").set_value(0.5).run()
    assert not at.exception
    assert at.session_state[OUTCOMES] is first
    assert at.query_params["person"] == "2"
    assert at.query_params["threshold"] == "0.5"


def test_a_link_restores_sources_person_and_threshold(server: OwnClient) -> None:
    """The address says who answers which side, whom to show, and from which score on."""
    at = keypoints({"left": "nhn-local", "right": "nhn-local", "person": "3", "threshold": "0.4"})
    at.button(key="use_sample").click().run()
    assert not at.exception
    assert at.segmented_control(key="left_vendor").value == "nhn"
    assert at.segmented_control(key="person").value == 3
    assert at.slider(key="threshold").value == 0.4


@pytest.mark.parametrize("broken", ["kakao", "remo-local", "kakao-nobody"])
def test_a_senseless_link_is_passed_over(server: OwnClient, broken: str) -> None:
    """What the address says wrongly leaves the page as it begins."""
    at = keypoints({"left": broken, "person": "x", "threshold": "high"})
    assert not at.exception
    assert at.segmented_control(key="left_vendor").value == "kakao"


def test_the_same_vendor_twice_agrees_with_itself(server: OwnClient) -> None:
    """Asked twice the same way, the engine gives the same answer."""
    at = compared_sample(right_vendor="kakao")
    charts = view(at)["charts"]
    assert {joint["verdict"] for joint in charts["joints"]} == {"good"}
    assert charts["numbers"][0]["value"] == "1.000"
    assert not any(metric["flips"] for metric in charts["metrics"])


def test_a_recorded_answer_is_compared(server: OwnClient) -> None:
    """A saved answer takes a side; an inverted wrist is called so, and the third opinion names the side."""
    at = compared_sample()
    body = json.loads(json.dumps(at.session_state[OUTCOMES].answers["right"].body))
    points = {point["name"]: point for point in body["result"]["keyPointList"][0]["inferKeypointList"]}
    left, right = points["left_wrist"], points["right_wrist"]
    for axis in ("x", "y"):
        left[axis], right[axis] = right[axis], left[axis]
    at.segmented_control(key="right_source").set_value("recorded").run()
    at.file_uploader(key="right_recorded").upload("answer.json", json.dumps(body).encode()).run()
    at.button(key="compare").click().run()
    at.toggle(key="consensus").set_value(True).run()
    assert not at.exception
    assert not at.error
    joints = {joint["name"]: joint for joint in view(at)["charts"]["joints"]}
    assert joints["left_wrist"]["verdict"] == "inversion"
    assert joints["left_wrist"]["outlier"] == load_texts("en")("keypoints.outlier.right")
    assert any("inversion: Left wrist, Right wrist" in element.value for element in at.markdown)


def test_an_answer_put_in_chooses_its_vendor(server: OwnClient) -> None:
    """Whose answer a file is, its form tells: the side takes it whatever vendor was chosen."""
    at = compared_sample()
    body = json.dumps(at.session_state[OUTCOMES].answers["right"].body).encode()
    at.segmented_control(key="left_source").set_value("recorded").run()
    at.file_uploader(key="left_recorded").upload("answer.json", body).run()
    assert at.segmented_control(key="left_vendor").value == "nhn"
    at.button(key="compare").click().run()
    assert not at.exception
    assert not at.error
    assert {joint["verdict"] for joint in view(at)["charts"]["joints"]} == {"good"}


def test_a_file_that_is_no_answer_is_refused_in_words(server: OwnClient) -> None:
    """The other side is shown all the same, and the local engine is offered in its place."""
    at = compared_sample(right_source="recorded")
    assert OUTCOMES not in at.session_state
    at.file_uploader(key="right_recorded").upload("answer.json", b"not JSON at all").run()
    at.button(key="compare").click().run()
    assert not at.exception
    assert [error.value for error in at.error] == [load_texts("en")("recorded.not_json")]
    assert list(view(at)["sides"]) == ["left"]
    at.button(key="right_use_local").click().run()
    assert not at.error
    assert list(view(at)["sides"]) == ["left", "right"]


def test_a_refusing_vendor_does_not_hide_the_other_side(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kakao's own error is a sentence with its code, NHN's answer is shown."""
    with vendor({"code": -9, "msg": "API is terminated"}, status=400) as url:
        monkeypatch.setitem(keypoints_sides.LIVE_BASE_URLS, Vendor.KAKAO, url)
        at = compared_sample(left_source="live", kakao_rest_api_key="a-secret-key")
        at.button(key="compare").click().run()
    assert not at.exception
    assert len(at.error) == 1
    assert any("-9" in element.value for element in at.text)
    assert list(view(at)["sides"]) == ["right"]


def test_a_live_answer_is_compared(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody whom only the vendor sees is told."""
    with vendor([person(), person(2000.0)]) as url:
        monkeypatch.setitem(keypoints_sides.LIVE_BASE_URLS, Vendor.KAKAO, url)
        at = compared_sample(left_source="live", kakao_rest_api_key="a-secret-key")
        at.button(key="compare").click().run()
    assert not at.exception
    assert not at.error
    assert at.session_state[OUTCOMES].answers["left"].source is Source.LIVE
    assert any(load_texts("en")("keypoints.only_left", count=1) == warning.value for warning in at.warning)


def test_live_needs_keys(server: OwnClient) -> None:
    """Without keys nothing can be compared, and a sample is sent to nobody."""
    at = compared_sample(left_source="live")
    assert OUTCOMES not in at.session_state
    assert at.button(key="compare").disabled


def test_keys_are_shared_by_both_sides(server: OwnClient) -> None:
    """One vendor live on both sides asks for its key once."""
    at = keypoints(left_source="live", right_source="live", right_vendor="kakao")
    assert not at.exception
    assert [field.key for field in at.text_input if field.key == "kakao_rest_api_key"] == ["kakao_rest_api_key"]


def test_a_private_address_is_refused_in_words(server: OwnClient) -> None:
    """The page does not fetch from this machine's own network."""
    at = keypoints()
    at.text_input(key="keypoints_url").set_value("http://127.0.0.1/picture.jpg").run()
    at.button(key="fetch_url").click().run()
    assert not at.exception
    assert [error.value for error in at.error] == [load_texts("en")("keypoints.url.failed")]


def test_an_own_picture_with_nobody_says_so(server: OwnClient) -> None:
    """No people on either side is an answer, not a failure."""
    at = keypoints()
    at.file_uploader(key="keypoints_photo_upload").upload("grey.png", grey_picture()).run()
    at.button(key="compare").click().run()
    assert not at.exception
    assert not at.error
    assert any(load_texts("en")("keypoints.nobody") == element.value for element in at.markdown)
