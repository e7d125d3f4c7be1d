"""The perturbation lab as Streamlit runs it, on real inference."""

import time

import pytest
from streamlit.testing.v1 import AppTest

from posedeck.clients.own import OwnClient
from posedeck.contracts.kakao import pose as kakao_pose
from posedeck.pose.pose import Pose
from posedeck.services.keypoints import Vendor
from posedeck.services.perturbation import LabResult
from posedeck.texts import load_texts
from tests.app.test_keypoints_page import OUTCOMES, compared_sample

RESULT = "lab_result"
PATIENCE_S = 60.0


def run_lab(at: AppTest, *kinds: str) -> LabResult:
    """Start the lab and look at the page until the run has ended."""
    at.pills(key="lab_kinds").set_value(list(kinds)).run()
    at.button(key="lab_start").click().run()
    until = time.monotonic() + PATIENCE_S
    while RESULT not in at.session_state:
        assert time.monotonic() < until
        at.run()
    assert not at.exception
    result: LabResult = at.session_state[RESULT]
    return result


def test_our_engine_keeps_left_and_right(server: OwnClient) -> None:
    """Both formats answer the mirrored sample like the sample; NHN's mean of mirrored passes hardly moves at all."""
    at = compared_sample()
    kakao = run_lab(at, "mirror", "jpeg")
    assert kakao.baseline.vendor is Vendor.KAKAO
    assert [entry.perturbation.kind.value for entry in kakao.measured] == ["mirror", *["jpeg"] * 4]
    assert kakao.mirror is not None
    assert kakao.mirror.exchanges_sides is False
    assert any("keeps left and right" in element.value for element in at.success)
    assert len(at.get("plotly_chart")) == 1

    at.segmented_control(key="lab_side").set_value("right").run()
    nhn = run_lab(at, "mirror")
    assert nhn.mirror is not None
    assert nhn.mirror.median_distance_torso < min(0.01, kakao.mirror.median_distance_torso)


def test_a_source_that_names_sides_by_the_picture_is_called_so(
    server: OwnClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever calls the picture's left side left, mirrored or not, is named in words."""
    at = compared_sample()
    plain = kakao_pose.parse_people

    def parse(body: object) -> list[Pose]:
        return [pose.with_xy(pose.xy_px[pose.skeleton.mirror_order]) for pose in plain(body)]

    monkeypatch.setattr("posedeck.clients.kakao.kakao.parse_people", parse)
    result = run_lab(at, "mirror")
    assert result.mirror is not None
    assert result.mirror.exchanges_sides is True
    title = load_texts("en")("keypoints.side.local", vendor="Kakao")
    assert any(error.value.startswith(f"{title} exchanges left and right") for error in at.error)


def test_the_lab_needs_somebody_to_ask(server: OwnClient) -> None:
    """A side whose choice has changed since, or that was recorded, cannot be asked again."""
    at = compared_sample()
    at.segmented_control(key="left_source").set_value("recorded").run()
    at.segmented_control(key="right_source").set_value("recorded").run()
    assert OUTCOMES in at.session_state
    assert any(load_texts("en")("lab.nobody") == info.value for info in at.info)
    assert not any(button.key == "lab_start" for button in at.button)
