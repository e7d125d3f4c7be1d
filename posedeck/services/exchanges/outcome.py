"""How an exchange ended, in the vendor's own terms: NHN refuses with HTTP 200, Remo tells a wait by a code."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from posedeck.contracts.remo.skeleton import error_code, is_success
from posedeck.contracts.remo.soccer_errors import WAIT_CODES
from posedeck.net.record import ExchangeRecord


class Outcome(StrEnum):
    """What a tester sorts exchanges by."""

    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True)
class Ending:
    """How it ended, and the vendor's own code where the answer has one besides its HTTP status."""

    outcome: Outcome
    code: int | None = None


def ending_of(record: ExchangeRecord) -> Ending:
    """How a whole record ended; a read that has to be asked again is an answer."""
    if record.phase is not None:
        return Ending(Outcome.RUNNING)
    code = None if record.response is None else _refusal(record.vendor, record.response.value)
    if code in WAIT_CODES and record.vendor == "remo":
        return Ending(Outcome.ANSWERED, code)
    failed = record.error is not None or code is not None or (record.status or 0) >= 400
    return Ending(Outcome.FAILED if failed else Outcome.ANSWERED, None if code == record.status else code)


def _refusal(vendor: str, body: Any) -> int | None:
    """The code of a refusal; 0 where it has none."""
    if not isinstance(body, dict):
        return None
    if vendor == "nhn":
        header = body.get("header")
        refused = isinstance(header, dict) and header.get("isSuccessful") is False
        return _number(header.get("resultCode")) if refused and isinstance(header, dict) else None
    if vendor == "kakao":
        return _number(body["code"]) if "code" in body else None
    if vendor == "remo" and ("state" in body or error_code(body) is not None) and not is_success(body):
        return error_code(body) or 0
    return None


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
