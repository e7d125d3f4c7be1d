"""The name under which a worker takes jobs: the same after a restart, and held by one process at a time.

A worker that starts takes up again whatever was running under its name. So the name must not change between runs, or
its jobs would wait to be taken over; and no two processes may have it, or both would run the same jobs.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

_FOLDER = "executors"
_MACHINE_FILE = "machine"
#: More workers than that on one data folder are a mistake.
_MOST = 64


@dataclass(frozen=True)
class Executor:
    """A name and the lock that holds it; the operating system gives the lock back when the process ends, however."""

    id: str
    lock: FileLock


def take_executor(data_dir: Path) -> Executor:
    """The first free name of this data folder.

    Raises:
        RuntimeError: when there are too many workers.
    """
    folder = data_dir / _FOLDER
    folder.mkdir(exist_ok=True)
    machine = _machine(folder)
    for number in range(_MOST):
        lock = FileLock(folder / f"{number}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        return Executor(f"{machine}-{number}", lock)
    raise RuntimeError(f"{_MOST} workers run on this data folder already")


def _machine(folder: Path) -> str:
    # Random rather than the host's name: containers and clones share names, and names change.
    path = folder / _MACHINE_FILE
    with FileLock(folder / f"{_MACHINE_FILE}.lock"):
        if not path.exists():
            path.write_text(secrets.token_hex(8), "ascii")
        return path.read_text("ascii").strip()
