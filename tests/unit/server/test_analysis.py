"""A successful analysis: what it costs, what it echoes, and what happens when many come at once."""

import asyncio
import base64
import io
import json
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from PIL import Image

from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.contracts.remo.skeleton import PATH, PROFILE_HEADER
from posedeck.server.inference import QUEUE_PER_SLOT
from posedeck.storage.token import read_token
from tests.unit.server.builders import (
    Served,
    TruthEngine,
    blank_photo,
    person_in,
    photo,
    ready,
    request_body,
    sample_engine,
    serving,
    settings_in,
    tilted,
    without,
)

FRONT, SIDE = photo("front_apose"), photo("side_apose")


def set_credit(served: Served, folder: Path, credit: int) -> None:
    """Set the demo account's balance."""
    answer = served(
        "POST",
        "/x/admin/credits",
        json={"email": DEMO_ACCOUNT[0], "credit": credit},
        headers={"Authorization": f"Bearer {read_token(folder)}"},
    )
    assert answer.status_code == 200


def post() -> tuple[str, str, dict[str, object]]:
    """A right request for ``Served.together``."""
    return ("POST", PATH, {"json": request_body()})


def test_an_analysis_costs_one_credit(served: Served) -> None:
    """The answer says what it cost and what is left; the next one counts on from there."""
    first, second = (served.analyse(request_body()).json() for _ in range(2))

    assert (first["credit_change"], first["credit"]) == (-1, 99)
    assert (second["credit_change"], second["credit"]) == (-1, 98)


def test_the_balance_survives_a_restart(tmp_path: Path) -> None:
    """Credit is kept in the data folder."""
    for expected in (99, 98):
        with serving(settings_in(tmp_path), ready(sample_engine())) as running:
            assert expected == running.analyse(request_body()).json()["credit"]


def test_a_refused_analysis_costs_nothing(served: Served) -> None:
    """After a refusal the balance is what it was."""
    refused = served.analyse(request_body(SIDE, SIDE)).json()
    assert (refused["credit_change"], refused["credit"]) == (0, 100)
    assert served.analyse(request_body()).json()["credit"] == 99


def test_the_last_credit_is_spent_once(tmp_path: Path) -> None:
    """Two requests that both saw the last credit: one succeeds, the other gets 422."""
    engine = sample_engine()
    with serving(settings_in(tmp_path), ready(engine)) as served:
        set_credit(served, tmp_path, 1)
        answers = served.together(post(), post())
        # Both were analysed: the second was refused only when it came to paying.
        assert engine.asked == 4
        assert {(200, 0, -1), (422, 0, 0)} == {
            (answer.status_code, answer.json()["credit"], answer.json()["credit_change"]) for answer in answers
        }


def test_the_uuid_is_echoed_or_made(served: Served) -> None:
    """Callers find their answer by their own id; without one they get a UUID."""
    assert served.analyse(request_body(uuid="job 7")).json()["uuid"] == "job 7"
    assert UUID(served.analyse(request_body()).json()["uuid"])


@pytest.mark.parametrize(("header", "grade"), [({}, 1), ({PROFILE_HEADER: "remo-2025"}, 0)])
def test_the_profile_of_the_request_grades(tmp_path: Path, header: dict[str, str], grade: int) -> None:
    """A tilt of 1.2 degrees is caution by the bands of 2024 and normal by those of 2025; the value is the same."""
    rolled = blank_photo(9)
    person = person_in("body_slim")
    engine = TruthEngine({rolled: tilted(person, 1.2), SIDE: person_in("side_apose")})
    with serving(settings_in(tmp_path), ready(engine)) as served:
        answer = served.analyse(request_body(front=rolled), headers=header).json()

    assert pytest.approx(1.2, abs=0.01) == answer["far_shoulder_bal_m_"]
    assert grade == answer["far_shoulder_bal_grade"]
    assert header.get(PROFILE_HEADER, "remo-2024") == answer["x_method"]["profile"]


def test_the_servers_own_profile_is_the_default(tmp_path: Path) -> None:
    """Without a header the setting decides."""
    with serving(settings_in(tmp_path, profile="remo-2025"), ready(sample_engine())) as served:
        assert served.analyse(request_body()).json()["x_method"]["profile"] == "remo-2025"


def test_a_value_that_the_photo_does_not_give_is_null(tmp_path: Path) -> None:
    """A hidden ear takes the head tilt with it, value and grade, and nothing else; its coordinates are null."""
    person = without(person_in("front_apose"), "left_ear")
    engine = TruthEngine({FRONT: person, SIDE: person_in("side_apose")})
    with serving(settings_in(tmp_path), ready(engine)) as served:
        answer = served.analyse(request_body()).json()

    nulls = {name for name, value in answer.items() if value is None}
    assert {"far_head_bal_m_", "far_head_bal_grade"} == nulls
    assert answer["x_raw"]["head_tilt"] is None
    assert json.loads(answer["far_coords"])[17] == [None, None]


def test_a_sideways_photo_is_answered_upright(tmp_path: Path) -> None:
    """The EXIF orientation is applied to the result picture, and coordinates are those of the upright picture."""
    lying = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to see it upright
    with Image.open(io.BytesIO(FRONT)) as upright:
        upright.rotate(90, expand=True).save(lying, "JPEG", exif=exif)
    engine = TruthEngine({lying.getvalue(): person_in("front_apose"), SIDE: person_in("side_apose")})
    with serving(settings_in(tmp_path), ready(engine)) as served:
        answer = served.analyse(request_body(front=lying.getvalue())).json()

    with Image.open(io.BytesIO(base64.b64decode(answer["forigimg"].partition(",")[2]))) as result:
        assert (result.format, result.size) == ("JPEG", (768, 1024))


def test_a_full_queue_refuses_and_charges_nothing(tmp_path: Path) -> None:
    """Beyond the places of the queue: 503 with Retry-After and code 559; those in the queue are answered in the end."""
    engine = sample_engine()
    analyses = QUEUE_PER_SLOT // 2
    with serving(settings_in(tmp_path), ready(engine)) as served:

        async def overload() -> list[httpx.Response]:
            engine.hold()
            tasks = [asyncio.ensure_future(served.send(*post())) for _ in range(analyses)]
            while engine.asked < QUEUE_PER_SLOT:
                await asyncio.sleep(0.005)
            health = await served.send("GET", "/health", {})
            refused = await served.send(*post())
            engine.release()
            return [health, refused, *[await task for task in tasks]]

        health, refused, *answered = served.run(overload())
        after = served("GET", "/health").json()["queue"]

    assert health.json()["queue"] == QUEUE_PER_SLOT
    assert (
        refused.status_code,
        refused.headers["retry-after"],
        refused.json()["status"],
        refused.json()["credit_change"],
    ) == (503, "2", 559, 0)
    assert [200] * analyses == [answer.status_code for answer in answered]
    assert {100 - n for n in range(1, analyses + 1)} == {answer.json()["credit"] for answer in answered}
    assert after == 0
