"""Every refusal of Remo's error table, and which one comes first."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posedeck.contracts.remo.errors import RemoCode
from posedeck.contracts.remo.skeleton import PATH, PROFILE_HEADER, REQUIRED_FIELDS
from posedeck.engine.images import ImageError
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.storage.token import read_token
from tests.unit.server.builders import (
    Served,
    TruthEngine,
    base64_of,
    blank_photo,
    person_in,
    photo,
    ready,
    request_body,
    serving,
    settings_in,
    tilted,
    with_arms_down,
)

FRONT, SIDE = photo("front_apose"), photo("side_apose")
NOBODY = blank_photo(1)
TILTED, ARMS_DOWN, TILTED_ARMS_DOWN = blank_photo(2), blank_photo(3), blank_photo(4)
CRASH, SLOW, ODD, UNREADABLE_IN_SLOT = blank_photo(5), blank_photo(6), blank_photo(7), blank_photo(8)
NOT_A_PICTURE = b"not a picture"
CANARY = "canary-secret-3141"


def engine() -> TruthEngine:
    """Knows one photo for each thing that can be wrong."""
    front, side = person_in("front_apose"), person_in("side_apose")
    return TruthEngine(
        {
            FRONT: front,
            SIDE: side,
            NOBODY: None,
            TILTED: tilted(front, 14.0),
            ARMS_DOWN: with_arms_down(front),
            TILTED_ARMS_DOWN: with_arms_down(tilted(front, 14.0)),
            CRASH: SlotCrashed("died"),
            SLOW: SlotTimeout("slow"),
            ODD: RuntimeError(f"odd {CANARY}"),
            UNREADABLE_IN_SLOT: ImageError("undecodable", "no"),
        }
    )


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all refusals: none of them changes anything."""
    with serving(settings_in(tmp_path_factory.mktemp("data")), ready(engine())) as running:
        yield running


def body(front: bytes = FRONT, side: bytes = SIDE, **changes: Any) -> dict[str, Any]:
    return request_body(front, side, **changes)


#: Each row has its own fault, and all later ones that can be had with it: the first in the vendor's order must win.
CASES = [
    ("not an object", [], 400),
    ("wrong type before missing", {"Email": 5}, 400),
    ("null is a wrong type", body(UserKey=None), 400),
    ("endless uuid", body(uuid="u" * 201), 400),
    *(
        (f"{name} missing", {k: v for k, v in body(APIKey="wrong").items() if k != name}, 411)
        for name in REQUIRED_FIELDS
    ),
    *((f"{name} blank", body(NOBODY, NOBODY, **{name: "  "}), 411) for name in REQUIRED_FIELDS),
    ("unknown e-mail", body(NOT_A_PICTURE, NOBODY, Email="who@posedeck.local", APIKey="wrong"), 420),
    ("wrong user key before wrong API key", body(NOT_A_PICTURE, UserKey="wrong", APIKey="wrong"), 420),
    ("wrong API key", body(NOT_A_PICTURE, APIKey="wrong"), 421),
    ("both undecodable", body(NOT_A_PICTURE, NOT_A_PICTURE), 412),
    ("front undecodable before side without a person", body(NOT_A_PICTURE, NOBODY), 413),
    ("side undecodable before front without a person", body(NOBODY, NOT_A_PICTURE), 414),
    ("front is not base64", body(forigimg="%%%"), 413),
    ("side is an empty data URI", body(sorigimg="data:image/jpeg;base64,"), 414),
    ("decodable here but not in the slot", body(UNREADABLE_IN_SLOT), 413),
    ("nobody in front before wrong facing side", body(NOBODY, FRONT), 511),
    ("nobody in side before wrong facing front", body(SIDE, NOBODY), 512),
    ("nobody in either", body(NOBODY, NOBODY), 513),
    ("front shows a side", body(SIDE, SIDE), 514),
    ("side shows a front, before tilt and pose", body(TILTED_ARMS_DOWN, FRONT), 515),
    ("both face the wrong way", body(SIDE, FRONT), 516),
    ("tilted before pose", body(TILTED_ARMS_DOWN, SIDE), 418),
    ("tilted", body(TILTED, SIDE), 418),
    ("arms down", body(ARMS_DOWN, SIDE), 517),
    ("slot died", body(CRASH, SIDE), 550),
    ("slot too slow", body(FRONT, SLOW), 550),
    ("unexpected error", body(FRONT, ODD), 559),
]


@pytest.mark.parametrize(("sent", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_refusal(refusing: Served, sent: object, code: int) -> None:
    """The first fault in the vendor's order decides; both codes and the HTTP status agree; nothing is charged."""
    answer = refusing.analyse(sent)

    assert code == answer.status_code
    told = answer.json()
    # Who is not known to be the caller is not told a balance; an unexpected error knows nothing of its caller.
    balance = 100 if 412 <= code <= 418 or 421 < code < 559 else None
    assert told == {
        "state": False,
        "credit": balance,
        "credit_change": 0,
        "message": told["message"],
        "status": code,
        "status_code": code,
    }
    assert told["message"]


def test_every_code_of_the_table_has_a_case() -> None:
    """No code of the error table goes untested (422 needs an empty account and has its own test)."""
    assert set(RemoCode) - {RemoCode.NO_CREDIT} == {case[2] for case in CASES}


def test_no_credit_comes_before_undecodable_pictures(tmp_path: Path) -> None:
    """An empty account gets 422 even for what could not be analysed anyway; its balance is told."""
    with serving(settings_in(tmp_path), ready(engine())) as running:
        running(
            "POST",
            "/x/admin/credits",
            json={"email": body()["Email"], "credit": 0},
            headers={"X-PoseDeck-Token": read_token(tmp_path) or ""},
        )
        answer = running.analyse(body(NOT_A_PICTURE, NOT_A_PICTURE))

    assert (answer.status_code, answer.json()["credit"]) == (422, 0)


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"Email": "\xff"}', b"[" * 100_000, b'{"Email": "\\ud800"}', b"\xef\xbb\xbf{}"]
)
def test_what_is_not_json_is_a_protocol_error(refusing: Served, text: bytes) -> None:
    """Broken JSON of any kind is 400."""
    assert refusing("POST", PATH, content=text).json()["status"] == 400


def test_an_unknown_profile_is_refused_by_name(refusing: Served) -> None:
    """The message names the profiles there are."""
    answer = refusing.analyse(body(), headers={PROFILE_HEADER: "remo-1999"})

    assert answer.status_code == 400
    assert "remo-2024, remo-2025" in answer.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", PATH, "POST"),
        ("TRACE", PATH, "POST"),
        ("POST", PATH + "/", None),
        ("POST", "/api/analysis-golf", None),
        ("DELETE", "/api/a/b", None),
    ],
)
def test_wrong_paths_and_methods_under_remos_prefix(
    refusing: Served, method: str, path: str, allowed: str | None
) -> None:
    """They get Remo's body as a protocol error, never a redirect or a page."""
    answer = refusing(method, path)

    assert (answer.status_code, answer.json()["status"], answer.json()["state"]) == (400, 400, False)
    assert allowed == answer.headers.get("allow")


def test_an_unexpected_error_is_logged_without_what_it_says(refusing: Served, caplog: pytest.LogCaptureFixture) -> None:
    """The answer holds a reference that finds the log entry; the error's text, e-mail and keys stay out of the log."""
    with caplog.at_level("DEBUG"):
        message = refusing.analyse(body(FRONT, ODD)).json()["message"]

    reference = message.rpartition("reference ")[2].rstrip(")")
    assert f"unexpected error {reference} in {PATH}: RuntimeError" in caplog.text
    for secret in (CANARY, body()["Email"], body()["UserKey"], body()["APIKey"]):
        assert secret not in caplog.text
        assert secret not in message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
near_requests = st.fixed_dictionaries(
    {},
    optional={
        name: st.text() | json_values | st.just(body()[name]) for name in (*REQUIRED_FIELDS, "uuid") if name in body()
    },
)


@given(sent=json_values | near_requests)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_body_gets_anything_but_remos_body(refusing: Served, sent: object) -> None:
    """Whatever JSON comes, the answer is a refusal of the table or a success, in Remo's form."""
    answer = refusing("POST", PATH, content=json.dumps(sent).encode())

    told = answer.json()
    assert answer.status_code == told["status_code"]
    if told["state"] is not True:
        assert told["status"] in set(RemoCode) - {RemoCode.ENGINE_FAILED, RemoCode.OTHER}


@given(content=st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_no_bytes_get_anything_but_remos_body(refusing: Served, content: bytes) -> None:
    """Bytes that are no request get 400 or 411."""
    assert refusing("POST", PATH, content=content).json()["status"] in (400, 411)


@given(text=st.text(alphabet="ABCabc012+/=\n ", max_size=60))
@settings(max_examples=60, deadline=None)
def test_base64_that_is_no_picture_is_told_by_which_photo(refusing: Served, text: str) -> None:
    """Nothing that a caller may put in place of a picture is an unexpected error."""
    assert refusing.analyse(body(forigimg="A" + text)).json()["status"] == 413


def test_base64_may_have_a_prefix_and_line_breaks(refusing: Served) -> None:
    """Data URIs and wrapped base64 are read like bare base64."""
    text = base64_of(FRONT)
    wrapped = "data:image/jpeg;base64," + "\n".join(text[i : i + 76] for i in range(0, len(text), 76))

    assert refusing.analyse(body(side=FRONT, forigimg=wrapped)).status_code == 515
