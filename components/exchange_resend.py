"""Edit an exchange's request and send it again."""

import streamlit as st

from components.calls import is_pending, submit, take
from components.demo_state import samples_only
from components.errors import show_error
from components.exchange_list import SELECTED
from components.exchange_log import exchange_log
from components.sources import secrets_of, transport
from posedeck.net.errors import VendorError
from posedeck.net.exchange import Call
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.bodies import FileForgottenError
from posedeck.services.exchanges.edit import EditError, editable_body, editable_headers, edited
from posedeck.services.exchanges.resend import VariableMissingError, rebuild
from posedeck.services.sources import Source
from posedeck.texts import Texts

_CALL = "inspector_resend"
#: As long as the slowest of our clients waits.
_DEADLINE_S = 65.0
#: A body longer than this is not edited in a browser.
_MAX_EDIT_CHARS = 200_000


def resend_panel(record: ExchangeRecord, t: Texts) -> None:
    """The request as texts to edit, a warning of what it costs, and the button."""
    if samples_only(t):
        return
    body = editable_body(record)
    if len(body) > _MAX_EDIT_CHARS:
        st.info(t("inspector.edit.too_long"), icon=":material/help:")
        return
    st.caption(t("inspector.edit.note"))
    live = record.source == Source.LIVE
    with st.form(f"inspector_edit_{record.id}", enter_to_submit=False):
        url = st.text_input(t("inspector.edit.url"), record.url, key=f"edit_url_{record.id}")
        headers = st.text_area(
            t("inspector.edit.headers_label"), editable_headers(record), key=f"edit_head_{record.id}"
        )
        text = st.text_area(
            t(f"inspector.edit.body.{record.request.kind}"),
            body,
            height=260,
            disabled=record.request.kind == "none",
            key=f"edit_body_{record.id}",
        )
        agreed = True
        if live:
            st.warning(t("inspector.edit.costs" if record.costs else "inspector.edit.live"), icon=":material/toll:")
            agreed = st.checkbox(t("inspector.edit.agree"), key=f"edit_agree_{record.id}")
        sent = st.form_submit_button(
            t("inspector.edit.send_live" if live else "inspector.edit.send"), icon=":material/send:", type="primary"
        )
    if sent and not agreed:
        st.error(t("inspector.edit.not_agreed"), icon=":material/toll:")
    elif sent:
        _send(record, url, headers, text, t)
    if is_pending(_CALL):
        _finish(t)


def _send(record: ExchangeRecord, url: str, headers: str, body: str, t: Texts) -> None:
    try:
        call = rebuild(edited(record, url, headers, body), exchange_log().files(), secrets_of(record.source))
    except EditError as error:
        st.error(t(error.message_key, **error.values), icon=":material/edit_off:")
    except VariableMissingError as error:
        st.error(t("inspector.edit.secret_missing", name=error.name), icon=":material/key_off:")
    except FileForgottenError:
        st.error(t("inspector.edit.file_forgotten"), icon=":material/folder_off:")
    else:
        _submit(record.vendor, call)


def _submit(vendor: str, call: Call) -> None:
    line = transport(vendor)
    submit(_CALL, lambda: line.send(call, _DEADLINE_S))


def _finish(t: Texts) -> None:
    try:
        take(_CALL, t("inspector.edit.sending"))
    except VendorError as error:
        show_error(error, t)
    else:
        latest = exchange_log().records()
        st.session_state[SELECTED] = latest[0].id
        st.rerun()
