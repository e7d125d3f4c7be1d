"""What a session holds of its exchanges."""

import msgspec

from posedeck.net.exchange import Call
from posedeck.services.exchanges import log as log_module
from posedeck.services.exchanges.log import MAX_RECORDS, ExchangeLog
from posedeck.services.sources import Source
from tests.unit.services.exchanges.builders import recorded

RECORD, _ = recorded(Call("GET", "https://v.example/"), [])


def numbered(number: int) -> object:
    return msgspec.structs.replace(RECORD, id=str(number))


def test_the_latest_comes_first_and_the_oldest_are_forgotten() -> None:
    log = ExchangeLog(lambda record: Source.LOCAL)
    for number in range(MAX_RECORDS + 5):
        log.observe(numbered(number), {})  # type: ignore[arg-type]
    assert [record.id for record in log.records()] == [str(n) for n in range(MAX_RECORDS + 4, 4, -1)]
    assert log.get("3") is None
    assert (log.get("7") or RECORD).source == Source.LOCAL


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
