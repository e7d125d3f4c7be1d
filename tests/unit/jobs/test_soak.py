"""Processes are killed at random while jobs run: none is lost, none ends twice.

The long one, and PostgreSQL: ``python -m benchmarks.soak --help``.
"""

import sys
from pathlib import Path

import pytest

from posedeck.storage.paths import DATA_DIR_VARIABLE
from tests.support.soak import Soak

JOBS, KILLS = 60, 11


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_nothing_is_lost_and_nothing_ends_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Server, worker and slots are killed eleven times over sixty accepted jobs."""
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path))
    verdict = Soak(tmp_path, JOBS, KILLS, seed=7, sleep_s=0.02).run()

    assert (verdict.acknowledged, verdict.lost, verdict.doubled) == (JOBS, [], [])
    assert sum(verdict.kills.values()) >= 10
    assert set(verdict.kills) == {"server", "worker", "slot"}
    # Each kill costs the chunks under way in the slots, no more.
    assert verdict.run <= verdict.needed + 2 * KILLS
