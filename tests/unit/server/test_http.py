"""Bodies, mounting and the request log."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from posedeck.contracts.own import CREDITS_PATH, DEMO_ACCOUNT
from posedeck.contracts.remo.skeleton import PATH
from posedeck.server.app import create_server
from posedeck.server.remo_requests import PICTURES_LIMIT as BODY_LIMIT
from tests.unit.server.builders import BASE_URL, Served, ready, request_body, sample_engine, settings_in

CHUNK = bytes(1_000_000)


class Upload:
    """A chunked body that counts how much of it was taken."""

    def __init__(self, chunks: int) -> None:
        self._chunks = chunks
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._chunks):
            self.taken += 1
            yield CHUNK


def test_an_announced_oversized_body_is_refused_unread(served: Served) -> None:
    """HTTP 413, Remo's body with status 412, and not one byte taken."""
    upload = Upload(100)
    answer = served("POST", PATH, content=upload, headers={"Content-Length": str(BODY_LIMIT + 1)})

    assert (
        answer.status_code,
        answer.json()["status"],
        answer.json()["status_code"],
        answer.json()["state"],
        answer.json()["credit_change"],
    ) == (413, 412, 412, False, 0)
    assert upload.taken == 0


def test_a_chunked_oversized_body_is_refused_at_the_limit(served: Served) -> None:
    """Without an announced length it is taken up to the limit and no further."""
    upload = Upload(100)
    answer = served("POST", PATH, content=upload)

    assert (answer.status_code, answer.json()["status"]) == (413, 412)
    assert BODY_LIMIT // len(CHUNK) + 1 == upload.taken


def test_a_body_at_the_limit_is_read(served: Served) -> None:
    """40 MB are allowed; what they hold is then judged like any other body."""
    padding = BODY_LIMIT - len('{"pad": ""}')
    assert served("POST", PATH, content=b'{"pad": "' + b"x" * padding + b'"}').status_code == 411


def test_our_own_routes_have_limits_too(served: Served) -> None:
    """Their refusals have our own form."""
    token = {"X-PoseDeck-Token": "wrong"}
    assert served("POST", CREDITS_PATH, content=bytes(20_000), headers=token).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nope", 404), ("GET", "/health/", 404), ("DELETE", "/health", 405), ("POST", "/", 405)],
)
def test_paths_of_nobody(served: Served, method: str, path: str, status: int) -> None:
    """Outside the vendor's prefix the refusal has our own form; nothing is redirected."""
    answer = served(method, path)

    assert status == answer.status_code
    assert list(answer.json()) == ["error"]


def test_it_works_mounted(tmp_path: Path) -> None:
    """Under a prefix of another app everything answers the same, refusals and limits included."""
    server = create_server(settings_in(tmp_path), ready(sample_engine()))
    host = Starlette(routes=[Mount("/engine", app=server.app)], lifespan=lambda _: server.lifespan())

    async def visit() -> list[httpx.Response]:
        transport = httpx.ASGITransport(host)
        async with server.lifespan(), httpx.AsyncClient(transport=transport, base_url=BASE_URL + "/engine") as client:
            while (await client.get("/health")).json()["status"] != "ok":
                await asyncio.sleep(0.01)
            too_long = {"Content-Length": str(BODY_LIMIT + 1)}
            return [
                await client.post(PATH, json=request_body()),
                await client.post(PATH, content=Upload(1), headers=too_long),
                await client.get("/api/nothing"),
                await client.get("/nothing"),
                await client.get("/"),
            ]

    analysed, too_large, no_vendor_path, no_path, home = asyncio.run(visit())

    assert (analysed.status_code, analysed.json()["credit"]) == (200, 99)
    assert (too_large.status_code, too_large.json()["status"]) == (413, 412)
    assert (no_vendor_path.status_code, no_vendor_path.json()["status"]) == (400, 400)
    assert (no_path.status_code, list(no_path.json())) == (404, ["error"])
    assert 'href="openapi.json"' in home.text


def test_no_other_origin_may_read_answers(served: Served) -> None:
    """No CORS header is ever sent, and no answer may be cached or taken for something else."""
    answer = served(
        "OPTIONS", PATH, headers={"Origin": "https://elsewhere.test", "Access-Control-Request-Method": "POST"}
    )

    assert [name for name in answer.headers if name.startswith("access-control")] == []
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_each_request_is_one_line_without_what_was_sent(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """Method, route template, status, time, size; never the path itself, a query, a header or the body."""
    with caplog.at_level(logging.INFO, logger="posedeck.server.requests"):
        served.analyse(request_body(Email="who@secret.test"))
        served("GET", "/api/analysis-soccer-result/who@secret.test/uuid?k=canary", headers={"Authorization": "canary"})

    mine = [record.getMessage() for record in caplog.records if record.name == "posedeck.server.requests"]
    assert len(mine) == 2
    assert mine[0].startswith(f"POST {PATH} 420 ")
    assert mine[1].startswith("GET (no route) 400 ")
    for secret in ("secret.test", "canary", *DEMO_ACCOUNT):
        assert secret not in caplog.text
