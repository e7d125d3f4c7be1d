import csv
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
import numpy as np
import pytest

from posedeck.clients.kakao_job import KakaoJobClient
from posedeck.contracts.kakao.job import VideoInfo, finished_head, parse_job, result_of
from posedeck.net.errors import ConnectFailed
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.track import PoseTrack
from posedeck.runs.store import RunStore, open_runs
from posedeck.services.clip_export import tracks_csv, tracks_json
from posedeck.services.clip_material import ClipMaterial
from posedeck.services.clip_runs import PAGE, clip_draft, fetch_and_record, reopen_clip
from posedeck.services.kakao_clips import ClipAnswer, SubmittedClip
from posedeck.services.recording import Draft, Recorder
from posedeck.services.sources import Source
from tests.support.people import SAMPLES


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunStore]:
    with closing(open_runs(tmp_path)) as store:
        yield store


def given() -> ClipAnswer:
    """Somebody who is not seen in the third of four frames, as Kakao's form prints them."""
    xy = np.random.default_rng(1).uniform(10.0, 400.0, (4, len(COCO_17), 2))
    xy[2] = np.nan
    score = np.where(np.isfinite(xy[..., 0]), 0.75, 0.0)
    track = PoseTrack(COCO_17, np.arange(4) / 30, xy, score)
    result = msgspec.json.encode(result_of({0: track}, VideoInfo(30.0, 4, 480, 640), (2026, 1, 2)))
    body = msgspec.json.decode(finished_head("job-1") + result[1:])
    answer = parse_job(body)
    assert answer.tracks is not None
    assert answer.video is not None
    return ClipAnswer(
        "job-1",
        Source.LOCAL,
        "http://127.0.0.1",
        datetime(2026, 1, 2, tzinfo=UTC),
        answer.tracks,
        answer.video,
        body,
        None,
    )


def test_a_kept_clip_opens_again_with_the_same_numbers_and_nobody_is_asked(store: RunStore) -> None:
    answer, draft = given(), clip_draft(given())
    run = store.save(draft.run, draft.contents)

    again = reopen_clip(store, store.get(run.id).run)

    assert run.page == PAGE
    assert (again.job_id, again.source, again.video) == (answer.job_id, answer.source, answer.video)
    np.testing.assert_array_equal(again.tracks[0].xy_px, answer.tracks[0].xy_px)
    np.testing.assert_array_equal(again.tracks[0].score, answer.tracks[0].score)


def test_the_clip_is_kept_beside_its_answer_with_a_picture_of_it(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a picture of it; a clip that cannot be had costs nothing but itself."""
    sample = SAMPLES / "soccer_kick.mp4"

    @contextmanager
    def material() -> Iterator[ClipMaterial]:
        yield ClipMaterial(sample)

    @contextmanager
    def gone() -> Iterator[ClipMaterial]:
        raise ConnectFailed("refused", vendor="posedeck")
        yield

    monkeypatch.setattr("posedeck.services.clip_runs.fetch_clip", lambda *_, **__: given())
    job, client = cast("SubmittedClip", given()), cast("KakaoJobClient", None)
    for fetch, kept in ((material(), True), (gone(), False)):
        got = fetch_and_record(Recorder(store), client, "key", job, fetch)
        assert isinstance(got, ClipAnswer)
        assert got.run_id is not None
        run = store.get(got.run_id).run
        (row,) = store.rows([run.id])
        assert ("clip" in run.contents, row.thumbnail is not None, "clip" in run.inputs) == (kept, kept, kept)
        assert reopen_clip(store, run).tracks.keys() == given().tracks.keys()
        if kept:
            with store.file(run, "clip") as file:
                assert file.read_bytes() == sample.read_bytes()


def test_a_result_that_is_fetched_again_stays_one_run(store: RunStore) -> None:
    """By the number of its job; one of another place is another run."""
    draft = clip_draft(replace(given(), smoothing=False))
    kept = msgspec.structs.replace(draft.run, request_key="the job's")
    first = Recorder(store).record(Draft(kept, draft.contents))
    assert first is not None
    assert reopen_clip(store, first).smoothing is False

    again = Draft(msgspec.structs.replace(kept, id="again"), draft.contents)
    elsewhere = Draft(msgspec.structs.replace(kept, base_url="https://elsewhere"), draft.contents)
    nameless = Draft(msgspec.structs.replace(kept, request_key=""), draft.contents)

    known = [Recorder(store).known(each) for each in (again, elsewhere, nameless)]
    assert known == [first, None, None]


def test_the_spreadsheet_has_a_line_per_told_keypoint_and_says_who_answered() -> None:
    lines = list(csv.DictReader(io.StringIO(tracks_csv(given()).decode("utf-8-sig"))))

    assert len(lines) == 3 * len(COCO_17)
    assert {line["source"] for line in lines} == {"local"}
    assert {line["frame"] for line in lines} == {"0", "1", "3"}


def test_the_json_holds_the_answer_beside_its_source() -> None:
    saved = msgspec.json.decode(tracks_json(given()))

    assert saved["source"]["kind"] == "local"
    assert parse_job(saved["answer"]).status == "success"
