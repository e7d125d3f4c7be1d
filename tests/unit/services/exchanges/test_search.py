"""How exchanges end in their vendor's terms, and how they are searched."""

from typing import Any

import msgspec
import pytest

from posedeck.net.errors import ConnectionLost
from posedeck.net.exchange import Call
from posedeck.services.exchanges.log import Listed
from posedeck.services.exchanges.outcome import Ending, Outcome, ending_of
from posedeck.services.exchanges.search import Search
from tests.unit.services.exchanges.builders import recorded

URL = "https://v.example/api/analysis-soccer-result"


@pytest.mark.parametrize(
    ("vendor", "status", "body", "ending"),
    [
        ("remo", 200, {"state": True, "status_code": 200}, Ending(Outcome.ANSWERED)),
        ("remo", 200, {"state": False, "status": 511}, Ending(Outcome.FAILED, 511)),
        ("remo", 400, {"state": False, "message": "wrong image"}, Ending(Outcome.FAILED, 0)),
        ("remo", 511, {"state": False, "status": 511}, Ending(Outcome.FAILED)),
        ("remo", 534, {"state": False, "status": 534}, Ending(Outcome.ANSWERED, 534)),
        ("remo", 200, {"impact": {"kick_right_hip_x": 1.0}}, Ending(Outcome.ANSWERED)),
        ("nhn", 200, {"header": {"isSuccessful": True, "resultCode": 0}}, Ending(Outcome.ANSWERED)),
        ("nhn", 200, {"header": {"isSuccessful": False, "resultCode": 4010001}}, Ending(Outcome.FAILED, 4010001)),
        ("kakao", 200, [], Ending(Outcome.ANSWERED)),
        ("kakao", 401, {"code": -401, "msg": "no"}, Ending(Outcome.FAILED, -401)),
        ("kakao", 200, {"job_id": "7", "status": "waiting"}, Ending(Outcome.ANSWERED)),
        ("posedeck", 404, {"code": 404}, Ending(Outcome.FAILED)),
        ("kakao", 502, "<html>", Ending(Outcome.FAILED)),
    ],
)
def test_an_ending_is_the_vendors_own(vendor: str, status: int, body: Any, ending: Ending) -> None:
    record, _ = recorded(Call("POST", URL), body, vendor=vendor, status=status)
    assert ending_of(record) == ending


def test_what_has_no_answer_yet_is_running_and_what_never_gets_one_has_failed() -> None:
    lost, _ = recorded(Call("GET", URL), None, error=ConnectionLost("gone", vendor="remo"))
    assert ending_of(lost) == Ending(Outcome.FAILED)
    assert ending_of(msgspec.structs.replace(lost, error=None, phase="wait")) == Ending(Outcome.RUNNING)


def listed(vendor: str = "remo", status: int = 200) -> Listed:
    record, _ = recorded(Call("POST", URL), {}, vendor=vendor, status=status)
    return Listed(record, ending_of(record))


@pytest.mark.parametrize(
    ("search", "finds"),
    [
        (Search(), True),
        (Search(vendors=("remo", "nhn")), True),
        (Search(vendors=("kakao",)), False),
        (Search(outcomes=(Outcome.FAILED,)), True),
        (Search(outcomes=(Outcome.ANSWERED,)), False),
        (Search(text="POST soccer"), True),
        (Search(text="503"), True),
        (Search(text="soccer 200"), False),
    ],
)
def test_words_and_filters_must_all_fit(search: Search, finds: bool) -> None:
    assert search.finds(listed(status=503)) is finds


def test_our_own_calls_are_found_when_asked_for() -> None:
    assert not Search().finds(listed("posedeck"))
    assert Search(own=True, vendors=("remo",)).finds(listed("posedeck"))
