"""Awkward secrets, every way in which they go out and are quoted, and everything that leaves the dashboard of it.

What must not be found is spelt here without the code under test.
"""

import base64
import html
import json
import random
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from urllib.parse import quote, quote_plus, urlencode

import msgspec

from posedeck.contracts.own import TOKEN_HEADER
from posedeck.net.errors import ConnectionLost
from posedeck.net.exchange import Call, Exchange, Timings
from posedeck.net.multipart import Part, encode_parts
from posedeck.net.recording import Tried, record_try
from posedeck.services.exchanges.curl import as_curl
from posedeck.services.exchanges.edit import editable_body, editable_headers
from posedeck.services.exchanges.har import as_har
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.exchanges.python_code import as_httpx
from posedeck.services.exchanges.snippet import Snippet
from posedeck.services.exchanges.tree import Node, body_tree
from posedeck.services.sources import Source

#: Quotes of every kind, what shells, JSON, URLs, HTML and regular expressions read, and letters beyond ASCII.
ALPHABET = "abcXYZ0189'\"\\$`%&<>/?#=+ .*()[]{}|^~;:,한글é🔑"
#: Keys in headers and paths are ASCII, or the call is refused before it is sent.
ASCII = "".join(char for char in ALPHABET if char.isascii() and char != " ")
#: What a user's name or password of basic authorization may hold.
BASIC = ASCII.replace(":", "")


#: Cookies are told apart by semicolons.
COOKIE = ASCII.replace(";", "")


def draw(rng: random.Random, alphabet: str, *, length: int = 24) -> str:
    """A text of twelve to ``length`` characters."""
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(12, length)))


class Secrets:
    """One user's credentials."""

    def __init__(self, rng: random.Random) -> None:
        self.email = f"{draw(rng, 'abcxyz019._-').strip('.')}{rng.randint(0, 9)}@clinic{rng.randint(0, 99)}.example"
        self.user_key, self.api_key = draw(rng, ALPHABET), draw(rng, ALPHABET)
        self.kakao, self.app_key, self.secret, self.token = (draw(rng, ASCII) for _ in range(4))
        self.user, self.password = draw(rng, BASIC), draw(rng, BASIC)
        self.session = draw(rng, COOKIE)
        self.field, self.query = draw(rng, ALPHABET), draw(rng, ALPHABET)

    def all(self) -> list[str]:
        """Each of them."""
        return list(vars(self).values())

    @property
    def basic(self) -> str:
        """The credentials of basic authorization (RFC 7617)."""
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    def forbidden(self) -> set[str]:
        """Every spelling of each, in small letters."""
        spelt = chain.from_iterable(map(spellings, self.all()))
        return {form.casefold() for form in (*spelt, self.basic)}


def spellings(secret: str) -> set[str]:
    """How a secret may show in what is rendered."""
    forms = {secret, repr(secret)[1:-1], quote(secret, safe=""), quote_plus(secret), html.escape(secret)}
    for in_json in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        forms |= {in_json, in_json.replace("/", "\\/"), json.dumps(in_json)[1:-1]}
    forms |= {_every_char_escaped(secret), _html_safe_json(secret)}
    raw = secret.encode()
    # The characters at either end depend on what stands beside it.
    for offset, first in ((0, 0), (1, 2), (2, 3)):
        forms.add(base64.b64encode(bytes(offset) + raw).decode()[first : (offset + len(raw)) * 8 // 6])
    return forms | {form.replace("\\", "\\\\") for form in forms}


def _every_char_escaped(text: str) -> str:
    units = text.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _html_safe_json(text: str) -> str:
    escaped = json.dumps(text)[1:-1]
    for char in "<>&'=+@":
        escaped = escaped.replace(char, f"\\u{ord(char):04x}")
    return escaped


#: How a vendor, a proxy or a log may quote what it got.
ECHOES: tuple[Callable[[str], str], ...] = (
    str,
    json.dumps,
    repr,
    lambda text: quote(text, safe=""),
    lambda text: json.dumps(text).replace("/", "\\/"),
    _every_char_escaped,
    _html_safe_json,
    html.escape,
    lambda text: base64.b64encode(f"<{text}>".encode()).decode(),
    lambda text: json.dumps(json.dumps({"was": text})),
)


def exchanges(secrets: Secrets, echo: Callable[[str], str], picture: str) -> Iterator[tuple[str, Call, bytes]]:
    """Calls of every kind, each with an answer that quotes what it got: vendor, call, body of the answer."""
    remo = {"Email": secrets.email, "UserKey": secrets.user_key, "APIKey": secrets.api_key, "forigimg": picture}
    as_json = {"Content-Type": "application/json"}
    refusal = {"state": False, "message": f"unknown {echo(secrets.email)} {echo(secrets.api_key)}"}
    skeleton = "https://v.example/api/analysis-skeleton"
    yield "remo", Call("POST", skeleton, as_json, json.dumps(remo).encode(), costs=True), json.dumps(refusal).encode()
    # Broken JSON is a text, and so is what quotes it.
    broken = json.dumps(remo)[:-1]
    yield "remo", Call("POST", skeleton, as_json, broken.encode()), f"cannot read {echo(broken)}".encode()
    body = _remo_again(remo)
    streamed = Call("POST", skeleton, as_json, iter([body[:50], body[50:51], body[51:]]))
    yield "remo", streamed, json.dumps({"you": echo(secrets.user_key)}).encode()
    read = f"https://v.example/api/analysis-soccer-result/{quote(secrets.email, safe='')}/u"
    yield "remo", Call("GET", read, {}), json.dumps({"state": False, "id": secrets.email}).encode()
    form = urlencode({"image_url": "https://p.example/a.jpg", "token": secrets.token}).encode()
    key = {"Authorization": f"KakaoAK {secrets.kakao}", "Content-Type": "application/x-www-form-urlencoded"}
    page = f"<html>{echo(secrets.kakao)} {echo(secrets.token)}".encode()
    yield "kakao", Call("POST", "https://v.example/pose", key, form), page
    parts = [
        Part("api_key", None, "", secrets.field.encode()),
        Part("file", f"{secrets.email}.jpg", "image/jpeg", b"\xff\xd8picture"),
    ]
    content_type, upload = encode_parts(parts)
    named = {"Authorization": f"kakaoak {secrets.kakao}", "Content-Type": content_type}
    yield "kakao", Call("POST", "https://v.example/pose/job", named, upload), json.dumps([echo(secrets.field)]).encode()
    nhn = {"nested": [{"secretKey": secrets.secret, "note": f"for {secrets.email}"}]}
    message = {"header": {"resultMessage": f"{echo(secrets.app_key)} {echo(secrets.secret)}"}}
    url = f"https://v.example/v1.0/appkeys/{quote(secrets.app_key, safe='')}/pose"
    headers = {"Authorization": secrets.secret, **as_json}
    yield "nhn", Call("POST", url, headers, json.dumps(nhn).encode()), json.dumps(message).encode()
    token = {TOKEN_HEADER: secrets.token}
    query = urlencode({"token": secrets.query, "n": 1})
    yield "posedeck", Call("POST", f"https://v.example/x/a?{query}", token), json.dumps([echo(secrets.query)]).encode()
    ticket = f"https://v.example/x/uploads?ticket={quote(secrets.query, safe='')}"
    yield "posedeck", Call("PUT", ticket, token, b"\xff\xfe"), f"no {echo(secrets.query)}, {secrets.token}".encode()
    basic = {"Authorization": f"Basic {secrets.basic}", "Cookie": f"a=1; session={secrets.session}"}
    told = f"{echo(secrets.user)} {echo(secrets.password)} {secrets.basic} {echo(secrets.session)}"
    yield "remo", Call("GET", "https://v.example/x", basic), json.dumps({"told": told}).encode()
    inside = f"https://{quote(secrets.user, safe='')}:{quote(secrets.password, safe='')}@v.example/x"
    yield "remo", Call("GET", inside, {}), json.dumps({"told": echo(secrets.password)}).encode()
    # What the call did not carry is known by its name alone.
    of_another = f"failed with {json.dumps({'api_key': secrets.field})} and {{'token': {secrets.session!r}}}"
    yield "remo", Call("GET", "https://v.example/log", {}), of_another.encode()


def _remo_again(fields: dict[str, str]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def renderings(secrets: Secrets, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Everything that can leave the dashboard of these exchanges: what it is, and its text."""
    log = ExchangeLog(lambda record: Source.LIVE)
    picture = base64.b64encode(rng.randbytes(600)).decode()
    for vendor, call, body in chain(*(exchanges(secrets, echo, picture) for echo in ECHOES)):
        headers = {"Content-Type": "text/plain", "Set-Cookie": secrets.token}
        if not call.url.endswith("/log"):
            headers["X-Echo"] = quote(body.decode())
        exchange = Exchange(200, headers, body, 0.0, Timings(), 1, 9, 9)
        failed = ConnectionLost(f"lost: {body.decode()}", vendor=vendor)
        whole = None if isinstance(call.content, bytes) else b"".join(call.content)
        for answered, error in ((exchange, None), (None, failed)):
            log.observe(*record_try(vendor, Tried(call, answered, error, streamed=whole)))
    for record in log.records():
        for snippet in (as_curl(record, log.files()), as_httpx(record, log.files())):
            yield f"{snippet.name} of {record.url}", _whole(snippet)
        yield "HAR", as_har([record]).decode()
        yield "record", f"{msgspec.json.encode(record).decode()}{record!r}"
        shown = [editable_headers(record), editable_body(record)]
        shown += chain.from_iterable(
            _leaves(body_tree(body.value)) for body in (record.request, record.response) if body
        )
        yield "page", "\n".join(shown)


def _leaves(node: Node) -> Iterator[str]:
    """The texts of a tree as the page shows them."""
    if "text" in node:
        yield node["text"]
    for name, child in node.get("entries", []):
        yield str(name)
        yield from _leaves(child)


def _whole(snippet: Snippet) -> str:
    files = (read().decode("utf-8", "replace") for read in snippet.files.values())
    return "\n".join([snippet.code, *files])


def leaks(secrets: Secrets, texts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What holds a secret, and which spelling of it."""
    forbidden = secrets.forbidden()
    for what, text in texts:
        lowered = text.casefold()
        yield from (f"{what} holds {form!r}:\n{text}" for form in forbidden if form in lowered)
