"""The inspector page: what this session sent, and nothing of another one's."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from components.exchange_list import SELECTED
from posedeck.clients.own import OwnClient
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.sources import VENDOR_NAMES
from tests.unit.services.exchanges.builders import json_call, recorded

APP = str(Path(__file__).resolve().parents[2] / "app.py")
TABS = 6


def records(at: AppTest) -> list[ExchangeRecord]:
    log: ExchangeLog = at.session_state["exchange_log"]
    return [record for record in log.records() if record.vendor != "posedeck"]


def listed(at: AppTest) -> dict[str, Any]:
    """What the list shows."""
    (found,) = [node for node in at.get("bidi_component") if "exchange_list" in node.proto.component_name]
    shown: dict[str, Any] = json.loads(found.proto.json)
    return shown


def after_sample(page: str, **state: object) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    for key, value in state.items():
        at.session_state[key] = value
    at.run().switch_page(page).run()
    at.button(key="use_sample").click().run()
    return at.switch_page("pages/inspector.py").run()


def open_tab(at: AppTest, record: ExchangeRecord) -> AppTest:
    at.session_state[SELECTED] = record.id
    at.session_state["inspector_latest"] = records(at)[0].id
    at.session_state["inspector_tabs"] = "Edit and send again"
    return at.run()


@pytest.fixture(scope="module")
def at(server: OwnClient) -> AppTest:
    """The page after both samples' calls to Kakao's and NHN's routes."""
    return after_sample("pages/keypoints.py")


def test_each_call_of_the_session_is_listed(at: AppTest) -> None:
    assert not at.exception
    assert {(record.vendor, record.source, record.status) for record in records(at)} == {
        ("kakao", "local", 200),
        ("nhn", "local", 200),
    }
    rows = listed(at)["rows"]
    assert [(row["vendor"], row["outcome"], row["outcome_kind"], row["findings"]) for row in rows] == [
        (VENDOR_NAMES[record.vendor], "200", "answered", 0) for record in records(at)
    ]
    assert len(at.tabs) == TABS


def test_an_exchange_is_sent_again_as_edited(at: AppTest) -> None:
    """The answer to what was edited is a new exchange, which is shown."""
    record = next(record for record in records(at) if record.vendor == "kakao")
    open_tab(at, record)
    at.text_area(key=f"edit_head_{record.id}").set_value("Authorization: KakaoAK nobody's")
    at.button[-1].click().run()
    assert not at.exception
    latest = records(at)[0]
    assert (latest.vendor, latest.status) == ("kakao", 401)
    assert latest.response is not None
    assert latest.response.value["code"] == -401
    assert latest.request_headers["Authorization"] == "KakaoAK ***"
    assert at.session_state[SELECTED] == latest.id


def test_what_cannot_be_sent_says_why(at: AppTest) -> None:
    before = len(records(at))
    record = records(at)[0]
    open_tab(at, record)
    at.text_input(key=f"edit_url_{record.id}").set_value("https://elsewhere.example/pose")
    at.button[-1].click().run()
    assert any("host" in error.value for error in at.error)
    assert len(records(at)) == before


def test_one_that_hangs_is_there_at_once_and_stays_chosen_when_it_ends(at: AppTest) -> None:
    """Its request can be read meanwhile; the answer comes to the same row."""
    log: ExchangeLog = at.session_state["exchange_log"]
    ended, _ = recorded(json_call({"marked": 1}), {"code": -2, "msg": "no"}, vendor="kakao", status=400)
    begun = {"status": None, "response": None, "response_headers": None}
    log.observe(msgspec.structs.replace(ended, phase="wait", **begun), {})
    at.run()
    at.session_state["inspector_tabs"] = "Request"
    at.run()
    first = listed(at)["rows"][0]
    assert (first["id"], first["outcome_kind"], first["outcome"]) == (ended.id, "running", "waiting for the answer")
    assert first["running_ms"] > 0
    assert any("so far" in each.value for each in at.markdown)
    assert any("marked" in node.proto.json for node in at.get("bidi_component"))
    log.observe(ended, {})
    at.run()
    assert (listed(at)["rows"][0]["outcome"], listed(at)["selected"]) == ("400 · -2", ended.id)
    assert not at.exception


def test_it_is_searched_and_errors_are_counted(at: AppTest) -> None:
    at.text_input(key="inspector_search").set_value("-2").run()
    assert [row["outcome"] for row in listed(at)["rows"]] == ["400 · -2"]
    assert any("errors: 1" in caption.value for caption in at.caption)
    at.text_input(key="inspector_search").set_value("nothing like that").run()
    assert at.info
    at.text_input(key="inspector_search").set_value("").run()


def test_a_finding_leads_to_its_place_in_the_answer(at: AppTest) -> None:
    log: ExchangeLog = at.session_state["exchange_log"]
    broken, _ = recorded(json_call({}, "https://v.example/pose"), [{"area": "large"}], vendor="kakao")
    log.observe(broken, {})
    at.run()
    at.session_state["inspector_tabs"] = "Findings"
    at.run()
    at.button(key="inspector_audit_0_place").click().run()
    assert not at.exception
    (tree,) = [node for node in at.get("bidi_component") if "body_tree" in node.proto.component_name]
    assert json.loads(tree.proto.json)["place"] == [0, "area"]


def test_another_session_sees_nothing_of_it(server: OwnClient) -> None:
    other = AppTest.from_file(APP, default_timeout=60).run().switch_page("pages/inspector.py").run()
    assert not other.exception
    assert records(other) == []
    assert other.info


def test_forgotten_exchanges_are_gone_in_korean_too(server: OwnClient) -> None:
    korean = after_sample("pages/posture.py", language="ko")
    assert not korean.exception
    assert [record.costs for record in records(korean)] == [True]
    korean.button(key="inspector_forget").click().run()
    assert not korean.exception
    assert records(korean) == []
