"""Recorded answers that come with PoseDeck: whole, ours, small, and read without asking anybody."""

import io
from pathlib import Path

import av
import pytest

from posedeck.contracts.remo.audit_future_shape import audit_future_shape
from posedeck.contracts.remo.future_shape import DEFAULT_RATIO, Direction
from posedeck.engine.images import load_image
from posedeck.services.future_shape_runs import shape_draft, shipped_name, shipped_shapes
from posedeck.services.shipped_runs import FOLDER, shipped_run, write_shipped
from posedeck.services.soccer_runs import shipped_clips, shipped_kick
from posedeck.services.sources import Source
from tests.support.people import SAMPLES
from tests.support.shape_results import shape_result

MOST_BYTES = 2_000_000


def test_the_recorded_shapes_are_our_engines_and_whole() -> None:
    """Both directions of the sample man by the default ratios, clean by audit and check, and named as recorded."""
    shapes = shipped_shapes()
    assert list(shapes) == list(Direction)
    photo = load_image((SAMPLES / "body_slim.jpg").read_bytes())
    for direction, shape in shapes.items():
        assert shape.source is Source.RECORDED
        assert shape.run_id is None
        assert shape.ratio == DEFAULT_RATIO[direction.value]
        assert shape.method is not None
        assert shape.method.engine.startswith("posedeck")
        assert audit_future_shape(shape.body, (768, 1024)).findings == []
        assert shape.integrity is not None
        assert shape.integrity.flags == ()
        assert (shape.aligned.before == photo).all()
        assert (shape.after != photo).any()


def test_the_recorded_kick_is_our_engines_and_whole() -> None:
    """Analysis, score and both clips, which are H.264 of as many frames as were analysed."""
    kick = shipped_kick()
    assert (kick.source, kick.run_id) == (Source.RECORDED, None)
    assert kick.analysis is not None
    assert kick.total_score is not None
    for clip in shipped_clips().values():
        with av.open(io.BytesIO(clip)) as video:
            assert video.streams.video[0].codec_context.name == "h264"
            assert sum(1 for _ in video.decode(video=0)) == len(kick.analysis.times_s)


def test_recordings_stay_small_and_hold_no_secret() -> None:
    """Nobody downloads many megabytes for a demo, and only public demo credentials were used."""
    files = list(FOLDER.glob("*.run.xz"))
    assert files
    for path in files:
        assert path.stat().st_size < MOST_BYTES
        run = shipped_run(path.name.removesuffix(".run.xz")).run
        assert run.source == Source.LOCAL.value
        assert run.base_url == ""


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """A run and its contents come back as they were; what it does not hold is missing."""
    draft = shape_draft(shape_result())
    write_shipped("mine", draft.run, draft.contents, tmp_path)
    shipped = shipped_run("mine", tmp_path)
    assert shipped.run == draft.run
    assert shipped.contents == draft.contents
    assert shipped.content(shipped.run, "answer") == draft.contents["answer"]
    with pytest.raises(FileNotFoundError):
        shipped.content(shipped.run, "drawn")
    with pytest.raises(FileNotFoundError):
        shipped.content(shape_draft(shape_result(Direction.WORST)).run, "answer")
    with pytest.raises(FileNotFoundError):
        shipped_run("nothing", tmp_path)


def test_each_direction_has_its_file() -> None:
    """The names that the page asks for are there."""
    assert all((FOLDER / f"{shipped_name(direction)}.run.xz").is_file() for direction in Direction)
