"""Nothing that leaves the dashboard holds a key or an e-mail address: over 20,000 renderings of awkward secrets."""

import base64
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import msgspec
import pytest

from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.clients.remo_soccer import SoccerClient
from posedeck.contracts.own import TOKEN_HEADER
from posedeck.contracts.remo import soccer
from posedeck.contracts.remo.future_shape import Direction, Gender
from posedeck.net.errors import ConnectionLost, VendorError
from posedeck.net.exchange import Call, Exchange, IsAnswer, Timings, is_json
from posedeck.net.record import ExchangeRecord
from posedeck.net.recording import Tried, record_try
from posedeck.net.transport import Transport
from posedeck.pose.posture import View
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Review
from posedeck.runs.store import RunStore
from posedeck.services.assessment import assess
from posedeck.services.exchanges.curl import as_curl
from posedeck.services.exchanges.har import as_har
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.exchanges.python_code import as_httpx
from posedeck.services.exchanges.snippet import Snippet
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
from tests.support.people import SAMPLES
from tests.support.shapes import encoded, slim
from tests.support.soccer_vendor import CLIP, URL, SoccerVendor, answers, submit

DRAWS = 125
RENDERINGS = 20_000
#: Runs are made of real answers and exported as whole packs, which takes longer.
RUN_DRAWS = 4
#: Quotes of every kind, what shells, JSON, URLs, HTML and regular expressions read, and letters beyond ASCII.
ALPHABET = "abcXYZ0189'\"\\$`%&<>/?#=+ .*()[]{}|^~;:,한글é🔑"
#: Keys in headers and paths are ASCII, or the call is refused before it is sent.
ASCII = "".join(char for char in ALPHABET if char.isascii() and char != " ")


def draw(rng: random.Random, alphabet: str, *, length: int = 24) -> str:
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(12, length)))


class Secrets:
    """One user's credentials."""

    def __init__(self, rng: random.Random) -> None:
        self.email = f"{draw(rng, 'abcxyz019._-').strip('.')}{rng.randint(0, 9)}@clinic{rng.randint(0, 99)}.example"
        self.user_key, self.api_key = draw(rng, ALPHABET), draw(rng, ALPHABET)
        self.kakao, self.app_key, self.secret, self.token = (draw(rng, ASCII) for _ in range(4))

    def all(self) -> list[str]:
        return list(vars(self).values())


def spellings(secret: str) -> set[str]:
    """How a secret may show in what is rendered, found without the code under test."""
    in_json = json.dumps(secret)[1:-1]
    in_url = quote(secret, safe="")
    plain = {secret, in_json, json.dumps(secret, ensure_ascii=False)[1:-1], json.dumps(in_json)[1:-1]}
    return plain | {in_url, repr(secret)[1:-1], base64.b64encode(secret.encode()).decode()}


#: How a vendor may quote what it got.
ECHOES: tuple[Callable[[str], str], ...] = (str, json.dumps, repr, lambda text: quote(text, safe=""))


def exchanges(secrets: Secrets, echo: Callable[[str], str], picture: str) -> Iterator[tuple[str, Call, bytes]]:
    """Calls of every kind, each with an answer that quotes what it got."""
    remo = {"Email": secrets.email, "UserKey": secrets.user_key, "APIKey": secrets.api_key, "forigimg": picture}
    as_json = {"Content-Type": "application/json"}
    yield (
        "remo",
        Call("POST", "https://v.example/api/analysis-skeleton", as_json, json.dumps(remo).encode(), costs=True),
        json.dumps({"state": False, "message": f"unknown {echo(secrets.email)} {echo(secrets.api_key)}"}).encode(),
    )
    yield (
        "remo",
        Call("GET", f"https://v.example/api/analysis-soccer-result/{quote(secrets.email, safe='')}/u", {}),
        json.dumps({"state": False, "id": secrets.email}).encode(),
    )
    yield (
        "kakao",
        Call(
            "POST",
            "https://v.example/pose",
            {"Authorization": f"KakaoAK {secrets.kakao}", "Content-Type": "application/x-www-form-urlencoded"},
            urlencode({"image_url": "https://p.example/a.jpg", "token": secrets.token}).encode(),
        ),
        f"<html>{echo(secrets.kakao)} {echo(secrets.token)}".encode(),
    )
    yield (
        "nhn",
        Call(
            "POST",
            f"https://v.example/v1.0/appkeys/{quote(secrets.app_key, safe='')}/pose",
            {"Authorization": secrets.secret, "Content-Type": "application/json"},
            json.dumps({"nested": [{"secretKey": secrets.secret, "note": f"for {secrets.email}"}]}).encode(),
        ),
        json.dumps({"header": {"resultMessage": f"{echo(secrets.app_key)} {echo(secrets.secret)}"}}).encode(),
    )
    yield (
        "posedeck",
        Call("POST", f"https://v.example/x/a?token={quote(secrets.token, safe='')}", {TOKEN_HEADER: secrets.token}),
        json.dumps([f"{secrets.token}"]).encode(),
    )


def renderings(secrets: Secrets, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Everything that can leave the dashboard of these exchanges."""
    log = ExchangeLog(lambda record: Source.LIVE)
    picture = base64.b64encode(rng.randbytes(600)).decode()
    for vendor, call, body in chain(*(exchanges(secrets, echo, picture) for echo in ECHOES)):
        exchange = Exchange(
            200, {"Content-Type": "text/plain", "Set-Cookie": secrets.token}, body, 0.0, Timings(), 1, 9, 9
        )
        failed = ConnectionLost(f"lost: {body.decode()}", vendor=vendor)
        for answered, error in ((exchange, None), (None, failed)):
            log.observe(*record_try(vendor, Tried(call, answered, error, Timings(), 1, 1.7e9, 9)))
    for record in log.records():
        for snippet in (as_curl(record, log.files()), as_httpx(record, log.files())):
            yield snippet.name, _whole(snippet)
        yield "HAR", as_har([record]).decode()
        yield "record", f"{msgspec.json.encode(record).decode()}{record!r}"


def _whole(snippet: Snippet) -> str:
    return "\n".join([snippet.code, *(data.decode("utf-8", "replace") for data in snippet.files.values())])


def test_no_key_and_no_e_mail_address_leaves() -> None:
    """In whatever spelling it came."""
    rng, seen = random.Random(20_000), 0  # noqa: S311 - repeatable, nothing to protect
    for _ in range(DRAWS):
        secrets = Secrets(rng)
        forbidden = {form.casefold() for secret in secrets.all() for form in spellings(secret)}
        for what, text in renderings(secrets, rng):
            seen += 1
            lowered = text.casefold()
            leaked = [form for form in forbidden if form in lowered]
            assert not leaked, f"{what} holds {leaked[0]!r}:\n{text}"
    assert seen >= RENDERINGS


def test_the_search_itself_finds_what_leaks() -> None:
    """A rendering with a secret in it is caught: the canary is alive."""
    secrets = Secrets(random.Random(1))  # noqa: S311 - repeatable, nothing to protect
    record = ExchangeRecord(
        id="1",
        vendor="remo",
        method="GET",
        url=f"https://v.example/{quote(secrets.email, safe='')}",
        request_headers={},
        request=record_try("remo", _empty())[0].request,
        started_at=0.0,
    )
    text = as_curl(record, {}).code.casefold()
    assert any(form.casefold() in text for form in spellings(secrets.email))


def _empty() -> Tried:
    return Tried(Call("GET", "https://v.example/"), None, None, Timings(), 1, 0.0, 0)


class Vendor:
    """Answers one call with a body, as the transport would."""

    def __init__(self, body: object) -> None:
        self._body = json.dumps(body).encode()

    def send(self, call: Call, deadline_s: float, *, is_answer: IsAnswer = is_json) -> Exchange:
        exchange = Exchange(200, {"Content-Type": "application/json"}, self._body, 1.7e9, Timings(), 1, 9, 9)
        record, _ = record_try("remo", Tried(call, exchange, None, Timings(), 1, 1.7e9, 9))
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
        forbidden = {form.casefold() for secret in secrets.all() for form in spellings(secret)}
        folder = tmp_path / str(number)
        folder.mkdir()
        with archive(folder) as (store, recorder):
            said = [("page", text) for text in recorded_runs(secrets, recorder, rng)]
            nothing_leaks(chain(said, exported(store, secrets), [("log", caplog.text)]), forbidden)
            assert store.search(RunQuery()).total == 3


def test_no_kick_and_no_future_shape_gives_a_secret_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not in packs, reports and cassettes, nor where a recording of it is played."""
    secrets = Secrets(random.Random(8))  # noqa: S311 - repeatable, nothing to protect
    forbidden = {form.casefold() for secret in secrets.all() for form in spellings(secret)}
    with archive(tmp_path) as (store, recorder):
        said = [("page", text) for text in recorded_jobs(secrets, recorder)]
        nothing_leaks(chain(said, exported(store, secrets), [("log", caplog.text)]), forbidden)
        # A kick, its recording played, a future shape.
        assert store.search(RunQuery()).total == 3


def nothing_leaks(told: Iterable[tuple[str, str]], forbidden: set[str]) -> None:
    for what, text in told:
        lowered = text.casefold()
        leaked = [form for form in forbidden if form in lowered]
        assert not leaked, f"{what} holds {leaked[0]!r}"
