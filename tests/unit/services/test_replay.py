"""Recorded answers played in place of a vendor, as a file and from the runs; today's checks on old answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.net.cassette import BASE_URL, Player, is_cassette, play, read_cassette
from posedeck.net.errors import NotRecorded
from posedeck.net.record import Origin
from posedeck.net.transport import Transport
from posedeck.pose.grades import REMO_2024
from posedeck.pose.posture import View
from posedeck.runs.query import RunQuery
from posedeck.runs.store import RunStore
from posedeck.services.exchanges.findings import audit_exchange
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.keypoint_runs import ask_and_record
from posedeck.services.keypoints import KeypointCredentials, Vendor, ask_keypoints
from posedeck.services.posture import PostureResult, analyse_posture
from posedeck.services.recording import Recorder
from posedeck.services.replay import cassette_of, runs_player
from posedeck.services.run_checks import recheck
from posedeck.services.sources import Source
from tests.app.support import sample_photo
from tests.support.answers import clean_answer
from tests.support.archive import archive
from tests.support.vendor import vendor
from tests.unit.services.test_keypoint_runs import person
from tests.unit.services.test_keypoints import nhn_body
from tests.unit.services.test_posture_runs import analyse, offline, only_run

Archive = tuple[RunStore, Recorder]
OTHERS = RemoCredentials("else@clinic.example", "another-key", "another-api-key")


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Archive]:
    """An empty store of runs with its recorder."""
    with archive(tmp_path) as opened:
        yield opened


def played(player: Player, front: View = View.FRONT) -> PostureResult:
    return analyse_posture(
        RemoClient(player, BASE_URL),
        OTHERS,
        {View.FRONT: sample_photo(front), View.SIDE: sample_photo(View.SIDE)},
        source=Source.RECORDED,
        base_url=BASE_URL,
        profile_name=REMO_2024,
    )


def test_a_cassette_answers_in_place_of_the_vendor(kept: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """To whoever asks the same, with the same numbers and pictures; nothing is sent."""
    store, recorder = kept
    with vendor(clean_answer()) as url:
        first = analyse(recorder, url)
    data = cassette_of(store, store.ids(RunQuery()))
    offline(monkeypatch)
    assert is_cassette(data)
    result = played(play("remo", read_cassette(data)))
    assert (result.metrics, result.body, result.source) == (first.metrics, first.body, Source.RECORDED)
    assert result.exchange is not None
    assert first.exchange is not None
    assert (result.exchange.status, result.exchange.timings) == (200, first.exchange.timings)
    assert result.exchange.record is not None
    assert first.exchange.record is not None
    assert result.exchange.record.origin == Origin(first.source.value, first.exchange.record.started_at)
    assert not [value for value in DEMO_ACCOUNT if value.encode() in data]
    assert played(runs_player(store, "remo")).body == first.body


def test_another_question_has_no_answer(kept: Archive) -> None:
    """Other pictures are another question; so is another vendor's path."""
    store, recorder = kept
    with vendor(clean_answer()) as url:
        analyse(recorder, url)
    for player in (runs_player(store, "remo"), play("remo", read_cassette(cassette_of(store, store.ids(RunQuery()))))):
        with pytest.raises(NotRecorded) as caught:
            played(player, View.SIDE)
        assert "analysis-skeleton" in str(caught.value)
        assert OTHERS.email not in str(caught.value)


@pytest.mark.parametrize("name", Vendor)
def test_keypoints_are_played_whatever_the_key(kept: Archive, name: Vendor) -> None:
    """NHN's stands in the path, Kakao's in a header; files are sent as forms with a random boundary."""
    store, recorder = kept
    photo = sample_photo(View.FRONT)
    body: Any = [person(0.0)]
    if name is Vendor.NHN:
        body = nhn_body({"name": "nose", "x": 10.0, "y": 20.0, "score": 0.9})
    mine, theirs = KeypointCredentials("first-key-123", "secret-a1"), KeypointCredentials("second-key-456", "secret-b2")
    with vendor(body) as url, Transport(name.value) as transport:
        ask_and_record(recorder, name, Source.LIVE, photo, mine, url, transport)
    data = cassette_of(store, store.ids(RunQuery()))
    assert b"first-key" not in data
    for player in (runs_player(store, name.value), play(name.value, read_cassette(data))):
        answer = ask_keypoints(name, Source.RECORDED, photo, theirs, BASE_URL, player)
        assert answer.body == body


def test_repeated_calls_get_the_answers_in_order(kept: Archive) -> None:
    """As a job that is asked for its state; the last answer stays."""
    store, recorder = kept
    for credit in (99, 98, 97):
        with vendor(clean_answer() | {"credit": credit}) as url:
            analyse(recorder, url)
    player = play("remo", read_cassette(cassette_of(store, store.ids(RunQuery()))))
    assert [played(player).credit for _ in range(5)] == [99, 98, 97, 97, 97]
    assert played(runs_player(store, "remo")).credit == 97


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[" * 100_000, b"\xff", b'{"format": "posedeck-cassette", "format_version": 2}',
     b'{"format": "posedeck-cassette", "format_version": 1, "exchanges": [{}]}'],
)  # fmt: skip
def test_what_is_no_cassette_is_refused(data: bytes) -> None:
    """Whatever it is, in words."""
    with pytest.raises(ValueError, match="not a cassette"):
        read_cassette(data)


def test_todays_checks_agree_with_yesterdays(kept: Archive) -> None:
    """On the same version nothing differs; a value that was shown otherwise then is told."""
    store, recorder = kept
    body = clean_answer()
    del body["credit_change"]
    with vendor(body) as url:
        analyse(recorder, url)
    run = only_run(store)
    assert run.findings
    checked = recheck(store, run)
    assert checked is not None
    assert (checked.values, checked.findings.only_before, checked.findings.only_after) == ([], [], [])
    assert checked.findings.both == list(run.findings)

    was = msgspec.json.decode(store.content(run, "result"))
    was["metrics"][0]["value"] += 1.0
    older = msgspec.structs.replace(run, id="older", findings=run.findings[1:])
    contents = {name: store.content(run, name) for name in run.contents} | {"result": msgspec.json.encode(was)}
    checked = recheck(store, store.save(older, contents))
    assert checked is not None
    assert [(change.path, round(change.delta or 0, 6)) for change in checked.values] == [("metrics[0].value", -1.0)]
    assert checked.findings.only_after == [run.findings[0]]


def test_keypoints_are_checked_too(kept: Archive) -> None:
    """People and scores as they were."""
    store, recorder = kept
    with vendor([person(0.0)]) as url, Transport("kakao") as transport:
        key = KeypointCredentials("first-key-123")
        ask_and_record(recorder, Vendor.KAKAO, Source.LIVE, sample_photo(View.FRONT), key, url, transport)
    checked = recheck(store, only_run(store))
    assert checked is not None
    assert checked.values == []


def test_a_session_sees_what_was_played_to_it(kept: Archive) -> None:
    """With its pictures, and where nothing was recorded for it too."""
    store, recorder = kept
    with vendor(clean_answer()) as url:
        analyse(recorder, url)
    log = ExchangeLog(lambda record: Source.RECORDED)
    player = runs_player(store, "remo").for_session(log.observe)
    played(player)
    with pytest.raises(NotRecorded):
        played(player, View.SIDE)
    missed, found = log.records()
    assert (missed.status, missed.error and missed.error.kind) == (None, NotRecorded.__name__)
    assert (found.status, found.source) == (200, Source.RECORDED)
    assert audit_exchange(found, log.files()) is not None
