"""What a session holds of its exchanges."""

from pathlib import Path

import msgspec
import pytest

from posedeck.net.exchange import Call
from posedeck.services.exchanges import log as log_module
from posedeck.services.exchanges.bodies import FileForgottenError, file_bytes
from posedeck.services.exchanges.log import MAX_RECORDS, ExchangeLog
from posedeck.services.exchanges.outcome import Outcome
from posedeck.services.sources import Source
from tests.unit.services.exchanges.builders import json_call, recorded

RECORD, _ = recorded(Call("GET", "https://v.example/"), [])


def numbered(number: object) -> object:
    return msgspec.structs.replace(RECORD, id=str(number))


def test_the_latest_comes_first_and_the_oldest_are_forgotten() -> None:
    log = ExchangeLog(lambda record: Source.LOCAL)
    for number in range(MAX_RECORDS + 5):
        log.observe(numbered(number), {})  # type: ignore[arg-type]
    assert [record.id for record in log.records()] == [str(n) for n in range(MAX_RECORDS + 4, 4, -1)]
    assert log.get("3") is None
    assert (log.get("7") or RECORD).source == Source.LOCAL


def test_one_that_goes_on_is_one_exchange_in_its_place() -> None:
    """It keeps its place and its id, and its request is there from the beginning."""
    log = ExchangeLog(lambda record: Source.LOCAL)
    ended, files = recorded(json_call({"n": 1}), {"state": True})
    begun = msgspec.structs.replace(ended, phase="connect", status=None, response=None, response_headers=None)
    log.observe(begun, files)
    log.observe(numbered("later"), {})
    log.observe(msgspec.structs.replace(begun, phase="send", bytes_sent=7), {})
    shown = log.get(ended.id)
    assert shown is not None
    assert (shown.phase, shown.bytes_sent, shown.request.value) == ("send", 7, {"n": 1})
    log.observe(ended, files)
    assert [listed.record.id for listed in log.listed()] == ["later", ended.id]
    assert [listed.ending.outcome for listed in log.listed()] == [Outcome.ANSWERED, Outcome.ANSWERED]
    assert log.get(ended.id) == msgspec.structs.replace(ended, source=Source.LOCAL)


def test_large_bodies_are_held_up_to_a_limit_and_their_exchanges_stay_listed() -> None:
    log = ExchangeLog(lambda record: Source.LOCAL)
    text = ["no base64! " * 1_700] * (log_module.MAX_BODY_BYTES // 18_800 // 3)
    for number in range(4):
        record, files = recorded(json_call({"n": number}), text)
        log.observe(msgspec.structs.replace(record, id=str(number)), files)
    kinds = {record.id: record.response and record.response.kind for record in log.records()}
    assert kinds == {"3": "json", "2": "json", "1": "json", "0": "binary"}


def test_a_file_that_was_sent_from_the_disk_is_held_by_its_place(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"clip")
    log = ExchangeLog(lambda record: Source.LOCAL)
    log.observe(RECORD, {"a": clip})
    assert file_bytes({"sha256": "a"}, log.files()) == b"clip"
    clip.unlink()
    with pytest.raises(FileForgottenError):
        file_bytes({"sha256": "a"}, log.files())


def test_files_are_held_up_to_a_limit(monkeypatch: object) -> None:
    """The file that was used last stays longest, however often it came."""
    log = ExchangeLog(lambda record: Source.LOCAL)
    size = log_module.MAX_FILE_BYTES // 3
    a, b, c, d = (bytes([number]) * size for number in range(4))
    for files in ({"a": a}, {"b": b}, {"a": a}, {"c": c}, {"d": d}):
        log.observe(RECORD, files)
    assert set(log.files()) == {"a", "c", "d"}
    log.clear()
    assert log.files() == {}
    assert log.records() == []
