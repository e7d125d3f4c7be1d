"""What an exchange's answer breaks of its contract, whichever vendor's it is."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from posedeck.contracts.faults import Target, target_of
from posedeck.contracts.finding import AuditReport, Finding
from posedeck.contracts.kakao.audit import audit_kakao
from posedeck.contracts.nhn.audit import audit_nhn
from posedeck.contracts.remo.audit import audit_answer
from posedeck.contracts.remo.audit_future_shape import audit_future_shape
from posedeck.contracts.remo.audit_soccer import audit_kick
from posedeck.contracts.remo.audit_soccer_reads import audit_angle, audit_draw, audit_score, audit_submit
from posedeck.net.bodies import Held
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.bodies import FileForgottenError, unfold


def audit_exchange(record: ExchangeRecord, held: Mapping[str, Held]) -> AuditReport | None:
    """The audit of the answer; None when there is no answer, or no audit for it.

    Args:
        record: The exchange.
        held: Files by their SHA-256.
    """
    if record.response is None or record.vendor not in ("remo", "kakao", "nhn"):
        return None
    if record.response.kind != "json":
        message = f"expected JSON, got {record.response.media or 'an unnamed type'}"
        return AuditReport([Finding(name="not_json", severity="error", field="", message=message)])
    try:
        body = unfold(record.response.value, held)
    except FileForgottenError:
        return None
    target = _target(record)
    if target is Target.REMO_FUTURE_SHAPE:
        return audit_future_shape(body, _sent_size(record))
    if target is Target.REMO_SOCCER_READ:
        return next(audit(body) for path, audit in _SOCCER_READS.items() if path in record.url)
    audit = _AUDITS.get(target)
    return None if audit is None else audit(body)


_SOCCER_READS: dict[str, Callable[[Any], AuditReport]] = {
    "analysis-soccer-result": audit_kick,
    "analysis-soccer-score": audit_score,
    "analysis-soccer-angle": audit_angle,
    "analysis-soccer-draw": audit_draw,
}
_AUDITS: dict[Target | None, Callable[[Any], AuditReport]] = {
    Target.REMO_SKELETON: audit_answer,
    Target.REMO_SOCCER_SUBMIT: audit_submit,
    Target.KAKAO_POSE: audit_kakao,
    Target.NHN_POSE: audit_nhn,
}


def _target(record: ExchangeRecord) -> Target | None:
    """Which call it is; our own server's paths may begin with the place where it is mounted."""
    path = urlsplit(record.url).path
    starts = [place for place, char in enumerate(path) if char == "/"]
    return next((found for start in starts if (found := target_of(record.method, path[start:]))), None)


def _sent_size(record: ExchangeRecord) -> tuple[int, int] | None:
    """Width and height in pixels of the photo that was sent for a future shape."""
    value = record.request.value
    image = value.get("base64Image") if isinstance(value, dict) else None
    size = image["base64"].get("size") if isinstance(image, dict) and "base64" in image else None
    return (size[0], size[1]) if size else None
