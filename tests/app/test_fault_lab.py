"""The fault lab's page: faults hold for one session, are seen on every page, and mark what is made under them."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from posedeck.clients.own import OwnClient
from posedeck.contracts.faults import Target
from posedeck.services.assessment import assess
from posedeck.services.exchanges.curl import as_curl
from posedeck.services.exchanges.har import as_har
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.saved import export_json
from posedeck.services.sources import Source
from posedeck.texts import load_texts

APP = str(Path(__file__).resolve().parents[2] / "app.py")
T = load_texts("en")
RESULT = "posture_result"


def lab(**faults: str) -> AppTest:
    """The page with these faults chosen on it, a hyphen for each underscore in their calls' names."""
    at = AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/fault_lab.py").run()
    for target, fault in faults.items():
        at.selectbox(key=f"fault_{target.replace('_', '-')}").set_value(fault).run()
    assert not at.exception
    return at


def sample(at: AppTest, page: str) -> AppTest:
    at.switch_page(page).run()
    at.button(key="use_sample").click().run()
    assert not at.exception
    return at


def has_banner(at: AppTest) -> bool:
    return any(button.key == "fault_banner_off" for button in at.button)


def test_it_is_off_by_default(server: OwnClient) -> None:
    at = lab()
    assert all(box.value == "off" for box in at.selectbox)
    assert not has_banner(AppTest.from_file(APP, default_timeout=60).run())


def test_a_fault_is_an_error_on_its_page_and_in_the_inspector(server: OwnClient) -> None:
    at = sample(lab(remo_skeleton="no-person-front"), "pages/posture.py")
    assert [error.value for error in at.error] == [T("error.remo.511")]
    log: ExchangeLog = at.session_state["exchange_log"]
    (record,) = [record for record in log.records() if record.vendor == "remo"]
    assert record.source == Source.FAULT
    assert "fault" not in as_curl(record, log.files()).code.lower()
    assert b"X-PoseDeck-Fault-Session" not in as_har([record])
    assert b"Fault lab" in as_har([record])


def test_a_result_made_under_a_fault_says_so_in_its_export(server: OwnClient) -> None:
    """Also when it could pass for a good one."""
    at = sample(lab(remo_skeleton="swapped-sides"), "pages/posture.py")
    result = at.session_state[RESULT]
    assert result.source is Source.FAULT
    assert b'"label": "Fault lab"' in export_json(result, assess(result, result.profile))


def test_credit_runs_out_before_the_eyes_and_comes_back_by_a_refill(server: OwnClient) -> None:
    """The balance falls call by call, then the refusal with the offer to refill, after which calls are answered."""
    at = lab(remo_skeleton="credit-runs-out")
    for balance in (2, 1, 0):
        assert sample(at, "pages/posture.py").session_state["credits"]["local"] == balance
        assert not at.error
    sample(at, "pages/posture.py")
    assert [error.value for error in at.error] == [T("error.remo.422")]
    at.button(key="refill").click().run()
    assert not at.error
    assert at.session_state["credits"]["local"] == 2


def test_a_fault_of_one_call_leaves_the_others_alone(server: OwnClient) -> None:
    at = sample(lab(kakao_pose="terminated"), "pages/keypoints.py")
    outcomes = at.session_state["keypoints_outcomes"]
    assert list(outcomes.errors) == ["left"]
    assert outcomes.answers["right"].source is Source.LOCAL


def test_switched_off_everything_is_right_again(server: OwnClient) -> None:
    at = lab(remo_skeleton="no-person-front", nhn_pose="fail")
    at.button(key="fault_all_off").click().run()
    assert all(box.value == "off" for box in at.selectbox)
    sample(at, "pages/posture.py")
    assert at.session_state[RESULT].source is Source.LOCAL
    assert not at.error


def test_the_frame_of_every_page_says_that_it_is_on_and_switches_it_off(server: OwnClient) -> None:
    """AppTest runs other pages without their frame, so this looks at the first one."""
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["faults"] = {Target.NHN_POSE: "slow"}
    assert has_banner(at.run())
    assert any(T("fault.slow") in caption.value for caption in at.caption)
    at.button(key="fault_banner_off").click().run()
    assert not has_banner(at)
    assert at.session_state["faults"] == {}


def test_another_session_is_not_touched(server: OwnClient) -> None:
    lab(remo_skeleton="no-person-front")
    other = sample(AppTest.from_file(APP, default_timeout=60).run(), "pages/posture.py")
    assert not other.error
    assert other.session_state[RESULT].source is Source.LOCAL
