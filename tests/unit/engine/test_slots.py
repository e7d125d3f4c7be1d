"""Inference slots: results and errors come through, the dead are replaced, nothing outlives its parent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posedeck.engine.images import ImageError
from posedeck.engine.people import PoseEngine
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.body import ReshapeError, ReshapeFault
from posedeck.engine.slots import SlotCrashed, SlotPool, SlotTimeout
from posedeck.engine.worker_process import PACKAGE_ROOT
from tests.unit.engine.conftest import picture_of

WAIT_S = 60.0
# Many passes: a call that is certainly still under way when the test acts.
LONG = 200


@pytest.fixture
def pool(model_dir: Path) -> Iterator[SlotPool]:
    pool = SlotPool(model_dir, slots=1)
    pool.warm_up()
    yield pool
    pool.close()


def worker_pid(pool: SlotPool) -> int:
    worker = pool._slots[0]._worker
    assert worker is not None
    return worker.pid


def running(pool: SlotPool, passes: int = LONG) -> "Future[Any]":
    """A long call that a worker has begun."""
    future = pool.submit_estimate(picture_of("front_apose"), passes)
    while not future.running():
        pass
    return future


def test_a_slot_answers_like_the_engine(pool: SlotPool, engine: PoseEngine) -> None:
    """The same picture gives the same pose in a slot and in this process."""
    expected = engine.estimate(picture_of("front_apose"), passes=2)
    person = pool.submit_estimate(picture_of("front_apose"), 2).result(WAIT_S)
    assert expected is not None
    assert person is not None
    assert np.allclose(person.pose.xy_px, expected.pose.xy_px, atol=1e-3)
    assert person.pose.skeleton == expected.pose.skeleton
    assert person.head_source == expected.head_source


def test_a_slot_finds_everybody(pool: SlotPool) -> None:
    """Many people come through as a list, best first."""
    assert len(pool.submit_find_people(picture_of("group3"), 10, 1).result(WAIT_S)) == 3


def test_a_bad_picture_is_an_error_with_its_reason(pool: SlotPool) -> None:
    """ImageError crosses the process border, and the worker lives on."""
    before = worker_pid(pool)
    with pytest.raises(ImageError) as caught:
        pool.submit_estimate(b"not a picture", 1).result(WAIT_S)
    assert caught.value.reason == "undecodable"
    assert pool.submit_estimate(picture_of("front_apose"), 1).result(WAIT_S) is not None
    assert worker_pid(pool) == before


def test_a_wrong_argument_is_an_error_of_the_call(pool: SlotPool) -> None:
    """ValueError crosses the process border too."""
    with pytest.raises(ValueError, match="passes"):
        pool.submit_estimate(picture_of("front_apose"), 3).result(WAIT_S)


def test_a_killed_worker_costs_one_call(pool: SlotPool) -> None:
    """A worker that is killed in a call fails that call; the next is answered by a new worker."""
    call = running(pool)
    killed = worker_pid(pool)
    os.kill(killed, signal.SIGKILL)
    following = pool.submit_estimate(picture_of("front_apose"), 1)
    with pytest.raises(SlotCrashed):
        call.result(WAIT_S)
    assert following.result(WAIT_S) is not None
    assert worker_pid(pool) != killed


def test_a_worker_killed_while_idle_costs_nothing(pool: SlotPool) -> None:
    """A worker that dies between calls is replaced before the next one."""
    worker = pool._slots[0]._worker
    assert worker is not None
    worker._process.kill()
    worker._process.wait()
    assert pool.submit_estimate(picture_of("front_apose"), 1).result(WAIT_S) is not None


def test_a_call_over_its_time_is_ended(model_dir: Path) -> None:
    """A call that takes longer than the limit fails with SlotTimeout, and a new worker takes the slot."""
    pool = SlotPool(model_dir, slots=1, timeout_s=2.0)
    try:
        pool.warm_up()
        before = worker_pid(pool)
        with pytest.raises(SlotTimeout):
            pool.submit_estimate(picture_of("front_apose"), 20_000).result(WAIT_S)
        assert pool.submit_estimate(picture_of("front_apose"), 1).result(WAIT_S) is not None
        assert worker_pid(pool) != before
    finally:
        pool.close()


def test_a_reshape_has_a_limit_of_its_own(model_dir: Path) -> None:
    """It is neither ended by the pool's limit nor free of any."""
    pool = SlotPool(model_dir, slots=1, timeout_s=0.05)
    try:
        pool.warm_up()
        reshaped = pool.submit_reshape(picture_of("front_apose"), Gender.FEMALE, 0.85).result(WAIT_S)
        assert reshaped.ratio == 0.85
        with pytest.raises(SlotTimeout):
            pool.submit_reshape(picture_of("front_apose"), Gender.FEMALE, 0.85, limit_s=0.05).result(WAIT_S)
    finally:
        pool.close()


def test_what_cannot_be_reshaped_comes_back_as_its_fault(pool: SlotPool) -> None:
    """The error keeps its code on the way out of the worker."""
    blank = np.full((300, 200, 3), 128, np.uint8)
    with pytest.raises(ReshapeError) as caught:
        pool.submit_reshape(cv2.imencode(".png", blank)[1].tobytes(), Gender.MALE, 0.85).result(WAIT_S)
    assert caught.value.fault is ReshapeFault.NO_PERSON


def test_waiting_calls_are_counted_and_cancelled_on_close(model_dir: Path) -> None:
    """With one slot busy the others wait; closing cancels them, fails the one under way and refuses new ones."""
    pool = SlotPool(model_dir, slots=1)
    call = running(pool)
    waiting = [pool.submit_estimate(picture_of("front_apose"), 1) for _ in range(3)]
    assert pool.queued == 3
    pid = worker_pid(pool)
    pool.close()
    with pytest.raises(SlotCrashed):
        call.result(WAIT_S)
    for future in waiting:
        with pytest.raises(CancelledError):
            future.result(WAIT_S)
    with pytest.raises(RuntimeError, match="closed"):
        pool.submit_estimate(picture_of("front_apose"), 1)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_workers_that_cannot_start_are_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Without models warm_up and every call fail clearly; nothing hangs."""
    pool = SlotPool(tmp_path, slots=1)
    try:
        with pytest.raises(SlotCrashed):
            pool.warm_up()
        with pytest.raises(SlotCrashed):
            pool.submit_estimate(picture_of("front_apose"), 1).result(WAIT_S)
    finally:
        pool.close()
    assert "pose_detection.tflite" in capfd.readouterr().err


ORPHAN_MAKER = """
import os, signal, sys
from pathlib import Path
from posedeck.engine.slots import SlotPool

pool = SlotPool(Path(sys.argv[1]), slots=1)
pool.warm_up()
future = pool.submit_estimate(Path(sys.argv[2]).read_bytes(), 20_000)
while not future.running():
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_die_with_their_parent(model_dir: Path, tmp_path: Path) -> None:
    """A parent that is killed in the middle of a long call leaves no worker behind."""
    picture = tmp_path / "person.jpg"
    picture.write_bytes(picture_of("front_apose"))
    # The worker inherits the parent's stderr, whose end is reached only when the worker is gone too: with a worker that
    # lives on this runs into the timeout, as its call takes minutes.
    parent = subprocess.run(
        [sys.executable, "-c", ORPHAN_MAKER, str(model_dir), str(picture)],
        capture_output=True,
        cwd=PACKAGE_ROOT,
        timeout=WAIT_S,
        check=False,
    )
    assert parent.returncode == -signal.SIGKILL


MAIN_WITH_A_MARK = """
import os, sys
from pathlib import Path
from posedeck.engine.slots import SlotPool

with open(sys.argv[2], "a") as marks:
    marks.write(__name__ + "\\n")
if __name__ == "__main__":
    pool = SlotPool(Path(sys.argv[1]), slots=1)
    pool.warm_up()
    pool.close()
"""


def test_the_main_module_is_not_imported_again(model_dir: Path, tmp_path: Path) -> None:
    """A worker does not run its parent's main script, which may be all of Streamlit."""
    script, marks = tmp_path / "program.py", tmp_path / "marks"
    script.write_text(MAIN_WITH_A_MARK)
    environment = os.environ | {"PYTHONPATH": str(PACKAGE_ROOT)}
    subprocess.run(
        [sys.executable, str(script), str(model_dir), str(marks)], env=environment, timeout=WAIT_S, check=True
    )
    assert marks.read_text().splitlines() == ["__main__"]


@pytest.mark.parametrize("setting", ["error", "error::DeprecationWarning"])
def test_warning_settings_are_not_inherited(model_dir: Path, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    """A parent that turns warnings into errors does not break its workers."""
    monkeypatch.setenv("PYTHONWARNINGS", setting)
    pool = SlotPool(model_dir, slots=1)
    try:
        pool.warm_up()
        assert pool.submit_estimate(picture_of("front_apose"), 1).result(WAIT_S) is not None
    finally:
        pool.close()
