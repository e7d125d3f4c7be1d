"""Copied calls are run: curl, Python and "send again" get from our server what the client got."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from posedeck.clients.kakao import KakaoClient
from posedeck.clients.kakao_job import KakaoJobClient
from posedeck.clients.nhn import NhnClient
from posedeck.clients.own import OwnClient
from posedeck.clients.own_jobs import JobsClient
from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.clients.remo_soccer import SoccerClient
from posedeck.contracts.folding import fold_base64
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.contracts.own_jobs import JobRequest
from posedeck.contracts.tickets import new_upload_ticket, sign_upload
from posedeck.net.errors import AnswerRefused
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
from tests.support.people import SAMPLES
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
CLIP = SAMPLES / "soccer_kick.mp4"
UUID = "2b0d3f0e-0000-4000-8000-00000000c0de"


def _remo(who: str) -> RemoCredentials:
    return RemoCredentials(*(DEMO_ACCOUNT if who == "demo" else (EMAIL, USER_KEY, API_KEY)))


def _kakao(who: str) -> str:
    return DEMO_KAKAO_KEY if who == "demo" else KAKAO_KEY


#: What is called, by a name that begins with the vendor's: with a transport, the server's address, its token and whose
#: account it is ("demo" or "account").
KINDS: dict[str, Callable[[Transport, str, str, str], object]] = {
    "remo-posture": lambda line, url, _, who: RemoClient(line, url).analyse_skeleton(_remo(who), FRONT, SIDE),
    "remo-kick": lambda line, url, _, who: SoccerClient(line, url).submit(_remo(who), CLIP, 174.5, f"{UUID}-{who}"),
    "remo-read": lambda line, url, _, who: SoccerClient(line, url).result(_remo(who).email, f"{UUID}-{who}"),
    "kakao-picture": lambda line, url, _, who: KakaoClient(line, url).pose(_kakao(who), FRONT),
    "kakao-clip": lambda line, url, _, who: KakaoJobClient(line, url).submit(
        _kakao(who), CLIP, callback_url="https://x.example/?a=1&b='2'"
    ),
    "kakao-job": lambda line, url, _, who: KakaoJobClient(line, url).read(_kakao(who), "no-such-job"),
    "nhn-picture": lambda line, url, _, who: NhnClient(line, url).pose(
        *(DEMO_NHN_KEYS if who == "demo" else (APP_KEY, SECRET_KEY)), FRONT
    ),
    "own-preview": lambda line, url, token, _: OwnClient(line, url, token).preview(FRONT, "front"),
    "own-upload": lambda line, url, token, _: JobsClient(line, url, token).upload(b"\x00\xffpictures"),
    "own-batch": lambda line, url, token, _: JobsClient(line, url, token).submit(
        JobRequest("keypoint-batch", {"side": "kakao"}, None, UUID)
    ),
    "own-list": lambda line, url, token, _: JobsClient(line, url, token).jobs(kind="keypoint-batch"),
}
CALLS = [f"{kind}-{who}" for kind in KINDS for who in ("demo", "account") if who != "demo" or kind[:3] != "own"]
#: What each call has anew.
VOLATILE = {
    "credit",
    "credit_change",
    "x_balance",
    "wait_time",
    "ready_in_s",
    "x_job",
    "job_id",
    "upload",
    "files",
    "file_exist",
}


@dataclass(frozen=True)
class Site:
    """A running server without a worker, and what was recorded of one call to it of each kind."""

    base_url: str
    transport: Transport
    token: str
    made: dict[str, ExchangeLog] = field(default_factory=dict)

    def recorded(self, name: str) -> tuple[ExchangeLog, Any]:
        """A log that saw the call, and the answer as recorded; each call is made once."""
        if name not in self.made:
            self.made[name] = self._record(name)
        (record,) = self.made[name].records()
        assert record.response is not None
        return self.made[name], record.response.value

    def _record(self, name: str) -> ExchangeLog:
        log = ExchangeLog(lambda record: Source.LOCAL)
        kind, _, who = name.rpartition("-")
        vendor = kind.partition("-")[0].replace("own", "posedeck")
        with Transport(vendor) as transport, suppress(AnswerRefused):
            KINDS[kind](transport.for_session(log.observe), self.base_url, self.token, who)
        return log

    def secrets(self) -> dict[str, str]:
        """What is to be filled in; a ticket is good for one upload."""
        ticket = sign_upload(new_upload_ticket("", time.time()), self.token)
        return {**SECRETS, "POSEDECK_TOKEN": self.token, "POSEDECK_TICKET": ticket}


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
    settings = settings_in(folder, accounts_file=folder / "accounts.toml", worker=False)
    server = create_server(settings, ready(engine))
    with on_loopback(server.app) as base_url, Transport("posedeck") as transport:
        while OwnClient(transport, base_url).health().status != "ok":
            time.sleep(0.01)
        yield Site(base_url, transport, read_token(folder) or "")


def comparable(body: Any) -> Any:
    """The answer but for what each call has anew, its pictures folded."""
    if isinstance(body, list):
        return [comparable(item) for item in body]
    if not isinstance(body, dict):
        return body
    return {name: comparable(value) for name, value in fold_base64(body).items() if name not in VOLATILE}


def put_beside(snippet: Snippet, folder: Path) -> None:
    """The files that the ZIP has beside the code."""
    for name, read in snippet.files.items():
        (folder / name).write_bytes(read())


def run(snippet: Snippet, command: list[str], folder: Path, secrets: dict[str, str]) -> Any:
    """What the code prints, as JSON, with the secrets that it asks for in the environment and no others."""
    assert snippet.missing == ()
    (folder / snippet.name).write_text(snippet.code, "utf-8")
    put_beside(snippet, folder)
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
    assert call.costs == record.costs
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
        put_beside(snippet, tmp_path)
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


@pytest.mark.parametrize(
    "name", ["remo-posture-account", "remo-kick-account", "kakao-picture-demo", "kakao-clip-account"]
)
def test_a_forgotten_file_is_named(site: Site, name: str) -> None:
    log, _ = site.recorded(name)
    for snippet in (as_curl(log.records()[0], {}), as_httpx(log.records()[0], {})):
        (missing,) = snippet.missing
        assert missing in snippet.code
        assert missing not in snippet.files
