"""``POST /v1.0/appkeys/{appKey}/pose``: what it answers, every refusal, and which comes first."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posedeck.contracts.nhn import MAX_BYTES, POSE_PATH, NhnCode, is_success, parse_answer
from posedeck.contracts.own import DEMO_NHN_KEYS
from posedeck.server.nhn_pose import BODY_LIMIT
from tests.unit.server.broken_forms import BOUNDARY, PART, media_types, near_forms
from tests.unit.server.builders import Served, TruthEngine, person_in, serving, settings_in
from tests.unit.server.pictures import (
    CANARY,
    CRASH,
    FRONT,
    GROUP,
    NOBODY,
    NOT_A_PICTURE,
    ODD,
    SLOW,
    UNREADABLE_IN_SLOT,
    engine,
    keypoint_server,
    picture,
    weighing,
)
from tests.unit.server.test_http import Upload

APP_KEY, SECRET_KEY = DEMO_NHN_KEYS
PATH = POSE_PATH.replace("{appKey}", APP_KEY)
KEY = {"Authorization": SECRET_KEY}


@pytest.fixture(scope="module")
def nhn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all: none of its answers changes anything."""
    with keypoint_server(tmp_path_factory.mktemp("data")) as running:
        yield running


def post_file(served: Served, encoded: bytes, path: str = PATH, **options: Any) -> httpx.Response:
    """The picture as a file of a form."""
    return served("POST", path, **{"headers": KEY, "files": {"image": ("a.jpg", encoded)}, **options})


def refused(response: httpx.Response) -> tuple[int, int]:
    """HTTP status and code of a refusal that has NHN's form."""
    body = response.json()
    assert list(body) == ["header"]
    assert list(body["header"]) == ["isSuccessful", "resultCode", "resultMessage"]
    assert body["header"]["isSuccessful"] is False
    assert body["header"]["resultMessage"]
    return response.status_code, body["header"]["resultCode"]


def test_everybody_is_answered_best_first(nhn: Served) -> None:
    """From two passes, by which the sample engine moves everybody one pixel."""
    response = post_file(nhn, GROUP)
    answer = parse_answer(response.json())

    assert (response.status_code, answer.file_type, len(answer.people)) == (200, "jpg", 3)
    nose = person_in("front_apose").pose["nose"]
    for place, pose in enumerate(answer.people):
        assert pytest.approx((nose[0] + 200 * place + 1, nose[1]), abs=1e-3) == tuple(pose["nose"])


@pytest.mark.parametrize(("kind", "file_type"), [("PNG", "png"), ("JPEG", "jpg")])
def test_nobody_is_a_success(nhn: Served, kind: str, file_type: str) -> None:
    """With none counted; the type is what the bytes are, whatever their name says."""
    body = post_file(nhn, picture(kind=kind, shade=1)).json()

    assert is_success(body)
    assert body["result"] == {"fileType": file_type, "numberOfPerson": 0, "keyPointList": []}


@pytest.mark.parametrize("encoded", [picture(1, 1), picture(5000, 60), weighing(MAX_BYTES)])
def test_pictures_of_any_side_up_to_five_megabytes_are_taken(nhn: Served, encoded: bytes) -> None:
    """The vendor names no sides."""
    assert is_success(post_file(nhn, encoded).json())


CASES = [
    ("not multipart", {"content": FRONT}, 4000001),
    ("JSON", {"json": {}}, 4000001),
    ("URL-encoded", {"data": {"image": "x"}}, 4000001),
    ("no boundary", {"content": PART, "headers": {"Content-Type": "multipart/form-data"}}, 4000001),
    ("damaged", {"content": b"nonsense", "headers": BOUNDARY}, 4000001),
    ("no end", {"content": PART, "headers": BOUNDARY}, 4000001),
    ("another field", {"files": {"file": FRONT}}, 4000001),
    ("no file name", {"files": {"image": (None, FRONT[:99])}}, 4000001),
    ("too many parts", {"files": [("image", FRONT[:99])] * 26}, 4000001),
    ("heavy, before its type", {"files": {"image": bytes(MAX_BYTES + 1)}}, 4000002),
    ("heavy picture", {"files": {"image": weighing(MAX_BYTES + 1)}}, 4000002),
    ("text", {"files": {"image": NOT_A_PICTURE}}, 4000003),
    ("WebP", {"files": {"image": picture(kind="WEBP")}}, 4000003),
    ("HEIC", {"files": {"image": picture(kind="HEIF")}}, 4000003),
    ("GIF named as PNG", {"files": {"image": ("a.png", picture(kind="GIF"), "image/png")}}, 4000003),
    ("empty", {"files": {"image": b""}}, 4000004),
    ("slot died", {"files": {"image": CRASH}}, 5003001),
    ("unreadable in the slot", {"files": {"image": UNREADABLE_IN_SLOT}}, 5003003),
    ("too many pixels", {"files": {"image": picture(8000, 7000)}}, 5003003),
    ("unexpected", {"files": {"image": ODD}}, -1),
]


@pytest.mark.parametrize(("options", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_refusals_of_the_service(nhn: Served, options: dict[str, Any], code: int) -> None:
    """HTTP 200 and the code; no result."""
    response = nhn("POST", PATH, **{**options, "headers": {**options.get("headers", {}), **KEY}})

    assert refused(response) == (200, code)


@pytest.mark.parametrize(
    ("app_key", "header"),
    [
        ("wrong", KEY),
        (APP_KEY, {}),
        (APP_KEY, {"Authorization": ""}),
        (APP_KEY, {"Authorization": "wrong"}),
        (APP_KEY, {"Authorization": APP_KEY}),
        (SECRET_KEY, {"Authorization": APP_KEY}),
        (APP_KEY, {"Authorization": f"Bearer {SECRET_KEY}"}),
        ("%ff%00", KEY),
        ("\u00e9", KEY),
    ],
)
def test_wrong_keys(nhn: Served, app_key: str, header: dict[str, str]) -> None:
    """4010001 for either key, before anything is said of the picture."""
    response = post_file(nhn, NOT_A_PICTURE, POSE_PATH.replace("{appKey}", app_key), headers=header)

    assert refused(response) == (200, 4010001)


def test_every_code_that_the_contract_uses_has_a_case() -> None:
    """4010001 has its own test, and so have the gateway's."""
    used = {code for code in NhnCode if 4000001 <= code <= 4000004 or code in (-1, 4010001, 5003001, 5003003)}
    assert used == {case[2] for case in CASES} | {4010001}


def test_a_slot_that_is_too_slow_is_the_gateways_timeout(nhn: Served) -> None:
    """HTTP 504."""
    assert refused(post_file(nhn, SLOW)) == (504, 5040001)


def test_an_announced_oversized_body_is_not_taken(nhn: Served) -> None:
    """HTTP 413 over 10 MB, and not one byte of it."""
    upload = Upload(50)
    response = nhn("POST", PATH, content=upload, headers={**KEY, **BOUNDARY, "Content-Length": str(BODY_LIMIT + 1)})

    assert refused(response) == (413, 4131000)
    assert upload.taken == 0


def test_a_chunked_oversized_body_is_refused_at_the_limit(nhn: Served) -> None:
    """Without an announced length it is taken to the limit and no further, parsed as it comes."""

    class File(Upload):
        async def __aiter__(self) -> Any:
            yield PART.replace(b'"file"', b'"image"')
            async for chunk in super().__aiter__():
                yield chunk

    upload = File(50)
    response = nhn("POST", PATH, content=upload, headers={**KEY, **BOUNDARY})

    assert refused(response) == (413, 4131000)
    assert upload.taken == 10


def test_while_the_models_load(tmp_path: Path) -> None:
    """The gateway's 503 with Retry-After, whatever was sent."""
    gate = threading.Event()

    def start(_: object) -> TruthEngine:
        gate.wait()
        return engine()

    with serving(settings_in(tmp_path), start, wait=False) as running:
        response = post_file(running, FRONT, headers={})
        gate.set()
        running.wait_until("ok")

    assert refused(response) == (503, 5030001)
    assert int(response.headers["retry-after"]) > 0


def test_a_full_queue_is_429(tmp_path: Path) -> None:
    """With Retry-After, for the one too many; the others are answered."""
    held = engine()
    with keypoint_server(tmp_path, held) as running:
        held.hold()
        request = ("POST", PATH, {"headers": KEY, "files": {"image": FRONT}})

        async def nine() -> list[httpx.Response]:
            tasks = [asyncio.ensure_future(running.send(*request)) for _ in range(9)]
            while held.asked < 8 or not any(task.done() for task in tasks):
                await asyncio.sleep(0.001)
            held.release()
            return list(await asyncio.gather(*tasks))

        answers = running.run(nine())

    (full,) = (each for each in answers if each.status_code != 200)
    assert refused(full) == (429, 4291000)
    assert int(full.headers["retry-after"]) > 0
    assert sum(is_success(each.json()) for each in answers) == 8


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", PATH, (405, 405)),
        ("DELETE", PATH, (405, 405)),
        ("POST", PATH + "/", (404, 4041007)),
        ("POST", "/v1.0/appkeys/canary-app-key/face", (404, 4041007)),
        ("POST", "/v1.0/appkeys/a/b/pose", (404, 4041007)),
        ("GET", "/v1.0", (404, 4041007)),
    ],
)
def test_wrong_paths_and_methods_have_the_gateways_form(
    nhn: Served, method: str, path: str, expected: tuple[int, int]
) -> None:
    """Never a redirect or a page."""
    response = nhn(method, path)

    assert refused(response) == expected
    assert response.headers.get("allow") == ("POST" if expected[0] == 405 else None)


def test_neither_key_is_logged(nhn: Served, caplog: pytest.LogCaptureFixture) -> None:
    """The line holds the route's template; an unexpected error's text is not there either."""
    with caplog.at_level("DEBUG", logger="posedeck"):
        post_file(nhn, NOBODY)
        post_file(nhn, ODD)
        nhn("GET", "/v1.0/appkeys/canary-app-key/face")

    assert f"POST {POSE_PATH} 200 " in caplog.text
    for secret in (APP_KEY, SECRET_KEY, "canary-app-key", CANARY):
        assert secret not in "\n".join(
            record.getMessage() for record in caplog.records if record.name.startswith("posedeck")
        )


@given(media=media_types, content=st.binary(max_size=200) | near_forms)
@settings(max_examples=200)
def test_no_body_gets_anything_but_nhns_form(nhn: Served, media: str, content: bytes) -> None:
    """Bytes that are no request are an invalid parameter, whatever they claim to be."""
    response = nhn("POST", PATH, content=content, headers={**KEY, "Content-Type": media})

    assert refused(response) == (200, 4000001)
