"""What an exchange's answer breaks of its contract, whichever vendor's it is."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from posedeck.contracts.finding import AuditReport, Finding
from posedeck.contracts.kakao import POSE_PATH
from posedeck.contracts.kakao.audit import audit_kakao
from posedeck.contracts.nhn.audit import audit_nhn
from posedeck.contracts.remo import skeleton
from posedeck.contracts.remo.audit import audit_answer
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.bodies import FileForgottenError, unfold

_HTTP_OK = 200


def audit_exchange(record: ExchangeRecord, held: Mapping[str, bytes]) -> AuditReport | None:
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
    path = urlsplit(record.url).path
    if record.vendor == "nhn":
        return audit_nhn(body)
    if record.vendor == "kakao":
        return audit_kakao(body) if path.endswith(POSE_PATH) or record.status != _HTTP_OK else None
    # A refusal has the same form on all of Remo's routes.
    refused = isinstance(body, dict) and body.get("state") is False and "status" in body
    return audit_answer(body) if refused or path.endswith(skeleton.PATH) else None
