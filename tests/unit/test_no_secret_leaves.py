"""Nothing that leaves the dashboard holds a key or an e-mail address: over 20,000 renderings of awkward secrets."""

import logging
import random
from itertools import chain
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from posedeck.net import masking, recording, redact
from posedeck.net.errors import VendorError
from posedeck.net.exchange import Call
from posedeck.net.record import ExchangeRecord
from posedeck.net.recording import Tried, record_try
from posedeck.net.retry import RetryPolicy
from posedeck.net.transport import Transport
from posedeck.services.exchanges.curl import as_curl
from tests.support.canary import ECHOES, Secrets, exchanges, leaks, renderings, spellings
from tests.support.clocks import StillClock

DRAWS = 17
RENDERINGS = 20_000


def test_no_key_and_no_e_mail_address_leaves() -> None:
    """In whatever spelling it came."""
    rng, seen = random.Random(20_000), 0  # noqa: S311 - repeatable, nothing to protect
    for _ in range(DRAWS):
        secrets = Secrets(rng)
        texts = list(renderings(secrets, rng))
        assert next(leaks(secrets, texts), None) is None
        seen += len(texts)
    assert seen >= RENDERINGS


def _same(*arguments: Any, **_: Any) -> Any:
    """What a masking does that is switched off: its last argument comes back."""
    return arguments[-1]


def _nothing(*_: Any, **__: Any) -> Any:
    return ()


#: Each part of the masking, with what it is when it is switched off.
PARTS: dict[str, tuple[object, str, Any]] = {
    "headers": (masking.Masker, "headers", lambda _, headers: dict(headers)),
    "addresses": (masking.Masker, "url", _same),
    "bodies": (masking.Masker, "body", lambda _, body, by_name: body),
    "parts of forms": (masking.Masker, "_part", lambda _, part, by_name: part),
    "texts": (masking.Masker, "text", _same),
    "e-mail addresses": (masking, "_mask_email", lambda found: found[0]),
    "fields in texts": (masking, "_mask_field", lambda found: found[0]),
    "known secrets": (masking, "secrets_in", lambda *_: frozenset()),
    "secrets of addresses": (masking, "_in_address", _nothing),
    "secrets within headers": (masking, "_in_header", lambda value, is_cookie: [masking.split_scheme(value)[1]]),
    "secrets of forms": (masking, "named_values", _nothing),
    "secrets of texts": (masking, "_in_text", _nothing),
    "secrets of JSON": (masking, "_secret_values", _nothing),
    "escapes": (redact, "spans_of", _nothing),
    "encodings": (redact, "_spellings", lambda secret: {secret}),
    "base64": (redact, "_base64_pieces", lambda raw: set()),
}


@pytest.mark.parametrize("part", PARTS)
def test_the_canary_notices_when_one_part_of_the_masking_is_off(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, off = PARTS[part]
    monkeypatch.setattr(where, name, off)
    if name == "secrets_in":
        monkeypatch.setattr(recording, name, off)
    rng = random.Random(1)  # noqa: S311 - repeatable, nothing to protect
    secrets = Secrets(rng)
    assert next(leaks(secrets, renderings(secrets, rng)), None) is not None


def test_no_log_line_and_no_error_gives_a_secret_away(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever fails on the way, and however much is logged."""
    caplog.set_level(logging.DEBUG)
    secrets = Secrets(random.Random(3))  # noqa: S311 - repeatable, nothing to protect
    said = []
    for vendor, call, body in chain(*(exchanges(secrets, echo, "") for echo in ECHOES)):
        for kind in (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError, None):
            quoting = f"{call.url} {dict(call.headers)} {body.decode()}"

            def answer(
                request: httpx.Request, kind: type[Exception] | None = kind, quoting: str = quoting
            ) -> httpx.Response:
                request.read()
                if kind is not None:
                    raise kind(quoting)
                return httpx.Response(502, text=quoting, headers={"X-Request-Id": quote(quoting)})

            def broken(*_: object, quoting: str = quoting) -> None:
                raise RuntimeError(quoting)

            inner = httpx.MockTransport(answer)
            line = Transport(vendor, clock=StillClock(), policy=RetryPolicy(tries=1), inner=inner)
            with line as transport, pytest.raises(VendorError) as caught:
                transport.for_session(broken).send(call, 30.0)
            said.append(("error", f"{caught.value} {caught.value!r} {caught.value.args} {call!r}"))
    assert "could not be recorded" in caplog.text
    assert next(leaks(secrets, [*said, ("log", caplog.text)]), None) is None


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
    return Tried(Call("GET", "https://v.example/"))
