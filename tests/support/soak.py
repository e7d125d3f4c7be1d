"""Kills processes at random while jobs are submitted and run, and counts what came of the jobs.

The server, its worker and the worker's slots run as they do in earnest, as processes of their own. Each is killed by
SIGKILL, which nothing can prepare for. Linux only: it finds the processes in ``/proc``.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, column, func, select, table, text

from posedeck.contracts.own import TOKEN_HEADER
from posedeck.contracts.own_jobs import JOBS_PATH
from posedeck.engine.worker_process import PACKAGE_ROOT
from posedeck.jobs.durable import migrate_queue
from posedeck.jobs.job import LIVE_STATES, JobState
from posedeck.jobs.store import MAX_ATTEMPTS
from posedeck.server.listening import listen
from posedeck.storage.blobs import open_blobs
from posedeck.storage.database import database_url, migrate, open_database, reading
from posedeck.storage.paths import DATA_DIR_VARIABLE
from posedeck.storage.tables import jobs
from posedeck.storage.token import ensure_token

CHUNKS = 3
SLOTS = 2
_ENDS = table("soak_ends", column("job"))
#: What is killed, and how often of each other: a server takes longest to be back.
_TARGETS = {"server": 1, "worker": 2, "slot": 3}


@dataclass
class Verdict:
    """What came of it.

    Attributes:
        acknowledged: Jobs whose acceptance the client was told.
        kills: By target.
        lost: How each acknowledged job ended that did not end in success with the right result.
        doubled: Jobs that ended more than once, or have two rows.
        needed, run: Chunks that had to be run, and that were.
        seconds: From the first submission to the last end.
    """

    acknowledged: int
    kills: Counter[str]
    lost: list[str]
    doubled: list[str]
    needed: int
    run: int
    seconds: float


@dataclass
class Soak:
    """One run.

    Args:
        folder: An empty folder, the installation's data folder.
        jobs: How many are to be accepted.
        kills: How many processes are killed meanwhile.
        seed: Of what is killed when.
        sleep_s: Seconds that a chunk takes.
        limit_s: Seconds after which what has not ended counts as lost.
    """

    folder: Path
    jobs: int
    kills: int
    seed: int
    sleep_s: float = 0.1
    limit_s: float = 600.0
    _names: list[str] = field(default_factory=list)

    def run(self) -> Verdict:
        """Do it."""
        url = database_url(self.folder)
        engine = open_database(url)
        try:
            migrate(engine, self.folder)
            migrate_queue(url, self.folder)
            _count_ends(engine)
            return self._run(engine, ensure_token(self.folder))
        finally:
            engine.dispose()

    def _run(self, engine: Engine, token: str) -> Verdict:
        started = time.monotonic()
        with _server(self.folder) as server:
            client = threading.Thread(target=self._submit, args=(server, token), name="client")
            client.start()
            kills = self._kill(server, engine)
            client.join()
            while _live(engine) and time.monotonic() - started < self.limit_s:
                time.sleep(0.1)
        return self._verdict(engine, kills, time.monotonic() - started)

    def _submit(self, server: "_Server", token: str) -> None:
        headers = {TOKEN_HEADER: token}
        params = {"chunks": CHUNKS, "sleep_s": self.sleep_s, "marks": str(self.folder / "marks")}
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False, timeout=30.0) as client:
            for _ in range(self.jobs):
                name = str(uuid.uuid4())
                body = {"kind": "test", "params": params, "uuid": name}
                # Again by the same name until it is acknowledged: the answer may have been lost, not the request.
                while not _acknowledged(client, body):
                    time.sleep(0.1)
                self._names.append(name)

    def _kill(self, server: "_Server", engine: Engine) -> Counter[str]:
        choice = random.Random(self.seed)  # noqa: S311 - no secret
        killed: Counter[str] = Counter()
        marks = self.folder / "marks"
        while sum(killed.values()) < self.kills:
            before = _lines(marks)
            # Only after something has got on, and not while a job has been met in its present step three times: four
            # are taken for its own doing, which here would be chance.
            while self._going(engine) and (_lines(marks) < before + 2 or _most_attempts(engine) >= MAX_ATTEMPTS - 1):
                time.sleep(0.02)
            time.sleep(choice.uniform(0.0, 0.4))
            (target,) = choice.choices(list(_TARGETS), list(_TARGETS.values()))
            with suppress(ProcessLookupError, IndexError):
                os.kill(choice.choice(server.pids(target)), signal.SIGKILL)
                killed[target] += 1
            if not self._going(engine):
                break
        return killed

    def _going(self, engine: Engine) -> bool:
        return len(self._names) < self.jobs or _live(engine)

    def _verdict(self, engine: Engine, kills: Counter[str], seconds: float) -> Verdict:
        blobs = open_blobs(self.folder)
        with reading(engine) as connection:
            rows = connection.execute(select(jobs)).all()
            ends = Counter(connection.execute(select(_ENDS.c.job)).scalars())
        by_name = {row.client_uuid: row for row in rows}
        expected = str(list(range(1, CHUNKS + 1))).replace(" ", "").encode()
        right = {
            row.client_uuid
            for row in rows
            if row.state == JobState.SUCCESS and row.result_blob and blobs.get(row.result_blob) == expected
        }
        chunks = [line for line in (self.folder / "marks").read_text().splitlines() if line.startswith("chunk")]
        return Verdict(
            acknowledged=len(self._names),
            kills=kills,
            lost=[_ending(by_name.get(name)) for name in self._names if name not in right],
            doubled=[job for job, count in ends.items() if count > 1] + ["rows"] * (len(rows) - len(by_name)),
            needed=CHUNKS * len(rows),
            run=len(chunks),
            seconds=seconds,
        )


class _Server:
    """A server that is started again when it dies."""

    def __init__(self, folder: Path) -> None:
        listener = listen("127.0.0.1", 0)
        self._port = listener.getsockname()[1]
        listener.close()
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = {**os.environ, DATA_DIR_VARIABLE: str(folder)}
        self._ending = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep_running, name="keeper")
        self._keeper.start()

    def pids(self, target: str) -> list[int]:
        """Process ids of the server, of its worker, or of that one's slots."""
        found = [self._process.pid]
        for module in {"server": [], "worker": ["job_worker"], "slot": ["job_worker", "slot_process"]}[target]:
            found = [child for parent in found for child in _children(parent, module)]
        return found

    def end(self) -> None:
        """Kill it; its worker and slots end by themselves."""
        self._ending.set()
        self._process.kill()
        self._keeper.join()

    def _keep_running(self) -> None:
        while True:
            self._process.wait()
            if self._ending.is_set():
                return
            self._process = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.support.job_server", str(self._port), str(SLOTS)]
        return subprocess.Popen(command, cwd=PACKAGE_ROOT, env=self._environment)


@contextmanager
def _server(folder: Path) -> Iterator[_Server]:
    server = _Server(folder)
    try:
        yield server
    finally:
        server.end()


def _acknowledged(client: httpx.Client, body: object) -> bool:
    try:
        return client.post(JOBS_PATH, json=body).status_code == 200
    except httpx.TransportError:
        return False


def _live(engine: Engine) -> bool:
    with reading(engine) as connection:
        return connection.execute(select(jobs.c.id).where(jobs.c.state.in_(LIVE_STATES)).limit(1)).first() is not None


def _most_attempts(engine: Engine) -> int:
    with reading(engine) as connection:
        query = select(func.max(jobs.c.attempts)).where(jobs.c.state == JobState.PROCESSING)
        return connection.execute(query).scalar_one() or 0


def _ending(row: Any) -> str:
    return "no row" if row is None else f"{row.state} {row.error_code} {row.error_text}"


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _children(parent: int, module: str) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name in brackets may hold anything; what follows it are state and parent.
            state, owner = status.read_text().rpartition(")")[2].split()[:2]
            if int(owner) == parent and state != "Z" and module in (status.parent / "cmdline").read_text():
                found.append(int(status.parent.name))
    return found


def _count_ends(engine: Engine) -> None:
    """Have the database itself note each change of a job to success."""
    body = "INSERT INTO soak_ends (job) VALUES (NEW.id);"
    when = "AFTER UPDATE OF state ON jobs FOR EACH ROW WHEN (NEW.state = 'success')"
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE soak_ends (job VARCHAR(36))"))
        if engine.dialect.name == "sqlite":
            connection.execute(text(f"CREATE TRIGGER soak_end {when} BEGIN {body} END"))
            return
        function = f"CREATE FUNCTION soak_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$"
        connection.execute(text(function))
        connection.execute(text(f"CREATE TRIGGER soak_end {when} EXECUTE FUNCTION soak_end()"))
