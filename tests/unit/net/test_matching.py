"""When two requests ask the same."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from posedeck.net.exchange import Call
from posedeck.net.matching import request_key
from posedeck.net.multipart import encode_upload
from posedeck.net.recording import Tried, record_try

PICTURE, OTHER = (base64.b64encode(bytes([seed] * 600)).decode() for seed in (1, 2))


def key(call: Call) -> str:
    return request_key(record_try("any", Tried(call))[0])


def remo(host: str = "https://a.example", **fields: Any) -> Call:
    body = {"Email": "a@b.example", "APIKey": "key-one", "uuid": "1", "forigimg": PICTURE} | fields
    return Call("POST", f"{host}/api/analysis-skeleton", {"X-Key": "1"}, json.dumps(body).encode())


def kakao(key: str, filename: str, data: bytes) -> Call:
    content_type, content = encode_upload("file", filename, "image/jpeg", data)
    return Call("POST", "https://k.example/pose", {"Authorization": key, "Content-Type": content_type}, content)


def nhn(app_key: str) -> Call:
    return Call("POST", f"https://n.example/v1.0/appkeys/{app_key}/pose", {}, b"{}")


def kakao_url(url: str, **fields: str) -> Call:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Call("POST", "https://k.example/pose", headers, urlencode({"image_url": url} | fields).encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (remo(), remo("http://127.0.0.1:1/engine", Email="x@y.example", APIKey="key-two")),
        (remo(), remo(uuid="2")),
        (remo(), remo(x_ratio=0.8)),
        (kakao("first key", "a.jpg", b"\xff\xd8" * 400), kakao("second key", "b.jpg", b"\xff\xd8" * 400)),
        (nhn("first-key"), nhn("second-key")),
        (kakao_url("https://p.example/1.jpg"), kakao_url("https://p.example/1.jpg", token="t")),
    ],
)
def test_the_same_question(one: Call, other: Call) -> None:
    """Whoever asks, wherever, by whatever chance names."""
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (remo(), remo(forigimg=OTHER)),
        (remo(forigimg=None), remo(forigimg=None, uuid="2")),
        (kakao("key", "a.jpg", b"\xff\xd8" * 400), kakao("key", "a.jpg", b"\xff\xd9" * 400)),
        (kakao_url("https://p.example/1.jpg"), kakao_url("https://p.example/2.jpg")),
        (nhn("key"), Call("POST", "https://n.example/pose", {}, b"{}")),
        (nhn("key"), Call("GET", "https://n.example/v1.0/appkeys/key/pose", {}, b"{}")),
    ],
)
def test_another_question(one: Call, other: Call) -> None:
    """Other pictures, other fields, another path or method; a job is asked for by its uuid."""
    assert key(one) != key(other)
