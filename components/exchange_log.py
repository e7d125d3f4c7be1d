"""The exchanges of this browser session; no other session ever sees them."""

import time
from collections.abc import Sequence

import streamlit as st

from posedeck.contracts.finding import AuditReport
from posedeck.net.cassette import BASE_URL as RECORDED_BASE_URL
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.findings import audit_exchange
from posedeck.services.exchanges.log import ExchangeLog
from posedeck.services.local_server import local_base_url
from posedeck.services.sources import Source, answered_by

_KEY = "exchange_log"
_REPORTS = "exchange_reports"


def exchange_log() -> ExchangeLog:
    """The log of the current session; call it in the session's own thread."""
    if _KEY not in st.session_state:
        local = local_base_url()
        st.session_state[_KEY] = ExchangeLog(lambda record: _source(record, local))
    log: ExchangeLog = st.session_state[_KEY]
    return log


def report_of(record_id: str) -> AuditReport | None:
    """The audit of an exchange of this session, made once when it has ended."""
    reports = _reports()
    if record_id not in reports:
        record = exchange_log().get(record_id)
        if record is None or record.phase is not None:
            return None
        reports[record_id] = audit_exchange(record, exchange_log().files())
    return reports[record_id]


def reports_of(record_ids: Sequence[str], within_s: float) -> dict[str, AuditReport | None]:
    """Audits of several exchanges, as many as can be made in so many seconds; the others come the next time."""
    end = time.monotonic() + within_s
    made = _reports()
    return {each: report_of(each) for each in record_ids if each in made or time.monotonic() < end}


def _reports() -> dict[str, AuditReport | None]:
    reports: dict[str, AuditReport | None] = st.session_state.setdefault(_REPORTS, {})
    return reports


def forget_exchanges() -> None:
    """Empty the log."""
    exchange_log().clear()
    st.session_state.pop(_REPORTS, None)


def _source(record: ExchangeRecord, local: str) -> Source:
    if record.url.startswith(f"{RECORDED_BASE_URL}/"):
        return Source.RECORDED
    return answered_by(record, Source.LOCAL if record.url.startswith(f"{local}/") else Source.LIVE)
