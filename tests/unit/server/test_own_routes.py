"""Health, preview and refill."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from posedeck import __version__
from posedeck.contracts.own import (
    CREDITS_PATH,
    DEMO_ACCOUNT,
    PEOPLE_PATH,
    PREVIEW_PATH,
    TOKEN_HEADER,
    Health,
    People,
    Preview,
)
from posedeck.contracts.remo.skeleton import read_pose
from posedeck.engine.models import ModelsUnavailable
from posedeck.engine.slots import SlotCrashed
from posedeck.storage.token import read_token
from tests.unit.server.builders import (
    Served,
    TruthEngine,
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
NOBODY, BAD_FRONT, CRASH = blank_photo(1), blank_photo(2), blank_photo(3)
EMAIL = DEMO_ACCOUNT[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's data folder."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def own(folder: Path) -> Iterator[Served]:
    """A server that knows good photos and bad ones."""
    front = person_in("front_apose")
    engine = TruthEngine(
        {
            FRONT: front,
            SIDE: person_in("side_apose"),
            BAD_FRONT: with_arms_down(tilted(front, 14.0)),
            CRASH: SlotCrashed("died"),
        }
    )
    with serving(settings_in(folder), ready(engine)) as running:
        yield running


@pytest.fixture(scope="module")
def token(own: Served, folder: Path) -> dict[str, str]:
    """The header that opens our own routes."""
    return {TOKEN_HEADER: read_token(folder) or ""}


def test_health(own: Served) -> None:
    """A ready server says ok, its version, and an empty queue."""
    health = msgspec.json.decode(own("GET", "/health").content, type=Health)

    assert ("ok", "ready", None, __version__, 0) == (
        health.status, health.models.stage, health.models.error, health.version, health.queue,
    )  # fmt: skip


@pytest.mark.parametrize("path", [CREDITS_PATH, PREVIEW_PATH + "?view=front", PEOPLE_PATH])
@pytest.mark.parametrize(
    "headers",
    [{}, {TOKEN_HEADER: "wrong"}, {TOKEN_HEADER: ""}, {"Authorization": "Bearer "}, {"Authorization": "Basic x"}],
)
def test_the_token_is_asked_for(own: Served, path: str, headers: dict[str, str]) -> None:
    """Without it nothing is done."""
    answer = own("POST", path, headers=headers, json={"email": EMAIL, "credit": 1})

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert own.analyse(request_body(APIKey="wrong")).status_code == 421


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_refill(own: Served, folder: Path, scheme: str) -> None:
    """The balance is set, not added to; the token may also be a bearer token."""
    for _ in range(2):
        answer = own(
            "POST",
            CREDITS_PATH,
            json={"email": EMAIL, "credit": 40},
            headers={"Authorization": f"{scheme} {read_token(folder)}"},
        )
        assert (answer.status_code, answer.json()) == (200, {"credit": 40})
    assert own.analyse(request_body()).json()["credit"] == 39


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"email": "nobody@posedeck.local", "credit": 1}', 404),
        (b'{"email": "demo@posedeck.local", "credit": -1}', 400),
        (b'{"email": "demo@posedeck.local", "credit": 1e9}', 400),
        (b'{"email": "demo@posedeck.local", "credit": "1"}', 400),
        (b'{"email": "demo@posedeck.local"}', 400),
        (b"[" * 9000, 400),
        (b"{", 400),
        (b"\xff", 400),
        (b" " * 20_000, 413),
    ],
)
def test_wrong_refills(own: Served, token: dict[str, str], content: bytes, status: int) -> None:
    """Each gets its status and a sentence, and an e-mail is not repeated."""
    answer = own("POST", CREDITS_PATH, content=content, headers=token)

    assert status == answer.status_code
    assert list(answer.json()) == ["error"]
    assert "@" not in answer.text


def preview(own: Served, token: dict[str, str], view: str, picture: bytes) -> Preview:
    """A preview that must succeed."""
    answer = own("POST", PREVIEW_PATH, params={"view": view}, content=picture, headers=token)
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=Preview)


@pytest.mark.parametrize(
    ("view", "picture", "faults"),
    [
        ("front", FRONT, []),
        ("side", SIDE, []),
        ("side", FRONT, ["wrong_facing"]),
        ("front", SIDE, ["wrong_facing"]),
        ("front", NOBODY, ["no_person"]),
        ("front", BAD_FRONT, ["not_whole_body", "tilted", "not_a_pose"]),
    ],
)
def test_preview_tells_what_is_wrong(
    own: Served, token: dict[str, str], view: str, picture: bytes, faults: list[str]
) -> None:
    """The same rules as the analysis, and framing besides; BAD_FRONT is a tiny picture, so the body lies outside."""
    assert faults == preview(own, token, view, picture).faults


def test_preview_shows_the_pose_and_the_size(own: Served, token: dict[str, str]) -> None:
    """So that a page can draw it."""
    seen = preview(own, token, "front", FRONT)

    assert (seen.width, seen.height) == (768, 1024)
    assert seen.pose is not None
    assert pytest.approx(person_in("front_apose").pose["left_hip"]) == read_pose(seen.pose)["left_hip"]
    assert preview(own, token, "front", NOBODY).pose is None


def test_preview_costs_nothing(own: Served, token: dict[str, str]) -> None:
    """The balance stays."""
    before = own.analyse(request_body()).json()["credit"]
    preview(own, token, "front", FRONT)
    assert before - 1 == own.analyse(request_body()).json()["credit"]


@pytest.mark.parametrize(
    ("query", "picture", "status"),
    [("?view=front", b"no picture", 412), ("?view=front", b"", 412), ("?view=back", FRONT, 400), ("", FRONT, 400),
     ("?view=front", CRASH, 503)],
)  # fmt: skip
def test_wrong_previews(own: Served, token: dict[str, str], query: str, picture: bytes, status: int) -> None:
    """Each gets its status and a sentence."""
    answer = own("POST", PREVIEW_PATH + query, content=picture, headers=token)

    assert status == answer.status_code
    assert list(answer.json()) == ["error"]


@pytest.mark.parametrize(("picture", "count"), [(FRONT, 1), (NOBODY, 0)])
def test_everybody_by_sixteen_passes(own: Served, token: dict[str, str], picture: bytes, count: int) -> None:
    """All 33 keypoints of each; the sample engine moves its answer by a pixel for each further pass."""
    answer = own("POST", PEOPLE_PATH, content=picture, headers=token)
    seen = msgspec.json.decode(answer.content, type=People)

    assert (answer.status_code, len(seen.people)) == (200, count)
    for wire in seen.people:
        truth = person_in("front_apose").pose["left_hip"]
        assert read_pose(wire)["left_hip"] == pytest.approx(truth + np.array([15.0, 0.0]), abs=1e-3)
        assert (seen.width, seen.height) == (768, 1024)


@pytest.mark.parametrize(
    ("picture", "status"), [(b"no picture", 412), (b"", 412), (CRASH, 503), (b" " * 30_000_001, 413)]
)
def test_wrong_pictures_of_people(own: Served, token: dict[str, str], picture: bytes, status: int) -> None:
    """Each gets its status and a sentence."""
    answer = own("POST", PEOPLE_PATH, content=picture, headers=token)

    assert status == answer.status_code
    assert list(answer.json()) == ["error"]


def test_people_before_the_engine_is_there(tmp_path: Path) -> None:
    """503 with the time to wait."""

    def never(_: object) -> TruthEngine:
        raise ModelsUnavailable("no network")

    with serving(settings_in(tmp_path), never, wait=False) as starting:
        answer = starting("POST", PEOPLE_PATH, content=FRONT, headers={TOKEN_HEADER: read_token(tmp_path) or ""})

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
