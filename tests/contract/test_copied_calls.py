"""Copied calls are run: curl, Python and "send again" get from our server what the client got."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.clients.kakao import KakaoClient
from posedeck.clients.nhn import NhnClient
from posedeck.clients.own import OwnClient
from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.net.redact import MASK
from posedeck.net.transport import Transport
from posedeck.server.app import create_server
from posedeck.services.exchanges.curl import as_curl
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.exchanges.python_code import as_httpx
from posedeck.services.exchanges.resend import VariableMissingError, rebuild
from posedeck.services.exchanges.snippet import Snippet
from posedeck.services.sources import Source
from posedeck.storage.token import read_token
from tests.support.loopback import on_loopback
from tests.unit.server.builders import TruthEngine, person_in, photo, ready, settings_in

FRONT, SIDE = photo("front_apose"), photo("side_apose")
#: An account whose keys need every kind of quoting.
EMAIL, USER_KEY, API_KEY = 'o\'brien+"q"@clinic.example', "us\"er\\k$e`y'-1", "a%p%i s 키"
KAKAO_KEY, APP_KEY, SECRET_KEY = 'ka"k$ao`\\key', 'app"key%1', "$ecret'key"
ACCOUNTS = {
    "account": [{"email": EMAIL, "user_key": USER_KEY, "api_key": API_KEY, "credit": 1000}],
    "kakao": [{"rest_api_key": KAKAO_KEY}],
    "nhn": [{"app_key": APP_KEY, "secret_key": SECRET_KEY}],
}
SECRETS = {
    "POSEDECK_REMO_EMAIL": EMAIL,
    "POSEDECK_REMO_USER_KEY": USER_KEY,
    "POSEDECK_REMO_API_KEY": API_KEY,
    "POSEDECK_KAKAO_REST_API_KEY": KAKAO_KEY,
    "POSEDECK_NHN_APP_KEY": APP_KEY,
    "POSEDECK_NHN_SECRET_KEY": SECRET_KEY,
}
CALLS = [f"{vendor}-{who}" for vendor in ("remo", "kakao", "nhn") for who in ("demo", "account")] + ["own"]


@dataclass(frozen=True)
class Site:
    """A running server, and what was recorded of one call to it."""

    base_url: str
    transport: Transport
    token: str
    made: dict[str, tuple[ExchangeLog, Any]] = field(default_factory=dict)

    def call(self, name: str, transport: Transport) -> Any:
        """The client's answer as JSON."""
        vendor, _, who = name.partition("-")
        demo = who == "demo"
        if vendor == "remo":
            credentials = RemoCredentials(*(DEMO_ACCOUNT if demo else (EMAIL, USER_KEY, API_KEY)))
            return RemoClient(transport, self.base_url).analyse_skeleton(credentials, FRONT, SIDE).body
        if vendor == "kakao":
            key = DEMO_KAKAO_KEY if demo else KAKAO_KEY
            return KakaoClient(transport, self.base_url).pose(key, FRONT).body
        if vendor == "nhn":
            keys = DEMO_NHN_KEYS if demo else (APP_KEY, SECRET_KEY)
            return NhnClient(transport, self.base_url).pose(*keys, FRONT).body
        return msgspec.to_builtins(OwnClient(transport, self.base_url, self.token).preview(FRONT, "front"))

    def recorded(self, name: str) -> tuple[ExchangeLog, Any]:
        """A log that saw the call, and the answer; each call is made once."""
        if name not in self.made:
            self.made[name] = self._record(name)
        return self.made[name]

    def _record(self, name: str) -> tuple[ExchangeLog, Any]:
        log = ExchangeLog(lambda record: Source.LOCAL)
        vendor = name.partition("-")[0]
        with Transport("posedeck" if vendor == "own" else vendor) as transport:
            return log, self.call(name, transport.for_session(log.observe))

    def secrets(self) -> dict[str, str]:
        """What is to be filled in."""
        return {**SECRETS, "POSEDECK_TOKEN": self.token}


def accounts_toml() -> Iterator[str]:
    """The lines of the accounts file; a JSON string is one of TOML too."""
    for kind, (entry,) in ACCOUNTS.items():
        yield f"[[{kind}]]"
        yield from (f"{name} = {json.dumps(value)}" for name, value in entry.items())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a demo account and an awkward one."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "accounts.toml").write_text("\n".join(accounts_toml()), "utf-8")
    engine = TruthEngine({FRONT: person_in("front_apose"), SIDE: person_in("side_apose")})
    server = create_server(settings_in(folder, accounts_file=folder / "accounts.toml"), ready(engine))
    with on_loopback(server.app) as base_url, Transport("posedeck") as transport:
        while OwnClient(transport, base_url).health().status != "ok":
            time.sleep(0.01)
        yield Site(base_url, transport, read_token(folder) or "")


def comparable(body: Any) -> Any:
    """The answer but for the balance, which every call changes."""
    return {key: value for key, value in body.items() if key != "credit"} if isinstance(body, dict) else body


def run(snippet: Snippet, command: list[str], folder: Path, secrets: dict[str, str]) -> Any:
    """What the code prints, as JSON, with the secrets that it asks for in the environment and no others."""
    assert snippet.missing == ()
    (folder / snippet.name).write_text(snippet.code, "utf-8")
    for name, data in snippet.files.items():
        (folder / name).write_bytes(data)
    environment = {"PATH": os.environ["PATH"], **{name: secrets[name] for name in snippet.variables}}
    done = subprocess.run([*command, snippet.name], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", CALLS)
def test_copied_as_curl_it_works(site: Site, name: str, tmp_path: Path) -> None:
    """In the plainest shell there is."""
    assert shutil.which("curl")
    log, answer = site.recorded(name)
    snippet = as_curl(log.records()[0], log.files())
    assert comparable(run(snippet, ["sh"], tmp_path, site.secrets())) == comparable(answer)


@pytest.mark.parametrize("name", CALLS)
def test_copied_as_python_it_works(site: Site, name: str, tmp_path: Path) -> None:
    log, answer = site.recorded(name)
    snippet = as_httpx(log.records()[0], log.files())
    assert comparable(run(snippet, [sys.executable], tmp_path, site.secrets())) == comparable(answer)


@pytest.mark.parametrize("name", CALLS)
def test_sent_again_it_works(site: Site, name: str) -> None:
    log, answer = site.recorded(name)
    record = log.records()[0]
    call = rebuild(record, log.files(), site.secrets())
    assert call.costs == name.startswith("remo")
    assert comparable(json.loads(site.transport.send(call, 30.0).body)) == comparable(answer)


@pytest.mark.parametrize("name", [name for name in CALLS if not name.endswith("demo")])
def test_without_its_secrets_nothing_is_sent(site: Site, name: str, tmp_path: Path) -> None:
    """The shell names the variable, Python does, and so do we."""
    log, _ = site.recorded(name)
    record, files = log.records()[0], log.files()
    curl, python = as_curl(record, files), as_httpx(record, files)
    assert curl.variables
    assert set(curl.variables) == set(python.variables)
    for snippet, command in ((curl, "sh"), (python, sys.executable)):
        (tmp_path / snippet.name).write_text(snippet.code, "utf-8")
        for file, data in snippet.files.items():
            (tmp_path / file).write_bytes(data)
        environment = {"PATH": os.environ["PATH"]}
        done = subprocess.run([command, snippet.name], cwd=tmp_path, env=environment, capture_output=True, check=False)
        assert done.returncode != 0
        assert done.stdout == b""
        assert any(variable.encode() in done.stderr for variable in snippet.variables)
    with pytest.raises(VariableMissingError):
        rebuild(record, files, {})


@pytest.mark.parametrize("name", [name for name in CALLS if name.endswith("demo")])
def test_the_demo_accounts_call_needs_nothing_filled_in(site: Site, name: str) -> None:
    log, _ = site.recorded(name)
    record = log.records()[0]
    assert as_curl(record, log.files()).variables == as_httpx(record, log.files()).variables == ()
    assert MASK not in as_curl(record, log.files()).code


@pytest.mark.parametrize("name", ["remo-account", "kakao-demo"])
def test_a_forgotten_file_is_named(site: Site, name: str) -> None:
    log, _ = site.recorded(name)
    for snippet in (as_curl(log.records()[0], {}), as_httpx(log.records()[0], {})):
        (missing,) = snippet.missing
        assert missing in snippet.code
        assert missing not in snippet.files
