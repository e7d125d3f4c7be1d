"""No run gives a key or an e-mail address away: not in a pack, a report, a cassette or any other export."""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

import httpx
import pytest

from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.clients.remo_soccer import SoccerClient
from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.future_shape import Direction, Gender
from posedeck.net.errors import VendorError
from posedeck.net.exchange import Call, Exchange, IsAnswer, Timings, is_json
from posedeck.net.recording import Tried, record_try
from posedeck.net.transport import Transport
from posedeck.pose.posture import View
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Review
from posedeck.runs.store import RunStore
from posedeck.services.assessment import assess
from posedeck.services.future_shape import ShapeWish
from posedeck.services.future_shape_runs import reshape_and_record, save_shapes
from posedeck.services.kick_audit import audit_answers
from posedeck.services.kick_recordings import kicks_of_runs, play_and_record
from posedeck.services.kick_report import kick_html
from posedeck.services.kick_tape import KickTape
from posedeck.services.photos import prepare_photo
from posedeck.services.posture_runs import analyse_and_record
from posedeck.services.recording import Recorder
from posedeck.services.replay import cassette_of
from posedeck.services.reviewer_pack import reviewer_pack
from posedeck.services.run_lists import runs_csv, runs_json
from posedeck.services.saved import export_json
from posedeck.services.shape_export import export_json as export_shapes
from posedeck.services.soccer import KickResult
from posedeck.services.soccer_export import export_json as export_kick
from posedeck.services.soccer_runs import fetch_and_record
from posedeck.services.sources import Source
from posedeck.texts import load_texts
from tests.app.support import sample_photo
from tests.support.answers import clean_answer, future_shape_answer
from tests.support.archive import archive
from tests.support.canary import ECHOES, Secrets, leaks
from tests.support.people import SAMPLES
from tests.support.shapes import encoded, slim
from tests.support.soccer_vendor import CLIP, URL, SoccerVendor, answers, submit

#: Runs are made of real answers and exported as whole packs, which takes a while.
RUN_DRAWS = 4


class Vendor:
    """Answers one call with a body, as the transport would."""

    def __init__(self, body: object) -> None:
        self._body = json.dumps(body).encode()

    def send(self, call: Call, deadline_s: float, *, is_answer: IsAnswer = is_json) -> Exchange:
        exchange = Exchange(200, {"Content-Type": "application/json"}, self._body, 1.7e9, Timings(), 1, 9, 9)
        record, _ = record_try("remo", Tried(call, exchange))
        return replace(exchange, record=record)


def recorded_runs(secrets: Secrets, recorder: Recorder, rng: random.Random) -> Iterator[str]:
    """What the log and the page say while runs are made of answers that quote the caller."""
    photos = {view: sample_photo(view) for view in View}
    account = RemoCredentials(secrets.email, secrets.user_key, secrets.api_key)
    echo = rng.choice(ECHOES)
    quoted = f"for {echo(secrets.email)} {echo(secrets.user_key)}"
    bodies = (
        clean_answer() | {"message": quoted, echo(secrets.api_key): secrets.api_key, "credit_change": secrets.user_key},
        clean_answer() | {"message": quoted, "note": [echo(secrets.api_key)], "Email": secrets.email},
        {"state": False, "status_code": 418, "message": quoted, "credit": 3},
    )
    for body in bodies:
        client = RemoClient(Vendor(body), "https://v.example")
        try:
            result = analyse_and_record(
                recorder,
                client,
                account,
                photos,
                source=Source.LIVE,
                base_url="https://v.example",
                profile_name="remo-2024",
            )
        except VendorError as error:
            yield f"{error} {error!r}"
        else:
            yield export_json(result, assess(result, result.profile)).decode()
            yield repr(result.exchange)


def recorded_jobs(secrets: Secrets, recorder: Recorder) -> Iterator[str]:
    """The same of a kick, all five of whose answers quote the caller, and of a future shape that is saved."""
    account = RemoCredentials(secrets.email, secrets.user_key, secrets.api_key)

    def echo(secret: str) -> str:
        return " ".join(each(secret) for each in ECHOES)

    bodies = answers(drawn=CLIP.read_bytes(), note=f"for {echo(secrets.email)}", Email=secrets.email)
    bodies[soccer.SUBMIT_PATH][0] |= {"message": echo(secrets.user_key), echo(secrets.api_key): [secrets.api_key]}
    bodies[soccer.RESULT_PATH][0] |= {"message": f"{echo(secrets.email)} waits"}
    vendor, tape = SoccerVendor(bodies), KickTape()
    job = submit(recorder, vendor, tape, account=account)
    for _ in range(2):
        got = fetch_and_record(recorder, SoccerClient(vendor, URL), secrets.email, job, tape)
        yield repr(got)
    assert isinstance(got, KickResult)
    yield export_kick(got).decode()
    yield kick_html(got, list(audit_answers(got)), load_texts("en")).decode()
    for each in play_and_record(recorder, kicks_of_runs(recorder.store)[0], lambda *_: None).others.__dict__.values():
        yield json.dumps(each)

    body = future_shape_answer(encoded(slim())) | {
        "message": f"for {echo(secrets.email)}",
        "note": echo(secrets.user_key),
    }
    with Transport("remo", inner=httpx.MockTransport(lambda _: httpx.Response(200, json=body))) as transport:
        shape = reshape_and_record(
            recorder,
            RemoClient(transport, URL),
            account,
            prepare_photo((SAMPLES / "body_slim.jpg").read_bytes()),
            ShapeWish(Direction.BEST, Gender.MALE, None),
            source=Source.LIVE,
            base_url=URL,
            find_pose=lambda _: None,
            group="",
        )
    save_shapes(recorder, [shape])
    yield export_shapes([shape]).decode()


def exported(store: RunStore, secrets: Secrets) -> Iterator[tuple[str, str]]:
    """Everything that can be downloaded of the runs, their notes with an address in them."""
    ids = store.ids(RunQuery())
    for run_id in ids:
        store.review(run_id, Review(tags=(secrets.email,), notes=f"Call {secrets.email}."))
    yield "JSON", runs_json(store, ids).decode()
    yield "CSV", runs_csv(store, ids).decode()
    yield "cassette", cassette_of(store, ids).decode()
    with zipfile.ZipFile(io.BytesIO(reviewer_pack(store, ids, "en"))) as pack:
        for name in pack.namelist():
            yield name, pack.read(name).decode("latin-1" if name.endswith(".png") else "utf-8")


def test_no_run_gives_a_secret_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not in any of its exports, not in what the page or the log says of it."""
    rng = random.Random(7)  # noqa: S311 - repeatable, nothing to protect
    for number in range(RUN_DRAWS):
        secrets = Secrets(rng)
        folder = tmp_path / str(number)
        folder.mkdir()
        with archive(folder) as (store, recorder):
            said = [("page", text) for text in recorded_runs(secrets, recorder, rng)]
            assert next(leaks(secrets, chain(said, exported(store, secrets), [("log", caplog.text)])), None) is None
            assert store.search(RunQuery()).total == 3


def test_no_kick_and_no_future_shape_gives_a_secret_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not in packs, reports and cassettes, nor where a recording of it is played."""
    secrets = Secrets(random.Random(8))  # noqa: S311 - repeatable, nothing to protect
    with archive(tmp_path) as (store, recorder):
        said = [("page", text) for text in recorded_jobs(secrets, recorder)]
        assert next(leaks(secrets, chain(said, exported(store, secrets), [("log", caplog.text)])), None) is None
        # A kick, its recording played, a future shape.
        assert store.search(RunQuery()).total == 3
