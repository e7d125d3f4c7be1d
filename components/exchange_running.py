"""An exchange that goes on: how long already, at what, and how much of its body has gone."""

import time

import streamlit as st

from components.exchange_log import exchange_log
from posedeck.services.wording import size_text
from posedeck.texts import Texts

_POLL_S = 0.5


@st.fragment(run_every=_POLL_S)
def running_panel(record_id: str, t: Texts) -> None:
    """Kept up to date; the page is run again when the exchange has ended."""
    record = exchange_log().get(record_id)
    if record is None or record.phase is None:
        st.rerun()
    elapsed = t("inspector.going_on", seconds=f"{time.time() - record.started_at:.1f}")
    st.markdown(f":material/hourglass_top: **{t(f'inspector.phase.{record.phase}.now')}** · {elapsed}")
    whole = record.request.bytes
    if record.phase == "send" and 0 < record.bytes_sent < whole:
        sent = t("inspector.sent_of", sent=size_text(record.bytes_sent), whole=size_text(whole))
        st.progress(record.bytes_sent / whole, text=sent)
