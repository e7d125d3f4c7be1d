"""No secret survives redaction, in whatever spelling it stands."""

import base64
import html
import json
import shlex
from urllib.parse import quote, quote_plus, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from posedeck.net.redact import MASK, redact_data, redact_text

# Awkward on purpose: quotes, backslash, percent, Hangul, what base64 and URLs use. No asterisk, which is the mask's.
ALPHABET = "abcXYZ019+/=-_.@ \"'\\&%$<>#?\n한글키"

secret_values = st.text(ALPHABET, min_size=8, max_size=40)


def renderings(secret: str) -> list[str]:
    """The ways in which a secret gets into logs, copied commands and reports."""
    body = {"UserKey": secret, "note": f"x{secret}y", "nested": [{"msg": secret}]}
    compact = json.dumps(body, ensure_ascii=False)
    ascii_only = json.dumps(body)
    basic = base64.b64encode(f"user:{secret}".encode()).decode()
    return [
        f"key {secret} end",
        compact,
        ascii_only,
        repr(body),
        repr(compact),
        repr(ascii_only.encode()),
        json.dumps({"inner": ascii_only}),
        f"curl -d {shlex.quote(compact)} -H {shlex.quote('X: ' + secret)} https://h/p?{urlencode({'q': secret})}",
        f"https://h/v1.0/appkeys/{quote(secret, safe='')}/pose?a={quote(secret)}&b={quote_plus(secret)}",
        f"<td>{html.escape(secret)}</td>",
        f"Authorization: Basic {basic}",
        base64.b64encode(ascii_only.encode()).decode(),
    ]


def spellings(secret: str) -> list[str]:
    """What must not be found in redacted text; base64 without the characters that depend on the neighbours."""
    raw = secret.encode()
    in_base64 = [
        base64.b64encode(bytes(n) + raw).decode()[first : (n + len(raw)) * 8 // 6]
        for n, first in ((0, 0), (1, 2), (2, 3))
    ]
    return [
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        quote(secret, safe=""),
        quote_plus(secret),
        html.escape(secret),
        *in_base64,
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(secret_values, min_size=1, max_size=3))
def test_no_rendering_leaks(secrets: list[str]) -> None:
    """In at least 2,400 renderings of secrets with quotes, backslashes and Hangul, none is left in any spelling."""
    for secret in secrets:
        for rendered in renderings(secret):
            redacted = redact_text(rendered, secrets)

            assert [form for form in spellings(secret) if form in redacted] == []
            assert MASK in redacted


@settings(max_examples=200, deadline=None)
@given(secret_values)
def test_no_structure_leaks(secret: str) -> None:
    """A secret is masked in any string of nested data, in keys too, and its length is not told."""
    data = {"msg": f"<{secret}>", "list": [secret, {"deep": secret}], secret: 1, "n": 3, "none": None}

    expected = {"msg": f"<{MASK}>", "list": [MASK, {"deep": MASK}], MASK: 1, "n": 3, "none": None}
    assert expected == redact_data(data, [secret])


def test_values_under_secret_keys_are_masked_without_knowing_them() -> None:
    """Keys are recognised in any case, with hyphens or underscores."""
    data = {
        "Email": "a@b.kr",
        "UserKey": "u",
        "APIKey": 5,
        "Authorization": "KakaoAK abc",
        "Set-Cookie": "s=1",
        "secret_key": {"deep": "x"},
        "id": "a@b.kr",
        "uuid": "kept",
        "height": 172,
    }

    expected = dict.fromkeys(data, MASK) | {"uuid": "kept", "height": 172}
    assert expected == redact_data(data)


def test_keys_in_urls_are_masked_without_knowing_them() -> None:
    """NHN's app key and Remo's e-mail address stand in the path, others in the query."""
    text = (
        "POST https://n/v1.0/appkeys/AbC-12/pose?x=1 GET http://r/analysis-soccer-result/a%40b.kr/77 ?api_key=zz&page=2"
    )

    expected = "POST https://n/v1.0/appkeys/***/pose?x=1 GET http://r/analysis-soccer-result/***/77 ?api_key=***&page=2"
    assert expected == redact_text(text)


def test_secrets_are_found_in_any_letter_case() -> None:
    """Servers echo e-mail addresses in lower case and percent-encode in either case."""
    assert redact_text("kim@example.kr and KIM%40example.kr", ["Kim@Example.kr"]) == "*** and ***"


def test_longer_secrets_go_first() -> None:
    """A secret that begins with another one is masked whole."""
    assert redact_text("<secret-two>", ["secret", "secret-two"]) == "<***>"


def test_very_short_values_do_not_spoil_the_text() -> None:
    """A value of one letter is not looked for in running text; under its key it is still masked."""
    assert redact_text("a day at the sea", ["a", ""]) == "a day at the sea"
    assert redact_data({"UserKey": "a"}, ["a"]) == {"UserKey": MASK}
