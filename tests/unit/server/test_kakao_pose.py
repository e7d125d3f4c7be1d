"""``POST /pose``: what it answers, every refusal, and which comes first."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posedeck.contracts.kakao import MAX_BYTES, POSE_PATH, KakaoCode, parse_people
from posedeck.contracts.own import DEMO_KAKAO_KEY, MAX_PEOPLE
from posedeck.server.forms import FORM_OVERHEAD_BYTES
from tests.support.scripted_web import ScriptedWeb, answer
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

KEY = {"Authorization": f"KakaoAK {DEMO_KAKAO_KEY}"}
FORM_HEADER = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def kakao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all: none of its answers changes anything."""
    with keypoint_server(tmp_path_factory.mktemp("data")) as running:
        yield running


def post_file(served: Served, encoded: bytes, **options: Any) -> httpx.Response:
    """The picture as a file of a form."""
    return served("POST", POSE_PATH, **{"headers": KEY, "files": {"file": ("a.jpg", encoded)}, **options})


def post_url(served: Served, url: str) -> httpx.Response:
    """The picture's address as a form."""
    return served("POST", POSE_PATH, headers=KEY, data={"image_url": url})


def refused(response: httpx.Response) -> tuple[int, int]:
    """HTTP status and code of a refusal that has Kakao's form."""
    body = response.json()
    assert list(body) == ["code", "msg"]
    assert body["msg"]
    return response.status_code, body["code"]


def test_everybody_is_answered_best_first(kakao: Served) -> None:
    """A top-level array; one pass, so that the engine's own positions come through."""
    response = post_file(kakao, GROUP)
    people = parse_people(response.json())

    assert (response.status_code, len(people)) == (200, 3)
    nose = person_in("front_apose").pose["nose"]
    for place, pose in enumerate(people):
        assert pytest.approx((nose[0] + 200 * place, nose[1]), abs=1e-3) == tuple(pose["nose"])


def test_nobody_is_an_empty_array(kakao: Served) -> None:
    """Not a refusal."""
    assert post_file(kakao, NOBODY).json() == []


def test_no_more_than_ten_people(tmp_path: Path) -> None:
    """The best ones."""
    crowd = picture(shade=77)
    with keypoint_server(tmp_path, TruthEngine({crowd: [person_in("front_apose")] * 14})) as running:
        assert len(post_file(running, crowd).json()) == MAX_PEOPLE


@pytest.mark.parametrize(
    "encoded",
    [
        picture(320, 320),
        picture(2048, 320),
        picture(320, 2048),
        picture(kind="JPEG"),
        picture(kind="WEBP"),
        picture(kind="HEIF"),
        weighing(MAX_BYTES),
    ],
    ids=["smallest", "wide", "high", "JPEG", "WebP", "HEIC", "heaviest"],
)
def test_pictures_at_the_limits_are_taken(kakao: Served, encoded: bytes) -> None:
    """All four formats, exactly the sides, exactly the bytes."""
    assert post_file(kakao, encoded).status_code == 200


@pytest.mark.parametrize(
    ("encoded", "told"),
    [
        (picture(2049, 400), "2049"),
        (picture(400, 2049), "2049"),
        (picture(319, 400), "319"),
        (picture(400, 319), "319"),
        (picture(kind="GIF"), "JPEG, PNG, WebP or HEIC"),
        (picture(kind="BMP"), "JPEG, PNG, WebP or HEIC"),
        (NOT_A_PICTURE, "JPEG, PNG, WebP or HEIC"),
        (b"", "JPEG, PNG, WebP or HEIC"),
        (FRONT[:20], "JPEG, PNG, WebP or HEIC"),
        (weighing(MAX_BYTES + 1), "2000000 bytes"),
        (UNREADABLE_IN_SLOT, "no"),
    ],
    ids=["wide", "high", "narrow", "low", "GIF", "BMP", "text", "empty", "cut", "heavy", "unreadable in the slot"],
)
def test_pictures_beyond_the_limits_are_minus_two(kakao: Served, encoded: bytes, told: str) -> None:
    """HTTP 400, and the text tells which limit."""
    response = post_file(kakao, encoded)

    assert refused(response) == (400, -2)
    assert told in response.json()["msg"]


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "KakaoAK"},
        {"Authorization": "KakaoAK "},
        {"Authorization": "KakaoAK wrong"},
        {"Authorization": DEMO_KAKAO_KEY},
        {"Authorization": f"Bearer {DEMO_KAKAO_KEY}"},
        {"Authorization": f"KakaoAK {DEMO_KAKAO_KEY} {DEMO_KAKAO_KEY}"},
        {"Authorization": "KakaoAK \u00e9\u00ff"},
    ],
)
def test_a_wrong_key_is_minus_401(kakao: Served, header: dict[str, str]) -> None:
    """Also without the scheme; before anything is said of the picture, and in the vendor's words."""
    encoded = {name: value.encode("latin-1") for name, value in header.items()}
    response = post_file(kakao, NOT_A_PICTURE, headers=encoded)

    assert refused(response) == (401, -401)
    assert response.json()["msg"] == "Not authorized with provided app key"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "must be multipart"),
        ({"json": {"image_url": "http://example.test/"}}, "must be multipart"),
        ({"content": FRONT, "headers": {"Content-Type": "image/jpeg"}}, "must be multipart"),
        ({"content": PART, "headers": {"Content-Type": "multipart/form-data"}}, "boundary"),
        ({"content": b"nonsense", "headers": BOUNDARY}, "cannot be read"),
        ({"content": PART, "headers": BOUNDARY}, "end is missing"),
        ({"content": b"--xx\r\n\r\nbytes\r\n--xx--", "headers": BOUNDARY}, "cannot be read"),
        ({"content": b"", "headers": BOUNDARY}, "end is missing"),
        ({"content": b"", "headers": FORM_HEADER}, "required"),
        ({"content": b"image_url=", "headers": FORM_HEADER}, "required"),
        ({"content": b"image_url=%20", "headers": FORM_HEADER}, "required"),
        ({"content": b"image_url=%ff", "headers": FORM_HEADER}, "cannot be read"),
        ({"content": "image_url=\u00e9".encode(), "headers": FORM_HEADER}, "cannot be read"),
        ({"content": urlencode([("a", "b")] * 99).encode(), "headers": FORM_HEADER}, "cannot be read"),
        ({"files": {"image": FRONT}}, "file or image_url is required"),
        ({"files": {"file": (None, FRONT[:1000])}}, "must have a file name"),
        ({"files": {"file": FRONT}, "data": {"image_url": "http://example.test/"}}, "not both"),
        ({"files": [("file", FRONT[:99])] * 26}, "more than 25 parts"),
        ({"content": PART.replace(b' name="file";', b"") + b"\r\n--xx--", "headers": BOUNDARY}, "no name"),
    ],
)
def test_forms_that_cannot_be_used_are_minus_two(kakao: Served, options: dict[str, Any], told: str) -> None:
    """Broken, of the wrong kind, too many parts, nothing in it, or both in it."""
    response = kakao("POST", POSE_PATH, **{**options, "headers": {**options.get("headers", {}), **KEY}})

    assert refused(response) == (400, -2)
    assert told in response.json()["msg"]


def test_a_chunked_body_is_refused_at_the_limit(kakao: Served) -> None:
    """Without an announced length it is taken to the limit and no further, parsed as it comes."""
    upload = Upload(50)
    response = kakao("POST", POSE_PATH, content=upload, headers={**KEY, **FORM_HEADER})

    assert refused(response) == (400, -2)
    assert upload.taken == 3


def test_an_announced_oversized_body_is_not_taken(kakao: Served) -> None:
    """Not one byte of it."""
    upload = Upload(50)
    announced = {"Content-Length": str(MAX_BYTES + FORM_OVERHEAD_BYTES + 1)}
    response = kakao("POST", POSE_PATH, content=upload, headers={**KEY, **BOUNDARY, **announced})

    assert refused(response) == (400, -2)
    assert upload.taken == 0


def test_a_picture_is_fetched_from_its_address(tmp_path: Path) -> None:
    """The same answer as for the same picture as a file."""
    with keypoint_server(tmp_path, web=ScriptedWeb([answer(GROUP)])) as running:
        fetched = post_url(running, "https://example.test/group.jpg")

        assert fetched.json() == post_file(running, GROUP).json()
        assert len(fetched.json()) == 3


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "https://inside.test/",
        "http://example.test:8080/",
        "http://user@example.test/",
        "ftp://example.test/",
        "nonsense",
        "http://unknown.invalid/",
    ],
)
def test_a_refused_address_is_minus_two(kakao: Served, url: str) -> None:
    """The text does not repeat the address."""
    response = post_url(kakao, url)

    assert refused(response) == (400, -2)
    assert url not in response.text


@pytest.mark.parametrize(
    "said", [answer(b"", 404), answer(b"", 302, Location="https://example.test/b"), answer(bytes(MAX_BYTES + 1))]
)
def test_an_address_that_gives_no_picture_is_minus_two(tmp_path: Path, said: bytes) -> None:
    """Another status, a redirect, too many bytes."""
    with keypoint_server(tmp_path, web=ScriptedWeb([said])) as running:
        assert refused(post_url(running, "https://example.test/a.jpg")) == (400, -2)


@pytest.mark.parametrize(("encoded", "told"), [(CRASH, "engine failed"), (SLOW, "engine failed"), (ODD, "reference")])
def test_what_fails_here_is_minus_one(
    kakao: Served, caplog: pytest.LogCaptureFixture, encoded: bytes, told: str
) -> None:
    """HTTP 500; neither the answer nor the log quotes the error or the key."""
    with caplog.at_level("DEBUG"):
        response = post_file(kakao, encoded)

    assert refused(response) == (500, -1)
    assert told in response.json()["msg"]
    for secret in (CANARY, DEMO_KAKAO_KEY):
        assert secret not in response.text
        assert secret not in caplog.text


def test_while_the_models_load(tmp_path: Path) -> None:
    """HTTP 503 with Retry-After and -1, whatever was sent."""
    gate = threading.Event()

    def start(_: object) -> TruthEngine:
        gate.wait()
        return engine()

    with serving(settings_in(tmp_path), start, wait=False) as running:
        response = post_file(running, FRONT, headers={})
        gate.set()
        running.wait_until("ok")

    assert refused(response) == (503, -1)
    assert int(response.headers["retry-after"]) > 0


def test_a_full_queue_is_minus_ten(tmp_path: Path) -> None:
    """HTTP 429 with Retry-After for the one too many; the others are answered, and the next again."""
    held = engine()
    with keypoint_server(tmp_path, held) as running:
        held.hold()
        request = ("POST", POSE_PATH, {"headers": KEY, "files": {"file": FRONT}})

        async def nine() -> list[httpx.Response]:
            tasks = [asyncio.ensure_future(running.send(*request)) for _ in range(9)]
            while held.asked < 8 or not any(task.done() for task in tasks):
                await asyncio.sleep(0.001)
            held.release()
            return list(await asyncio.gather(*tasks))

        answers = running.run(nine())
        again = post_file(running, FRONT)

    statuses = sorted(each.status_code for each in answers)
    assert statuses == [200] * 8 + [429]
    (full,) = (each for each in answers if each.status_code == 429)
    assert refused(full) == (429, -10)
    assert int(full.headers["retry-after"]) > 0
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", POSE_PATH, "POST"), ("PUT", POSE_PATH, "POST"), ("POST", "/pose/", None), ("GET", "/pose/nothing", None)],
)
def test_wrong_paths_and_methods_have_kakaos_form(kakao: Served, method: str, path: str, allowed: str | None) -> None:
    """A missing parameter of sorts; never a redirect or a page."""
    response = kakao(method, path)

    assert refused(response) == (400, -2)
    assert response.headers.get("allow") == allowed


def test_a_path_that_only_begins_alike_is_not_kakaos(kakao: Served) -> None:
    """It belongs to nobody."""
    assert list(kakao("GET", "/posed").json()) == ["error"]


def test_terminated_is_known() -> None:
    """What Kakao answers for an API that has ended has a name here."""
    assert KakaoCode(-9) is KakaoCode.TERMINATED


@given(media=media_types, content=st.binary(max_size=200) | near_forms)
@settings(max_examples=200)
def test_no_body_gets_anything_but_kakaos_form(kakao: Served, media: str, content: bytes) -> None:
    """Bytes that are no request are -2, whatever they claim to be."""
    response = kakao("POST", POSE_PATH, content=content, headers={**KEY, "Content-Type": media})

    assert refused(response) == (400, -2)
