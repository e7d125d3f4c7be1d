"""Future shapes as runs: no picture of anybody is kept before the user says so, and a saved one opens as it was."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from posedeck.clients.remo import RemoClient, RemoCredentials, RemoRefused
from posedeck.contracts.remo.future_shape import Direction, Gender
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending
from posedeck.runs.store import RunStore
from posedeck.services.future_shape import ShapeResult, ShapeWish
from posedeck.services.future_shape_runs import PAGE, reopen_shapes, reshape_and_record, save_shapes
from posedeck.services.photos import prepare_photo
from posedeck.services.recording import Recorder
from posedeck.services.sources import Source
from tests.support.answers import future_shape_answer
from tests.support.archive import archive
from tests.support.people import SAMPLES
from tests.support.shapes import encoded, heavy, slim_pose
from tests.unit.clients.builders import Vendor

RATIOS = {Direction.BEST: 0.8, Direction.WORST: 1.3}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    """An installation's runs."""
    with archive(tmp_path) as (runs, _):
        yield runs


def reshaped(store: RunStore, direction: Direction, body: object = None, status: int = 200) -> ShapeResult:
    """One direction, asked for and recorded."""
    answer = future_shape_answer(encoded(heavy()), ratio=RATIOS[direction]) if body is None else body
    vendor = Vendor(answer, status)
    with vendor.transport:
        return reshape_and_record(
            Recorder(store),
            RemoClient(vendor.transport, "http://vendor.example"),
            RemoCredentials("person@example.org", "user-secret", "api-secret"),
            prepare_photo((SAMPLES / "body_slim.jpg").read_bytes()),
            ShapeWish(direction, Gender.MALE, RATIOS[direction]),
            source=Source.LOCAL,
            base_url="http://vendor.example",
            find_pose=lambda _: slim_pose(),
            group="one photo",
        )


def files(folder: Path) -> list[Path]:
    """Everything in the blob store."""
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]


def test_only_metadata_is_kept_until_saved(store: RunStore, tmp_path: Path) -> None:
    """The run is there with hashes and figures; neither photo nor picture nor thumbnail lies on the disk."""
    result = reshaped(store, Direction.BEST)
    (row,) = store.search(RunQuery(page=PAGE)).rows
    assert result.run_id == row.id
    assert not row.kept
    assert row.thumbnail is None
    assert files(tmp_path) == []
    run = store.get(row.id).run
    assert run.inputs["photo"].sha256 == result.photo.sha256
    assert run.params == {"direction": "best", "gender": "male", "ratio": 0.8}
    assert run.summary.numbers == {"ratio": 0.8, "flags": 0.0}
    document = msgspec.json.encode(run)
    assert len(document) < 20_000
    assert b"secret" not in document
    assert b"person@" not in document


def test_saved_runs_open_as_they_were(store: RunStore) -> None:
    """Both directions of one photo come back from either run, with the same pictures and figures, asking nobody."""
    results = [reshaped(store, direction) for direction in Direction]
    save_shapes(Recorder(store), results)
    run = store.get(str(results[1].run_id)).run
    assert run.is_kept
    opened = reopen_shapes(store, run)
    assert list(opened) == list(Direction)
    for before, after in zip(results, opened.values(), strict=True):
        np.testing.assert_array_equal(before.after, after.after)
        assert after.photo.sha256 == before.photo.sha256
        assert (after.wish, after.integrity, after.widths) == (before.wish, before.integrity, before.widths)
        assert (after.run_id, after.source, after.answered_at) == (before.run_id, before.source, before.answered_at)


def test_a_run_that_was_not_saved_cannot_be_opened(store: RunStore) -> None:
    """Nothing is there to show; and a saved direction opens alone."""
    best, worst = (reshaped(store, direction) for direction in Direction)
    with pytest.raises(FileNotFoundError):
        reopen_shapes(store, store.get(str(best.run_id)).run)
    save_shapes(Recorder(store), [worst])
    assert list(reopen_shapes(store, store.get(str(worst.run_id)).run)) == [Direction.WORST]


def test_a_refusal_is_a_run_without_pictures(store: RunStore, tmp_path: Path) -> None:
    """What was refused is known, the photo is not kept."""
    with pytest.raises(RemoRefused):
        reshaped(store, Direction.BEST, {"state": False, "message": "wrong image", "x_reason": "no_person"}, 400)
    (row,) = store.search(RunQuery(page=PAGE)).rows
    assert row.ending is Ending.REFUSED
    assert files(tmp_path) == []
