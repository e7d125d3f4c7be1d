"""``POST /api/analysis-future-shape``: pictures, refusals in their order, credit, and the marks on the result."""

import asyncio
import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.contracts.remo.future_shape import (
    ALIAS_PATH,
    DEFAULT_RATIO,
    MAX_RATIO,
    MIN_RATIO,
    PATH,
    REQUIRED_FIELDS,
    RefusalReason,
    ShapeWarning,
    parse_answer,
)
from posedeck.engine.images import ImageError
from posedeck.engine.models import ModelsUnavailable
from posedeck.engine.reshape import plan
from posedeck.engine.reshape.body import ReshapeError, ReshapeFault, ReshapeWarning
from posedeck.engine.reshape.plan import PlanNote
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.server.engine_host import PoseEngine, ProgressReport
from posedeck.server.simulated import DESCRIPTION, SOURCE_TYPE
from posedeck.storage.token import read_token
from tests.support.mannequin import draw
from tests.unit.server.builders import (
    Served,
    TruthEngine,
    base64_of,
    blank_photo,
    person_in,
    photo,
    ready,
    serving,
    settings_in,
)

PHOTO = photo("body_slim")
NOT_A_PICTURE = b"not a picture"
CRASH, SLOW, ODD, UNREADABLE_IN_SLOT = (blank_photo(shade) for shade in range(4))
FAULTS = {fault: blank_photo(20 + number) for number, fault in enumerate(ReshapeFault)}
CANARY = "canary-secret-3141"


def engine() -> TruthEngine:
    """Reshapes one photo, and has one for each thing that can go wrong."""
    return TruthEngine(
        {
            PHOTO: person_in("body_slim"),
            CRASH: SlotCrashed("died"),
            SLOW: SlotTimeout("slow"),
            ODD: RuntimeError(f"odd {CANARY}"),
            UNREADABLE_IN_SLOT: ImageError("undecodable", "no"),
            **{picture: ReshapeError(fault) for fault, picture in FAULTS.items()},
        }
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def shaping(folder: Path) -> Iterator[Served]:
    with serving(settings_in(folder), ready(engine())) as running:
        yield running


def body(picture: bytes = PHOTO, **changes: Any) -> dict[str, Any]:
    """A right request of the demo account, with changes."""
    credentials = dict(zip(("Email", "UserKey", "APIKey"), DEMO_ACCOUNT, strict=True))
    return credentials | {"base64Image": base64_of(picture), "requestMessage": "best", "gender": "male"} | changes


def refill(shaping: Served, folder: Path, credit: int) -> None:
    shaping(
        "POST",
        "/x/admin/credits",
        json={"email": DEMO_ACCOUNT[0], "credit": credit},
        headers={"X-PoseDeck-Token": read_token(folder) or ""},
    )


def picture_of(answer: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(answer["result_image"])))


#: What is wrong, in the order of refusals; each request has all later faults too that can be had with it.
BY_CODE = [
    ("not an object", [], 400),
    ("wrong type", body(gender=5), 400),
    ("another direction", body(requestMessage="better"), 400),
    ("another gender", body(gender="x"), 400),
    ("a ratio out of range, before missing", body(x_ratio=0.5, APIKey=""), 400),
    ("a ratio the other way", body(x_ratio=1.2), 400),
    ("half of the figures", body(x_height_cm=170), 400),
    ("figures the other way", body(x_height_cm=170, x_weight_kg=70, x_target_kg=80), 400),
    ("figures and a ratio", body(x_ratio=0.9, x_height_cm=170, x_weight_kg=70, x_target_kg=65), 400),
    *((f"{name} missing", {k: v for k, v in body(APIKey="no").items() if k != name}, 411) for name in REQUIRED_FIELDS),
    *((f"{name} empty", body(NOT_A_PICTURE, **{name: ""}), 411) for name in REQUIRED_FIELDS),
    ("unknown e-mail", body(NOT_A_PICTURE, Email="who@posedeck.local", APIKey="wrong"), 420),
    ("wrong user key before wrong API key", body(NOT_A_PICTURE, UserKey="wrong", APIKey="wrong"), 420),
    ("wrong API key", body(NOT_A_PICTURE, APIKey="wrong"), 421),
    ("unexpected error", body(ODD), 559),
]


@pytest.mark.parametrize(("sent", "code"), [case[1:] for case in BY_CODE], ids=[case[0] for case in BY_CODE])
def test_refusals_by_the_table(shaping: Served, sent: object, code: int) -> None:
    """They are those of the posture analysis, in the same order; nothing is charged."""
    answer = shaping("POST", PATH, json=sent)
    told = answer.json()
    assert (answer.status_code, told["status"], told["state"], told["credit_change"]) == (code, code, False, 0)
    assert CANARY not in answer.text


WRONG_PICTURES = [
    (NOT_A_PICTURE, {"message": "wrong image", "x_reason": "no_person"}),
    (UNREADABLE_IN_SLOT, {"message": "wrong image", "x_reason": "undecodable"}),
    *((FAULTS[fault], {"message": "wrong image", "x_reason": fault.value}) for fault in ReshapeFault),
    (CRASH, {"message": "keypoint inference error"}),
    (SLOW, {"message": "keypoint inference error"}),
]


@pytest.mark.parametrize(("picture", "told"), WRONG_PICTURES)
def test_the_documented_refusals(shaping: Served, folder: Path, picture: bytes, told: dict[str, str]) -> None:
    """HTTP 400 with the vendor's message, our reason beside it; they cost nothing."""
    refill(shaping, folder, 7)
    answer = shaping("POST", PATH, json=body(picture))
    assert answer.status_code == 400
    assert answer.json() == {"state": False, "x_credit": 7, **told}
    assert shaping("POST", PATH, json=body()).json()["x_credit"] == 6


@pytest.mark.parametrize("text", ["%%%", "data:image/jpeg;base64,"])
def test_what_is_not_base64_is_a_wrong_image(shaping: Served, text: str) -> None:
    answer = shaping("POST", PATH, json=body(base64Image=text))
    assert (answer.status_code, answer.json()["x_reason"]) == (400, "undecodable")


def test_no_credit_comes_before_a_wrong_image(shaping: Served, folder: Path) -> None:
    refill(shaping, folder, 0)
    answer = shaping("POST", PATH, json=body(NOT_A_PICTURE))
    refill(shaping, folder, 100)
    assert (answer.status_code, answer.json()["status"]) == (422, 422)


def test_of_two_requests_for_the_last_credit_one_gets_it(shaping: Served, folder: Path) -> None:
    refill(shaping, folder, 1)
    answers = shaping.together(*[("POST", PATH, {"json": body()})] * 2)
    refill(shaping, folder, 100)
    assert sorted(answer.status_code for answer in answers) == [200, 422]


def test_a_success_carries_the_picture_twice_and_our_figures(shaping: Served, folder: Path) -> None:
    refill(shaping, folder, 100)
    answer = shaping("POST", PATH, json=body())
    told = answer.json()
    assert list(told)[:4] == ["state", "message", "result_image", "resultImage"]
    assert (told["state"], told["message"]) == (True, "success")
    assert told["result_image"] == told["resultImage"]
    assert picture_of(told).size == draw(scale=0.2).picture.shape[1::-1]
    parsed = parse_answer(told)
    assert (parsed.credit, parsed.credit_change, parsed.ratio) == (99, -1, DEFAULT_RATIO["best"])
    for width in parsed.widths.values():
        assert width.intended < 1.0
    assert parsed.integrity is not None
    assert parsed.integrity.background_max_diff == 0
    assert parsed.method is not None
    assert (parsed.method.view, parsed.method.gender, parsed.method.marked) == ("front", "male", True)
    assert "engine;dur=" in answer.headers["server-timing"]


def test_both_directions_have_their_usual_ratio(shaping: Served) -> None:
    assert shaping("POST", PATH, json=body(requestMessage="worst")).json()["x_ratio"] == DEFAULT_RATIO["worst"]


def test_a_ratio_and_figures_are_followed(shaping: Served) -> None:
    assert shaping("POST", PATH, json=body(x_ratio=0.9)).json()["x_ratio"] == 0.9
    figures = {"x_height_cm": 180, "x_weight_kg": 100, "x_target_kg": 80}
    assert shaping("POST", PATH, json=body(**figures)).json()["x_ratio"] == 0.8


def test_nothing_underweight_is_drawn(shaping: Served) -> None:
    """The picture comes back as it is, and the answer says why."""
    figures = {"x_height_cm": 170, "x_weight_kg": 60, "x_target_kg": 50}
    told = shaping("POST", PATH, json=body(**figures, x_mark=False)).json()
    assert (told["x_ratio"], told["x_warnings"]) == (1.0, ["bmi_floor"])
    assert np.array_equal(np.asarray(picture_of(told)), draw(scale=0.2).picture)


def test_beyond_what_can_be_drawn_is_told(shaping: Served) -> None:
    figures = {"x_height_cm": 170, "x_weight_kg": 160, "x_target_kg": 70}
    told = shaping("POST", PATH, json=body(**figures)).json()
    assert (told["x_ratio"], told["x_warnings"]) == (MIN_RATIO, ["ratio_limited"])


def test_the_mark_is_drawn_unless_the_caller_says_no(shaping: Served) -> None:
    """What the picture is stands in its metadata either way."""
    marked, plain = (picture_of(shaping("POST", PATH, json=body(x_mark=mark)).json()) for mark in (True, False))
    differing = np.argwhere((np.asarray(marked) != np.asarray(plain)).any(axis=2))
    assert len(differing) > 100
    height, width = np.asarray(plain).shape[:2]
    assert (differing > [0.8 * height, 0.3 * width]).all()
    for picture in (marked, plain):
        assert picture.format == "PNG"
        assert picture.text["Description"] == DESCRIPTION
        assert SOURCE_TYPE in picture.text["XML:com.adobe.xmp"]


def test_the_sample_codes_path_answers_the_same(shaping: Served) -> None:
    told, alias = (shaping("POST", path, json=body()).json() for path in (PATH, ALIAS_PATH))
    assert alias["result_image"] == told["result_image"]
    assert shaping("POST", ALIAS_PATH, json=body(gender="")).json()["status"] == 411


@pytest.mark.parametrize("text", [b"{}", b'{"Email": "a"}'])
def test_the_sample_codes_path_is_ours_only_with_a_direction(shaping: Served, text: bytes) -> None:
    answer = shaping("POST", ALIAS_PATH, content=text)
    assert (answer.status_code, answer.json()["status"]) == (400, 400)
    assert PATH in answer.json()["message"]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"[" * 100_000])
@pytest.mark.parametrize("path", [PATH, ALIAS_PATH])
def test_what_is_no_request_is_a_protocol_error(shaping: Served, path: str, text: bytes) -> None:
    assert shaping("POST", path, content=text).json()["status"] == 400


def test_an_engine_that_is_not_there_asks_to_come_back(tmp_path: Path) -> None:
    def fail(report: ProgressReport) -> PoseEngine:
        raise ModelsUnavailable("no models")

    with serving(settings_in(tmp_path), fail, wait=False) as running:
        answer = running("POST", PATH, json=body())
    assert (answer.status_code, answer.json()["status"]) == (503, 559)
    assert answer.headers["retry-after"]


def test_a_full_queue_asks_to_come_back(tmp_path: Path) -> None:
    busy = engine()
    with serving(settings_in(tmp_path), ready(busy)) as running:
        busy.hold()

        async def fill() -> list[int]:
            waiting = [asyncio.create_task(running.send("POST", PATH, {"json": body()})) for _ in range(8)]
            while busy.asked < 8:
                await asyncio.sleep(0.001)
            refused = await running.send("POST", PATH, {"json": body()})
            assert refused.headers["retry-after"]
            assert refused.json()["status"] == 559
            busy.release()
            return [refused.status_code, *[(await each).status_code for each in waiting]]

        assert running.run(fill()) == [503, *[200] * 8]


def test_the_engines_words_are_all_on_the_wire() -> None:
    """Codes and limits of the engine and of the contract are the same."""
    for fault in ReshapeFault:
        RefusalReason(fault.value)
    for warning in (*ReshapeWarning, *PlanNote):
        ShapeWarning(warning.value)
    assert (plan.MIN_RATIO, plan.MAX_RATIO) == (MIN_RATIO, MAX_RATIO)
    assert dict(plan.DEFAULT_RATIO) == DEFAULT_RATIO
