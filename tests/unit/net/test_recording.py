"""Records of exchanges: what is folded, what is masked, what is kept to send the call again."""

import io
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx
import pytest
from PIL import Image

from posedeck.contracts.images import encode_base64_image
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.net.bodies import Held
from posedeck.net.errors import AmbiguousOutcome, CircuitOpen, InvalidCall, Throttled, VendorError
from posedeck.net.multipart import encode_upload, read_parts
from posedeck.net.record import ExchangeRecord
from posedeck.net.redact import MASK
from posedeck.net.transport import Call, RetryPolicy, Transport
from tests.support.clocks import StillClock

REMO = "https://vendor.example/api/analysis-skeleton"
EMAIL, USER_KEY, API_KEY = "who@clinic.example", 'us"er\\키-1', "api-key-2"


def picture(width: int = 40, height: int = 30) -> bytes:
    noise = Image.effect_noise((width, height), 80.0)
    stream = io.BytesIO()
    noise.convert("RGB").save(stream, "JPEG", quality=95)
    return stream.getvalue()


PICTURE = picture()


class Seen:
    """An observer that keeps everything: each try as it was told first, and as it ended."""

    def __init__(self) -> None:
        self.told: list[ExchangeRecord] = []
        self.files: dict[str, Held] = {}

    def __call__(self, record: ExchangeRecord, files: Mapping[str, Held]) -> None:
        self.told.append(record)
        self.files |= files

    @property
    def records(self) -> list[ExchangeRecord]:
        return [record for record in self.told if record.phase is None]


def send(
    call: Call, *answers: httpx.Response | Exception, vendor: str = "remo", policy: RetryPolicy | None = None
) -> Seen:
    """What an observer sees of a call that is answered so, try by try."""
    steps = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        if isinstance(step, Exception):
            raise step
        return step

    seen = Seen()
    inner = httpx.MockTransport(answer)
    with Transport(vendor, clock=StillClock(), policy=policy or RetryPolicy(), inner=inner) as transport:
        try:
            exchange = transport.for_session(seen).send(call, 60.0)
        except VendorError:
            pass
        else:
            assert exchange.record == seen.records[-1]
    return seen


def ok(body: object = None, **headers: str) -> httpx.Response:
    return httpx.Response(200, json={"state": True} if body is None else body, headers=headers)


def remo_call(email: str = EMAIL, user_key: str = USER_KEY, api_key: str = API_KEY) -> Call:
    body = {
        "Email": email,
        "UserKey": user_key,
        "APIKey": api_key,
        "forigimg": encode_base64_image(PICTURE),
        "sorigimg": encode_base64_image(PICTURE, "image/jpeg"),
    }
    return Call("POST", REMO, {"Content-Type": "application/json"}, json.dumps(body).encode(), costs=True)


def test_pictures_are_folded_and_kept_by_their_hash() -> None:
    seen = send(remo_call(), ok({"state": True, "forigimg": encode_base64_image(PICTURE, "image/jpeg")}))
    sent = seen.records[0].request.value
    answered = seen.records[0].response
    file = sent["forigimg"]["base64"]
    assert file | {"sha256": ""} == {"bytes": len(PICTURE), "sha256": "", "type": "image/jpeg", "size": [40, 30]}
    assert sent["sorigimg"]["base64"] == file | {"data_uri": "image/jpeg"}
    assert answered is not None
    assert answered.value["forigimg"]["base64"]["sha256"] == file["sha256"]
    assert seen.files == {file["sha256"]: PICTURE}


def test_credentials_in_a_body_are_masked_and_where_an_answer_quotes_them() -> None:
    quoting = ok({"state": False, "message": f"no user {EMAIL} with {USER_KEY}", "id": 7})
    (record,) = send(remo_call(), quoting).records
    assert {record.request.value[name] for name in ("Email", "UserKey", "APIKey")} == {MASK}
    assert record.response is not None
    assert record.response.value == {"state": False, "message": f"no user {MASK} with {MASK}", "id": 7}


def test_an_e_mail_address_is_masked_wherever_it_stands() -> None:
    (record,) = send(
        Call("GET", "https://vendor.example/x?q=somebody%40else.example"), ok({"by": "a.b+c@d.example"})
    ).records
    assert record.url == f"https://vendor.example/x?q={MASK}"
    assert record.response is not None
    assert record.response.value == {"by": MASK}


def test_the_demo_account_stays_readable() -> None:
    (record,) = send(remo_call(*DEMO_ACCOUNT), ok()).records
    assert [record.request.value[name] for name in ("Email", "UserKey", "APIKey")] == list(DEMO_ACCOUNT)


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({"Authorization": "KakaoAK real-key"}, f"KakaoAK {MASK}"),
        ({"Authorization": f"KakaoAK {DEMO_KAKAO_KEY}"}, f"KakaoAK {DEMO_KAKAO_KEY}"),
        ({"Authorization": "real-secret"}, MASK),
        ({"authorization": DEMO_NHN_KEYS[1]}, DEMO_NHN_KEYS[1]),
    ],
)
def test_keys_in_headers(headers: dict[str, str], shown: str) -> None:
    (record,) = send(Call("POST", "https://vendor.example/pose", headers, b"{}"), ok([])).records
    assert list(record.request_headers.values()) == [shown]


@pytest.mark.parametrize(("key", "shown"), [("real-app-key", MASK), (DEMO_NHN_KEYS[0], DEMO_NHN_KEYS[0])])
def test_nhn_keeps_a_key_in_the_path(key: str, shown: str) -> None:
    call = Call("POST", f"https://vendor.example/v1.0/appkeys/{key}/pose", {}, b"{}")
    (record,) = send(call, ok({"header": {"resultMessage": f"appKey {key}"}}), vendor="nhn").records
    assert record.url == f"https://vendor.example/v1.0/appkeys/{shown}/pose"
    assert record.response is not None
    assert record.response.value["header"]["resultMessage"] == f"appKey {shown}"


def test_a_form_with_a_file() -> None:
    content_type, body = encode_upload("file", "picture.jpg", "image/jpeg", PICTURE)
    seen = send(Call("POST", "https://vendor.example/pose", {"Content-Type": content_type}, body), ok([]))
    (record,) = seen.records
    (part,) = record.request.value
    assert record.request.kind == "multipart"
    assert (part["name"], part["filename"], part["type"]) == ("file", "picture.jpg", "image/jpeg")
    assert seen.files[part["file"]["sha256"]] == PICTURE


def test_parts_are_read_as_they_were_written() -> None:
    data = b"\r\n--almost\r\n\r\nanything\r\n"
    content_type, body = encode_upload('im"age', "사진.png", "image/png", data)
    (part,) = read_parts(content_type, body) or []
    assert (part.name, part.filename, part.media, part.data) == ("im%22age", "사진.png", "image/png", data)
    assert read_parts(content_type, body[:-30]) is None
    assert read_parts("multipart/form-data", body) is None


def test_a_form_of_texts() -> None:
    body = urlencode([("image_url", "https://pictures.example/a.jpg"), ("token", "secret")]).encode()
    call = Call("POST", "https://vendor.example/pose", {"Content-Type": "application/x-www-form-urlencoded"}, body)
    (record,) = send(call, ok([])).records
    assert record.request.kind == "form"
    assert record.request.value == [["image_url", "https://pictures.example/a.jpg"], ["token", MASK]]


def test_other_bodies_are_shown_as_what_they_are() -> None:
    (page,) = send(Call("GET", REMO), httpx.Response(200, html="<p>who@clinic.example")).records
    assert page.response is not None
    assert (page.response.kind, page.response.value) == ("text", f"<p>{MASK}")
    assert page.error is not None
    assert page.error.kind == "UnparseableAnswer"
    (raw,) = send(Call("POST", REMO, {}, PICTURE), ok()).records
    assert (raw.request.kind, raw.request.value["file"]["size"]) == ("binary", [40, 30])
    (empty,) = send(Call("GET", REMO), ok()).records
    assert (empty.request.kind, empty.request.value) == ("none", None)


def test_a_long_body_in_pieces_that_tells_nothing_of_itself_is_not_kept() -> None:
    pieces = [b'{"note":"', *[b"long text " * 10_000] * 11, b'","APIKey":"api-key-2"}']
    (record,) = send(Call("POST", REMO, {"Content-Type": "application/json"}, iter(pieces)), ok({})).records
    assert record.request.kind == "binary"
    assert record.request.value == {"file": {"bytes": sum(map(len, pieces)), "type": "application/json"}}


def test_every_try_is_recorded_with_what_came_of_it() -> None:
    busy = httpx.Response(429, json={"code": -10}, headers={"Retry-After": "1"})
    first, second = send(Call("POST", REMO, {}, b"{}"), busy, ok()).records
    assert (first.attempts, first.status, first.error and first.error.kind) == (1, 429, Throttled.__name__)
    assert (second.attempts, second.status, second.error) == (2, 200, None)
    assert second.started_at > first.started_at


def test_a_call_without_answer_is_recorded() -> None:
    (record,) = send(remo_call(), httpx.ReadError("gone")).records
    assert record.status is record.response is record.response_headers is None
    assert record.error is not None
    # The scripted wire reports no phase, so nothing can be known to have left.
    assert record.error.kind in {AmbiguousOutcome.__name__, "ConnectFailed"}
    assert record.costs


def test_a_call_that_a_breaker_holds_back_is_recorded() -> None:
    seen = Seen()
    wire = httpx.MockTransport(lambda _: httpx.Response(502, text="down"))
    with Transport("remo", clock=StillClock(), policy=RetryPolicy(tries=1), inner=wire) as transport:
        for _ in range(6):
            with pytest.raises(VendorError):
                transport.for_session(seen).send(Call("GET", REMO), 60.0)
    assert [record.error.kind for record in seen.records if record.error][-1] == CircuitOpen.__name__


def test_a_session_sees_only_its_own_calls() -> None:
    mine, yours = Seen(), Seen()
    with Transport("remo", inner=httpx.MockTransport(lambda _: ok())) as shared:
        shared.for_session(mine).send(Call("GET", REMO), 60.0)
        shared.for_session(yours).send(Call("GET", REMO + "?2"), 60.0)
        shared.send(Call("GET", REMO + "?3"), 60.0)
    assert [record.url for record in mine.records] == [REMO]
    assert [record.url for record in yours.records] == [REMO + "?2"]


def test_a_call_is_amended_before_it_is_sent() -> None:
    with Transport("remo", inner=httpx.MockTransport(lambda request: ok({"got": request.headers["X-Mark"]}))) as shared:
        marked = shared.for_session(Seen(), lambda call: Call(call.method, call.url, {**call.headers, "X-Mark": "1"}))
        assert json.loads(marked.send(Call("GET", REMO), 60.0).body) == {"got": "1"}
        with pytest.raises(InvalidCall):
            shared.for_session(Seen(), lambda call: Call(call.method, "nowhere")).send(Call("GET", REMO), 60.0)


def test_an_answer_is_not_lost_with_its_record(caplog: pytest.LogCaptureFixture) -> None:
    def broken(record: ExchangeRecord, files: Mapping[str, Held]) -> None:
        raise RuntimeError(EMAIL)

    with Transport("remo", inner=httpx.MockTransport(lambda _: ok())) as shared:
        exchange = shared.for_session(broken).send(Call("GET", REMO), 60.0)
    assert exchange.status == 200
    assert exchange.record is None
    assert "RuntimeError" in caplog.text
    assert EMAIL not in caplog.text
