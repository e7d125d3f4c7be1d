"""The overlay's editing: what the browser sends, what the page reads, and what goes back."""

import json
from typing import Any

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from components.keypoint_edits import Move
from posedeck.pose.posture import METRICS, View

KEY = "front"


def editing_script(sent: dict[str, object] | None, view_name: str, moves: list[object] | None) -> None:
    import streamlit as st

    from components.keypoint_edits import Edit, current_edit, keep_edit, keypoint_edits
    from components.overlay import overlay_viewer, posture_lines
    from posedeck.pose.posture import View
    from posedeck.services.assessment import assess
    from posedeck.texts import load_texts
    from tests.app.support import sample_result

    result, view, t = sample_result(), View(view_name), load_texts("en")
    photo, pose = result.photos[view], result.poses[view]
    if moves is not None:
        sent = {"subject": current_edit("front", photo, pose).subject, "seq": 1, "moves": moves}
    if sent is not None:
        # As the browser's message arrives; the viewer itself is then mounted under another key.
        st.session_state["front"] = {"edit": sent}
        keep_edit("front")()
        del st.session_state["front"]
    edits = keypoint_edits("front", photo, pose)
    assessment = assess(result, result.profile, edits={view: edits})
    lines = posture_lines(assessment, view, t)
    overlay_viewer(photo, pose, alt="photo", key="front", t=t, lines=lines, edits=edits, editable=True)
    st.session_state["edits"], st.session_state["edit"] = edits, current_edit("front", photo, pose)
    assert isinstance(st.session_state["edit"], Edit)


def editing(
    moves: list[Move] | None = None, *, sent: dict[str, object] | None = None, view: View = View.FRONT
) -> AppTest:
    return AppTest.from_function(editing_script, args=(sent, view.value, moves), default_timeout=20).run()


def sent_data(page: AppTest) -> dict[str, Any]:
    (overlay,) = page.get("bidi_component")
    return dict(json.loads(overlay.proto.json))


def test_nothing_moved_at_first() -> None:
    """Without a message no keypoint is corrected, and the browser learns an empty history."""
    page = editing()
    assert page.session_state["edits"] == {}
    assert sent_data(page)["edit"]["moves"] == []


def test_moves_add_up() -> None:
    """The last place of each moved keypoint counts; the history goes back to the browser as it came."""
    page = editing([("left_knee", 400.0, 600.0), ("left_hip", 1.0, 2.0), ("left_knee", 410.5, 601.0)])
    assert not page.exception
    assert page.session_state["edits"] == {"left_knee": (410.5, 601.0), "left_hip": (1.0, 2.0)}
    data = sent_data(page)
    assert (data["edit"]["seq"], len(data["edit"]["moves"])) == (1, 3)
    assert data["edits"] == {"left_knee": [410.5, 601.0], "left_hip": [1.0, 2.0]}


def test_reset_takes_back_what_came_before() -> None:
    """After a reset only later moves count."""
    assert editing([("left_knee", 400.0, 600.0), None]).session_state["edits"] == {}
    after = editing([("left_knee", 400.0, 600.0), None, ("right_knee", 300.0, 600.0)])
    assert after.session_state["edits"] == {"right_knee": (300.0, 600.0)}


def test_moves_stay_in_the_photo() -> None:
    """A keypoint dragged off the photo stops at its edge, and a name that the skeleton has not is left out."""
    page = editing([("left_knee", -5.0, 1e6), ("tail", 1.0, 1.0)])
    photo = sent_data(page)
    assert page.session_state["edits"] == {"left_knee": (0.0, float(photo["height"]))}


def test_moves_of_another_photo_are_not_shown() -> None:
    """What was corrected on one photo is not carried over to the next."""
    page = editing(sent={"subject": "another", "seq": 7, "moves": [("left_knee", 1.0, 1.0)]})
    assert page.session_state["edits"] == {}
    assert sent_data(page)["edit"]["seq"] == 0


def test_message_of_another_form_is_refused() -> None:
    """A message that our script does not send is not kept."""
    with pytest.raises(msgspec.ValidationError):
        _keep_malformed()


def _keep_malformed() -> None:
    import streamlit as st

    from components.keypoint_edits import keep_edit

    st.session_state[KEY] = {"edit": {"subject": "x", "seq": "one", "moves": []}}
    try:
        keep_edit(KEY)()
    finally:
        del st.session_state[KEY]


@pytest.mark.parametrize("view", View)
def test_lines_can_follow_a_drag(view: View) -> None:
    """Each line tells the browser how it follows its keypoints, about the pose as it is now."""
    lines = sent_data(editing(view=view))["lines"]
    assert len(lines) == sum(metric.view is view for metric in METRICS)
    for line in lines:
        assert abs(line["preview"]["turn_sign"]) == 1.0
        assert line["preview"]["keypoints"]
        count = len(line["points"]) + len(line["reference"]) + 1
        assert all(len(axis) == count for keypoint in line["preview"]["keypoints"] for axis in keypoint["slope"])


def test_corrected_value_is_written_at_its_line() -> None:
    """After a move the line runs through the new place and carries the new value."""
    before, after = (sent_data(editing(moves)) for moves in ([], [("left_shoulder", 480.0, 200.0)]))
    labels = [{line["name"]: line["label"] for line in data["lines"]} for data in (before, after)]
    assert labels[0]["Shoulders"] != labels[1]["Shoulders"]
    assert labels[0]["Knees"] == labels[1]["Knees"]
