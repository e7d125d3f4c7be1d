"""Nothing that leaves the dashboard holds a key or an e-mail address: over 20,000 renderings of awkward secrets."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from itertools import chain
from urllib.parse import quote, urlencode

import msgspec

from posedeck.contracts.own import TOKEN_HEADER
from posedeck.net.errors import ConnectionLost
from posedeck.net.exchange import Call, Exchange, Timings
from posedeck.net.record import ExchangeRecord
from posedeck.net.recording import Tried, record_try
from posedeck.services.exchanges.curl import as_curl
from posedeck.services.exchanges.har import as_har
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.exchanges.python_code import as_httpx
from posedeck.services.exchanges.snippet import Snippet
from posedeck.services.sources import Source

DRAWS = 125
RENDERINGS = 20_000
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
