"""The exchanges of this browser session; no other session ever sees them."""

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


def report_of(record: ExchangeRecord) -> AuditReport | None:
    """The audit of an exchange of this session, made once."""
    reports: dict[str, AuditReport | None] = st.session_state.setdefault(_REPORTS, {})
    if record.id not in reports:
        reports[record.id] = audit_exchange(record, exchange_log().files())
    return reports[record.id]


def forget_exchanges() -> None:
    """Empty the log."""
    exchange_log().clear()
    st.session_state.pop(_REPORTS, None)


def _source(record: ExchangeRecord, local: str) -> Source:
    if record.url.startswith(f"{RECORDED_BASE_URL}/"):
        return Source.RECORDED
    return answered_by(record, Source.LOCAL if record.url.startswith(f"{local}/") else Source.LIVE)
