"""Inspector: every exchange of this browser session, looked into, copied, sent again."""

import streamlit as st

from components.exchange_copy import copy_panel, session_har
from components.exchange_detail import TABS, answer_panel, exchange_head, findings_panel, request_panel, timing_panel
from components.exchange_list import SELECTED, exchange_list
from components.exchange_log import exchange_log, forget_exchanges
from components.exchange_resend import resend_panel
from components.language import texts
from posedeck.services.sources import Source

_PANELS = {
    "answer": answer_panel,
    "request": request_panel,
    "timing": timing_panel,
    "findings": findings_panel,
    "copy": copy_panel,
    "resend": resend_panel,
}
_SENT = ("timing", "copy", "resend")

t = texts()
st.title(t("page.inspector"), anchor=False)
st.markdown(t("inspector.lead"))
with st.container(horizontal=True, key="inspector_actions"):
    session_har(t)
    st.button(t("inspector.forget"), key="inspector_forget", on_click=forget_exchanges, icon=":material/delete_sweep:")
exchange_list(t)
record = exchange_log().get(st.session_state.get(SELECTED, ""))
if record is not None:
    exchange_head(record, t)
    # Their names stay as they are while an exchange goes on and ends: by them the open one is known.
    # What was played from a record went nowhere: it cannot be copied or sent again.
    panels = {name: panel for name, panel in _PANELS.items() if record.source != Source.RECORDED or name not in _SENT}
    labels = {name: t(f"inspector.tab.{name}") for name in panels}
    tabs = st.tabs(list(labels.values()), key=TABS, on_change="rerun")
    for tab, panel in zip(tabs, panels.values(), strict=True):
        if tab.open:
            with tab:
                panel(record, t)
