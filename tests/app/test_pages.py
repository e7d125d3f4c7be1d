"""The pages, run as scripts against a real pose server on a free port."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import sources
from posedeck.clients.own import OwnClient
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.pose.posture import View
from posedeck.services.sources import Source
from tests.support.answers import clean_answer
from tests.support.vendor import vendor

APP = str(Path(__file__).resolve().parents[2] / "app.py")
RESULT = "posture_result"


def run(**state: object) -> AppTest:
    """The app on its home page, with some session state."""
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in state.items():
        at.session_state[key] = value
    return at.run()


def posture(**state: object) -> AppTest:
    """The app on the posture page."""
    return run(**state).switch_page("pages/posture.py").run()


@pytest.mark.parametrize(("language", "title"), [("en", "Posture"), ("ko", "체형 분석")])
def test_home_has_four_cards_in_both_languages(server: OwnClient, language: str, title: str) -> None:
    """The home page shows four cards, what each source is, and that the engine is ready."""
    at = run(language=language)
    assert not at.exception
    subheaders = [element.value for element in at.subheader]
    assert len(subheaders) == 4
    assert subheaders[0] == title
    assert any("check_circle" in element.value for element in at.markdown)


def test_sample_gives_a_full_result(server: OwnClient) -> None:
    """One click on the sample sends both photos and shows eleven values with their source."""
    at = posture()
    at.button(key="use_sample").click().run()
    assert not at.exception
    assert not at.error
    result = at.session_state[RESULT]
    assert all(entry.value is not None and entry.grade is not None for entry in result.metrics)
    assert at.session_state["credits"]["local"] == result.credit


def test_a_rerun_asks_nobody(server: OwnClient) -> None:
    """A rerun for whatever reason shows the same answer and spends nothing."""
    at = posture()
    at.button(key="use_sample").click().run()
    first = at.session_state[RESULT]
    at.run()
    assert at.session_state[RESULT] is first


def test_switching_pages_keeps_the_result(server: OwnClient) -> None:
    """Photos and result are still there after a look at another page."""
    at = posture()
    at.button(key="use_sample").click().run()
    first = at.session_state[RESULT]
    at.switch_page("pages/home.py").run().switch_page("pages/posture.py").run()
    assert at.session_state[RESULT] is first


def test_spent_credits_can_be_refilled(server: OwnClient) -> None:
    """Without credit the page says so in a sentence and offers to refill the demo account."""
    server.refill(DEMO_ACCOUNT[0], 0)
    at = posture()
    at.button(key="use_sample").click().run()
    assert len(at.error) == 1
    at.button(key="refill").click().run()
    assert not at.error
    assert at.session_state[RESULT].credit == 99


def test_a_sample_never_spends_live_credits(server: OwnClient) -> None:
    """With the live source the sample only fills the slots; nothing is sent."""
    at = posture(source="live")
    at.button(key="use_sample").click().run()
    assert RESULT not in at.session_state
    assert not at.error


def test_live_needs_credentials(server: OwnClient) -> None:
    """Without credentials the button is off and the page says what is missing."""
    at = posture(source="live")
    at.button(key="use_sample").click().run()
    assert at.button(key="analyse").disabled
    assert any("key" in element.value for element in at.info)


def test_a_picture_that_is_none_is_refused_in_words(server: OwnClient) -> None:
    """A file that is no picture gives a sentence and leaves the slot empty."""
    at = posture()
    at.file_uploader(key="posture_front_upload").upload("front.jpg", b"this is no picture").run()
    assert len(at.error) == 1
    assert not at.exception


def test_swapped_photos_are_told_before_and_after(server: OwnClient) -> None:
    """A side photo in the front slot is warned of at once, and refused with a sentence when it is sent."""
    samples = Path(APP).parent / "assets" / "samples"
    at = posture()
    at.file_uploader(key="posture_front_upload").upload("a.jpg", (samples / "side_apose.jpg").read_bytes()).run()
    assert at.warning
    at.file_uploader(key="posture_side_upload").upload("b.jpg", (samples / "front_apose.jpg").read_bytes()).run()
    at.button(key="analyse").click().run()
    assert len(at.error) == 1
    assert any("516" in element.value for element in at.text)


def test_a_live_answer_is_shown_with_the_vendors_own_points(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without our extras the vendor's 22 points are drawn, its values are not calibrated, and the audit speaks."""
    answer = {key: value for key, value in clean_answer().items() if not key.startswith("x_")}
    answer["far_head_bal_grade"] = -answer["far_head_bal_grade"]
    with vendor(answer) as url:
        monkeypatch.setattr(sources, "LIVE_BASE_URL", url)
        at = posture(source="live", remo_email="a@b.example", remo_user_key="user", remo_api_key="key")
        at.button(key="use_sample").click().run()
        at.button(key="analyse").click().run()
    assert not at.exception
    assert not at.error
    result = at.session_state[RESULT]
    assert result.source is Source.LIVE
    assert len(result.poses[View.FRONT].skeleton) == 22
    assert at.session_state["credits"]["live"] == 99
    assert at.toggle(key="calibrated").disabled
    assert not any("(0)" in tab.label for tab in at.tabs)


def test_a_vendors_refusal_is_a_sentence_and_its_code(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the vendor refuses is said in words, with its code and message beside, and shows its balance."""
    refusal = {"state": False, "credit": 7, "message": "wrong APIKey", "status": 421}
    with vendor(refusal, status=421) as url:
        monkeypatch.setattr(sources, "LIVE_BASE_URL", url)
        at = posture(source="live", remo_email="a@b.example", remo_user_key="user", remo_api_key="key")
        at.button(key="use_sample").click().run()
        at.button(key="analyse").click().run()
    assert len(at.error) == 1
    assert any("421" in element.value and "wrong APIKey" in element.value for element in at.text)
    assert at.session_state["credits"]["live"] == 7


def test_a_refill_that_is_refused_is_a_sentence(server: OwnClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the server's token the refill fails in words, not with a broken page."""
    server.refill(DEMO_ACCOUNT[0], 0)
    at = posture()
    at.button(key="use_sample").click().run()
    with monkeypatch.context() as patch:
        patch.setattr(sources, "read_token", lambda _: "wrong")
        at.button(key="refill").click().run()
    assert not at.exception
    assert any("401" in element.value for element in at.text)
    server.refill(DEMO_ACCOUNT[0], 100)
