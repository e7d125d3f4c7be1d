"""Demo mode: samples only, nothing to any vendor, a full result on every page, and a tour on time."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import demo, sources
from components.demo import STEPS
from posedeck.clients.own import OwnClient
from posedeck.services.sources import Source
from shell.frame import PAGES
from tests.support.vendor import vendor

APP = str(Path(__file__).resolve().parents[2] / "app.py")
LIVE = {"source": "live", "remo_email": "a@b.example", "remo_user_key": "user", "remo_api_key": "key"}


def demo_app(**state: object) -> AppTest:
    """The app in demo mode, on its home page."""
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in state.items():
        at.session_state[key] = value
    at.query_params["demo"] = "1"
    return at.run()


def test_future_shape_opens_with_a_recorded_answer(server: OwnClient) -> None:
    """A full result at once, named as recorded, and computed when it is asked for."""
    at = demo_app().switch_page("pages/future_shape.py").run()
    assert not at.exception
    results = at.session_state["future_shape_results"]
    assert {result.source for result in results.values()} == {Source.RECORDED}
    assert any("recorded answer of our own engine" in element.value for element in at.markdown)
    at.button(key="demo_run_now").click().run()
    results = at.session_state["future_shape_results"]
    assert {result.source for result in results.values()} == {Source.LOCAL}
    assert "demo_run_now" not in {button.key for button in at.button}


def test_soccer_opens_with_a_recorded_answer(server: OwnClient) -> None:
    """A full result with both clips at once, named as recorded, the button to compute it beside."""
    at = demo_app().switch_page("pages/soccer.py").run()
    assert not at.exception
    assert at.session_state["kick_result"].source is Source.RECORDED
    _, clips = at.session_state["kick_clip_sources"]
    assert set(clips) == {"drawn", "original"}
    assert "demo_run_now" in {button.key for button in at.button}
    assert not at.warning


def test_the_other_pages_compute_their_sample(server: OwnClient) -> None:
    """Posture and keypoints show our engine's result of the sample without a click."""
    at = demo_app().switch_page("pages/posture.py").run()
    assert not at.exception
    assert at.session_state["posture_result"].source is Source.LOCAL
    at.switch_page("pages/keypoints.py").run()
    assert not at.exception
    assert set(at.session_state["keypoints_outcomes"].answers) == {"left", "right"}


def test_no_live_call_is_possible(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was chosen before, and even for who asks the transport directly, no vendor is reached."""
    with vendor({"state": True}) as url:
        monkeypatch.setattr(sources, "LIVE_BASE_URL", url)
        at = demo_app(**LIVE, left_source="live", right_source="live").switch_page("pages/posture.py").run()
        assert at.session_state["posture_result"].source is Source.LOCAL
        at.switch_page("pages/keypoints.py").run()
        answers = at.session_state["keypoints_outcomes"].answers
        assert {answer.source for answer in answers.values()} == {Source.LOCAL}


def test_photos_of_before_are_forgotten(server: OwnClient) -> None:
    """Switching on takes own photos and results off the screen; there is nothing but the sample to choose."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["posture_front"] = at.session_state["posture_result"] = "mine"
    at.run()
    assert at.sidebar.radio
    at.toggle(key="demo").set_value(True).run()
    assert not at.exception
    assert not at.sidebar.radio
    assert not [key for key in ("posture_front", "posture_result") if key in at.session_state]
    at.switch_page("pages/posture.py").run()
    assert at.session_state["posture_front"].name == "front_apose.jpg"
    at.button(key="posture_front_remove").click().run()
    assert "posture_front_upload" not in {uploader.key for uploader in at.file_uploader}
    assert "posture_front_sample" in {button.key for button in at.button}


def own_material(at: AppTest) -> list[str]:
    """Everything on a page that takes a file, a photo or an address of one's own."""
    assert not at.exception
    components = [node.proto.component_name for node in at.get("bidi_component")]
    texts = [(str(each.key), f"{each.placeholder}{each.value}") for each in at.text_input]
    return [
        *(str(each.key) for each in (*at.file_uploader, *at.camera_input)),
        *(name for name in components if "upload" in name),
        *(key for key, content in texts if "url" in key or "://" in content),
        *(str(each.key) for each in at.text_area if str(each.key).startswith("edit_")),
    ]


def test_no_page_takes_anything_of_ones_own(server: OwnClient) -> None:
    """On no page and in none of their parts is a file, a camera or an address asked for; the reason stands there."""
    at = demo_app()
    shown = {page.name: own_material(at.switch_page(f"pages/{page.name}.py").run()) for page in PAGES}
    at.switch_page("pages/posture.py").run()
    labels = [tab.label for tab in at.tabs]
    assert len(labels) == 6
    for label in labels:
        at.session_state["result_tabs"] = label
        shown[f"posture, {label}"] = own_material(at.run())
    at.button(key="posture_front_remove").click().run()
    shown["posture without a photo"] = own_material(at)
    for part in ("video", "batch"):
        at.session_state["keypoints_tab"] = part
        shown[f"keypoints, {part}"] = own_material(at.switch_page("pages/keypoints.py").run())
        assert any("samples only" in caption.value for caption in at.caption)
    at.switch_page("pages/inspector.py").run()
    sent = [record for record in at.session_state["exchange_log"].records() if record.vendor != "posedeck"]
    at.session_state["inspector_selected"] = at.session_state["inspector_latest"] = sent[0].id
    at.session_state["inspector_tabs"] = "Edit and send again"
    shown["inspector, edit"] = own_material(at.run())
    assert any("samples only" in caption.value for caption in at.caption)
    assert {name: found for name, found in shown.items() if found} == {}


def test_the_tour_takes_ninety_seconds_over_all_pages() -> None:
    """Its steps add up, visit each presented page, and never leave one to come back."""
    assert sum(step.seconds for step in STEPS) == 90
    pages = list(dict.fromkeys(step.page for step in STEPS))
    assert pages == list(demo.PRESENTED)
    assert [step.page for step in STEPS] == sorted((step.page for step in STEPS), key=pages.index)
