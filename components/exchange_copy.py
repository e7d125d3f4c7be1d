"""An exchange as code or as a HAR file, to be taken along."""

import streamlit as st

from components.exchange_log import exchange_log
from posedeck.net.record import ExchangeRecord
from posedeck.services.exchanges.curl import as_curl
from posedeck.services.exchanges.har import as_har
from posedeck.services.exchanges.python_code import as_httpx
from posedeck.services.exchanges.snippet import Snippet
from posedeck.texts import Texts

_KINDS = {"curl": as_curl, "httpx": as_httpx}
_CODE_PX = 380


def copy_panel(record: ExchangeRecord, t: Texts) -> None:
    """The call as curl and as Python, with the files beside it, and this exchange as HAR."""
    kind = st.segmented_control(
        t("inspector.copy.kind"),
        list(_KINDS),
        key="inspector_copy_kind",
        default="curl",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    snippet = _KINDS[kind or "curl"](record, exchange_log().files())
    _advice(snippet, t)
    # Not coloured: the comments say what to fill in, and would be pale.
    st.code(snippet.code, language=None, wrap_lines=True, height=_CODE_PX if len(snippet.code) > 2000 else "content")
    with st.container(horizontal=True, key="inspector_copy_downloads"):
        st.download_button(
            t("inspector.copy.bundle", count=len(snippet.files) + 1),
            # Made when it is asked for: packing pictures takes a while.
            snippet.bundle,
            file_name=f"posedeck-{record.id[:8]}-{kind}.zip",
            mime="application/zip",
            key="inspector_bundle",
            on_click="ignore",
            icon=":material/folder_zip:",
        )
        st.download_button(
            t("inspector.har.one"),
            lambda: as_har([record]),
            file_name=f"posedeck-{record.id[:8]}.har",
            mime="application/json",
            key="inspector_har_one",
            on_click="ignore",
            icon=":material/download:",
        )


def session_har(t: Texts) -> None:
    """All exchanges of the session as one HAR file, the first one first."""
    log = exchange_log()
    st.download_button(
        t("inspector.har.all"),
        lambda: as_har(log.records()[::-1]),
        file_name="posedeck-session.har",
        mime="application/json",
        key="inspector_har_all",
        on_click="ignore",
        icon=":material/download:",
    )


def _advice(snippet: Snippet, t: Texts) -> None:
    if snippet.missing:
        st.warning(t("inspector.copy.missing", names=", ".join(snippet.missing)), icon=":material/folder_off:")
    if snippet.files:
        st.caption(t("inspector.copy.files", names=", ".join(snippet.files)))
    if snippet.variables:
        st.caption(t("inspector.copy.variables", names=", ".join(snippet.variables)))
    else:
        st.caption(t("inspector.copy.demo"))
