"""``python -m posedeck.server`` on a real socket."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from posedeck.engine.models import MODEL_DIR_VARIABLE

ROOT = Path(__file__).resolve().parents[3]


def start(folder: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """The server as a user starts it, with its own data folder and without models: it must serve all the same."""
    environment = {
        **os.environ,
        "POSEDECK_DATA_DIR": str(folder),
        MODEL_DIR_VARIABLE: str(folder / "none"),
        **variables,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "posedeck.server", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Exit code and errors of a process that must end by itself."""
    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    return process.returncode, errors


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that serves, and its URL as it printed it."""
    process = start(tmp_path, "--port", "0")
    assert process.stdout is not None
    try:
        url = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert url is not None, process.communicate(timeout=30)
        yield process, url.group()
    finally:
        process.kill()
        process.communicate()


def test_it_serves_on_the_address_it_prints_and_ends_when_asked(running: tuple[subprocess.Popen[str], str]) -> None:
    """Health, the page and a vendor's refusal come over the socket; the log holds no e-mail."""
    process, url = running
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
        health = client.get("/health")
        page = client.get("/")
        put_off = client.post("/api/analysis-skeleton", json={"Email": "who@secret.test"})
        lost = client.get("/api/who@secret.test")

    assert (health.status_code, health.json()["status"]) == (200, "starting")
    assert "demo-user-key" in page.text
    assert (put_off.status_code, put_off.json()["status"]) == (503, 559)
    assert lost.json()["status"] == 400

    process.terminate()
    output, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert "POST /api/analysis-skeleton 503" in errors
    assert "secret.test" not in output + errors


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    """Exit code 2 and one sentence with the port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, errors = outcome(start(tmp_path, "--port", port))

    assert code == 2
    assert f"port {port}" in errors
    assert "--port" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("arguments", "variables", "told"),
    [
        (("--port", "99999"), {}, "99999"),
        (("--host", "256.0.0.1"), {}, "256.0.0.1"),
        ((), {"POSEDECK_PROFILE": "remo-1999"}, "remo-2024, remo-2025"),
        ((), {"POSEDECK_ACCOUNTS": "nowhere.toml"}, "nowhere.toml"),
        ((), {"POSEDECK_DATABASE_URL": "nonsense"}, "POSEDECK_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_told(
    tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str], told: str
) -> None:
    """Exit code 2 and one sentence, no stack trace."""
    code, errors = outcome(start(tmp_path, *arguments, **variables))

    assert code == 2
    assert told in errors
    assert "Traceback" not in errors
