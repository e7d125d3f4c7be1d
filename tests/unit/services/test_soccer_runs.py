"""Kicks as runs: kept from the submit on, completed by all five answers, shared as a cassette and played again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from posedeck.clients.remo import RemoRefused
from posedeck.contracts.folding import describe_file
from posedeck.contracts.remo import soccer
from posedeck.net.cassette import read_cassette
from posedeck.net.errors import NotRecorded
from posedeck.net.record import ExchangeRecord
from posedeck.runs.query import RunQuery
from posedeck.runs.run import Ending, Run
from posedeck.runs.store import RunStore
from posedeck.services.kick_recordings import find_kick, kicks_in, kicks_of_runs, play_and_record
from posedeck.services.kick_tape import KickTape
from posedeck.services.recording import Recorder
from posedeck.services.replay import cassette_of
from posedeck.services.run_files import run_files
from posedeck.services.soccer import KickResult, SubmittedKick
from posedeck.services.soccer_export import export_json
from posedeck.services.soccer_runs import CLIP as CLIP_NAME
from posedeck.services.soccer_runs import clip_run, reopen_kick
from posedeck.services.sources import Source, origin_of
from tests.support.archive import archive
from tests.support.soccer_vendor import (
    ACCOUNT,
    CLIP,
    HEIGHT_CM,
    URL,
    SoccerVendor,
    answers,
    fetch,
    kicked,
    refusal,
    submit,
)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    with archive(tmp_path) as (_, recorder):
        yield recorder


def only_run(store: RunStore) -> Run:
    (row,) = store.search(RunQuery()).rows
    return store.get(row.id).run


def seen(records: list[ExchangeRecord], record: ExchangeRecord, files: object) -> None:
    records.append(record)


def test_a_kick_is_kept_when_it_is_submitted(recorder: Recorder) -> None:
    """With its clip by hash, before anybody knows how it ends; credits were spent for it."""
    submit(recorder, SoccerVendor(answers()), KickTape())
    run = only_run(recorder.store)
    assert (run.ending, run.params["uuid"], run.params["height_cm"]) == (Ending.SUBMITTED, "job-1", HEIGHT_CM)
    assert run.inputs[CLIP_NAME].sha256 == describe_file(CLIP)["sha256"]
    assert not run.has_result
    assert recorder.store.content(run, CLIP_NAME) == CLIP.read_bytes()
    assert list(run_files(recorder.store, run, "en")) == []


def test_its_result_completes_the_same_run_with_all_five_answers(recorder: Recorder) -> None:
    result = kicked(recorder)
    run = only_run(recorder.store)
    assert (run.ending, run.id, run.findings) == (Ending.ANSWERED, result.run_id, ())
    again = reopen_kick(recorder.store, run)
    assert (again.metrics, again.analysis, again.height_cm) == (result.metrics, result.analysis, HEIGHT_CM)
    assert again.others.drawn_clip() == CLIP.read_bytes()
    assert None not in (again.others.submit, again.others.score, again.others.angle)
    (row,) = recorder.store.search(RunQuery()).rows
    assert row.thumbnail is not None, "the contact is its picture in the list"


def test_a_result_that_was_kept_is_not_kept_twice(recorder: Recorder) -> None:
    """Whoever comes back by the job's address opens the run."""
    first = kicked(recorder)
    job = SubmittedKick("job-1", Source.LIVE, URL, 0.0, 2.0, None, None, known=False)
    vendor = SoccerVendor({})
    again = fetch(recorder, vendor, job, KickTape())
    assert isinstance(again, KickResult)
    assert (again.run_id, dict(vendor.asked)) == (first.run_id, {})
    assert recorder.store.search(RunQuery()).total == 1


def test_what_cannot_be_read_beside_the_result_is_left_out(recorder: Recorder) -> None:
    bodies = answers()
    bodies[soccer.DRAW_PATH] = [refusal(533)]
    bodies[soccer.ANGLE_PATH] = [refusal(520)]
    result = kicked(recorder, bodies)
    assert (result.others.draw, result.others.angle) == (None, None)
    assert result.others.score is not None


def test_a_failed_analysis_is_kept_with_its_code(recorder: Recorder) -> None:
    bodies = answers()
    bodies[soccer.RESULT_PATH] = [refusal(511)]
    vendor, tape = SoccerVendor(bodies), KickTape()
    job = submit(recorder, vendor, tape)
    with pytest.raises(RemoRefused):
        fetch(recorder, vendor, job, tape)
    run = only_run(recorder.store)
    assert run.error is not None
    assert (run.ending, run.error.code) == (Ending.REFUSED, 511)


def test_findings_of_every_answer_are_on_the_run(recorder: Recorder) -> None:
    """Each named by the answer that it stands in."""
    bodies = answers()
    bodies[soccer.SCORE_PATH][0]["total_score"] = 300
    bodies[soccer.ANGLE_PATH][0]["KneeLine"] = []
    bodies[soccer.SUBMIT_PATH][0]["queue"] = 1
    kicked(recorder, bodies)
    found = {(finding.name, finding.field) for finding in only_run(recorder.store).findings}
    assert found == {
        ("points_out_of_range", "score: total_score"),
        ("frames_differ", "angle"),
        ("unexpected_field", "submit: queue"),
        ("clip_not_base64", "draw: base64_video"),
    }


@pytest.mark.parametrize("from_file", [True, False])
def test_a_recorded_kick_is_played_without_asking_anybody(recorder: Recorder, from_file: bool) -> None:
    """From a cassette or from the runs, found by its clip; it says whose answer it was."""
    first = kicked(recorder)
    data = cassette_of(recorder.store, [first.run_id or ""])
    assert not [value for value in vars(ACCOUNT).values() if value.encode() in data]
    kicks = kicks_in(read_cassette(data)) if from_file else kicks_of_runs(recorder.store)
    kick = find_kick(kicks, describe_file(CLIP)["sha256"], HEIGHT_CM)
    records: list[ExchangeRecord] = []

    played = play_and_record(recorder, kick, lambda record, files: seen(records, record, files))

    assert (played.source, played.metrics, played.others.drawn_clip()) == (
        Source.RECORDED, first.metrics, CLIP.read_bytes()
    )  # fmt: skip
    origin = origin_of(played.exchange)
    assert origin is not None
    assert origin.source == "live"
    assert [record.status for record in records] == [534, 200, 200, 200, 200]
    assert b"Recorded Remo answer (Remo live, 20" in export_json(played)
    assert clip_run(recorder.store, played.clip_sha256) is not None
    assert [each.origin.source for each in kicks_of_runs(recorder.store)] == ["live"], "what was played is no original"
    assert play_and_record(recorder, kick, lambda *_: None).run_id == played.run_id


def test_another_clip_or_height_was_not_recorded(recorder: Recorder) -> None:
    kicked(recorder)
    kicks = kicks_of_runs(recorder.store)
    for sha256, height in (("0" * 64, HEIGHT_CM), (describe_file(CLIP)["sha256"], 180.0)):
        with pytest.raises(NotRecorded):
            find_kick(kicks, sha256, height)


def test_a_recording_that_ends_before_the_result_says_so(recorder: Recorder) -> None:
    submitted, tape = SoccerVendor(answers()), KickTape()
    job = submit(recorder, submitted, tape)
    fetch(recorder, submitted, job, tape)
    assert kicks_of_runs(recorder.store) == []
    assert kicks_in(tape.exchanges) == []
