"""A batch of pictures as a worker's slot runs it: real inference on an archive with all that archives have in them."""

import base64
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from posedeck.contracts import kakao, nhn
from posedeck.contracts.own_batch import MAX_PICTURES, TRUTH_NAME, BatchResult
from posedeck.engine.images import ImageError
from posedeck.engine.models import ensure_models
from posedeck.jobs import keypoint_batch, picture_archive
from posedeck.jobs.kind import JobRefused, Outcome, Work
from posedeck.jobs.kinds import KINDS
from tests.support.people import SAMPLES

GROUP = (SAMPLES / "group3.jpg").read_bytes()
TRUTH = json.dumps({"images": [], "annotations": [{"image_id": 1, "keypoints": [1.0, 2.0, 2.0] * 17}]}).encode()


def archive(path: Path, files: dict[str, bytes], *, stored: bool = True) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return path


def work_on(folder: Path, files: dict[str, bytes], **params: str) -> Work:
    scratch = folder / "scratch"
    scratch.mkdir()
    path = archive(folder / "upload", files)
    return Work(params, path, scratch, ensure_models(), lambda *_: None)


def run(work: Work, kept: list[bytes] | None = None) -> Outcome:
    """All functions in turn, as the queue calls them; chunks that are kept already are not run again."""
    planned = replace(work, plan=keypoint_batch.prepare(work))
    chunks = list(kept or [])
    for index in range(len(chunks), len(planned.planned.chunks)):
        chunks.append(keypoint_batch.chunk(planned, index, chunks[-1] if chunks else None))
    return keypoint_batch.finish(planned, chunks)


def enlarged(data: bytes, side: int) -> bytes:
    picture = Image.open(io.BytesIO(data))
    buffer = io.BytesIO()
    picture.resize((side, side * picture.height // picture.width)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[BatchResult, Outcome]:
    """The group as it is and larger than any vendor takes, what is broken, and what is no picture."""
    files = {
        "day/group.jpg": GROUP,
        "day/": b"",
        "day/broken.jpg": b"this is no picture",
        "large.jpeg": enlarged(GROUP, 3072),
        "notes.txt": b"hello",
        "__MACOSX/._group.jpg": b"leftover",
        ".hidden.jpg": b"leftover",
        "other.json": b"[1, 2]",
        "truth.json": TRUTH,
    }
    ended = run(work_on(tmp_path_factory.mktemp("batch"), files))
    return msgspec.json.decode(ended.result, type=BatchResult), ended


def test_the_kind_is_known() -> None:
    """The queue finds the module by the kind's name."""
    assert KINDS["keypoint-batch"].module == keypoint_batch.__name__


def test_one_bad_picture_is_listed_and_skipped(outcome: tuple[BatchResult, Outcome]) -> None:
    """The others are answered; what is no picture by its name is only counted."""
    result, _ = outcome
    assert [picture.name for picture in result.pictures] == ["day/group.jpg", "large.jpeg"]
    assert [(entry.name, entry.reason) for entry in result.skipped] == [("day/broken.jpg", "undecodable")]
    assert result.ignored == 1


def test_both_sides_are_answered_in_their_formats(outcome: tuple[BatchResult, Outcome]) -> None:
    """The vendors' own readers find the three people in either answer; the sides differ and agree all the same."""
    picture = outcome[0].pictures[0]
    left, right = kakao.parse_people(picture.left), nhn.parse_answer(picture.right).people
    assert (len(left), len(right), len(picture.pairs)) == (3, 3, 3)
    assert (picture.only_left, picture.only_right) == (0, 0)
    assert all(0.9 < (pair.oks or 0.0) < 1.0 for pair in picture.pairs)
    assert {joint.verdict for pair in picture.pairs for joint in pair.joints} == {"good"}


def test_a_large_picture_is_answered_in_its_own_pixels(outcome: tuple[BatchResult, Outcome]) -> None:
    """Reduced for the inference, its keypoints come back to where the small one's are, times three."""
    small, large = outcome[0].pictures
    assert (large.width, large.height) == (3072, 2304)
    places = [sorted(float(pose["nose"][0]) for pose in kakao.parse_people(each.left)) for each in (small, large)]
    assert places[1] == pytest.approx([3 * x for x in places[0]], rel=0.02)


def test_thumbnails_are_small(outcome: tuple[BatchResult, Outcome]) -> None:
    """Each is a JPEG of at most 96 pixels."""
    data = base64.b64decode(outcome[0].pictures[1].thumbnail)
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (96, 72))


def test_the_archive_s_annotations_are_kept(outcome: tuple[BatchResult, Outcome]) -> None:
    """The JSON file with keypoint annotations is found among others."""
    assert outcome[1].media[TRUTH_NAME].read_bytes() == TRUTH


def test_a_batch_goes_on_behind_its_last_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks that were done are not done again, and the result is that of a run in one go."""
    monkeypatch.setattr(keypoint_batch, "PICTURES_PER_CHUNK", 1)
    work = work_on(tmp_path, {"a.jpg": GROUP, "b.jpg": GROUP[: len(GROUP) // 3], "c.jpg": b""})
    whole = run(work)
    planned = replace(work, plan=keypoint_batch.prepare(work))
    first = keypoint_batch.chunk(planned, 0, None)
    read: list[str] = []
    plain = picture_archive.read_entry
    monkeypatch.setattr(
        keypoint_batch, "read_entry", lambda source, name, limit: read.append(name) or plain(source, name, limit)
    )
    assert run(work, [first]).result == whole.result
    assert read == ["b.jpg", "c.jpg"]


def test_a_picture_that_kills_the_engine_does_not_end_the_batch(tmp_path: Path) -> None:
    """The engine's process dies on the first picture; that one is listed, the next is answered by a new process."""
    work = work_on(tmp_path, {"deadly.jpg": GROUP, "good.jpg": GROUP})
    deadly = keypoint_batch._slot(work.model_dir)
    deadly.warm_up()
    plain = deadly.submit_find_people_variously

    def submit(pixels: Any, most: int, passes: Sequence[int]) -> Any:
        deadly.submit_find_people_variously = plain  # type: ignore[method-assign]
        future = plain(pixels, most, passes)
        worker = deadly._slots[0]._worker
        assert worker is not None
        worker.kill()
        return future

    deadly.submit_find_people_variously = submit  # type: ignore[method-assign]
    result = msgspec.json.decode(run(work).result, type=BatchResult)
    assert [(entry.name, entry.reason) for entry in result.skipped] == [("deadly.jpg", "failed")]
    assert [entry.name for entry in result.pictures] == ["good.jpg"]


@pytest.mark.parametrize(
    ("files", "params", "code"),
    [
        ({"notes.txt": b"hello"}, {}, "no_pictures"),
        ({f"{number}.jpg": b"" for number in range(MAX_PICTURES + 1)}, {}, "too_large"),
        ({"a.jpg": GROUP}, {"left": "remo"}, "bad_params"),
        ({"a.jpg": GROUP}, {"side": "left"}, "bad_params"),
    ],
)
def test_what_is_no_batch_is_refused(
    tmp_path: Path, files: dict[str, bytes], params: dict[str, str], code: str
) -> None:
    """Before anything is inferred, with a code."""
    with pytest.raises(JobRefused) as refused:
        keypoint_batch.prepare(work_on(tmp_path, files, **params))
    assert refused.value.code == code


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", GROUP])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    """A picture or a piece of an archive is not one."""
    path = tmp_path / "upload"
    path.write_bytes(data)
    with pytest.raises(JobRefused, match="not a ZIP"):
        keypoint_batch.prepare(Work({}, path, tmp_path, tmp_path, lambda *_: None))


def test_an_entry_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """Whatever its header says: nothing is read beyond the limit."""
    path = archive(tmp_path / "bomb.zip", {"a.jpg": bytes(2_000_000)}, stored=False)
    with zipfile.ZipFile(path) as source, pytest.raises(ImageError, match="MB"):
        picture_archive.read_entry(source, "a.jpg", 1_000_000)
