"""Recording a cassette: all answers of this installation from the start to the stop of the recording."""

from datetime import datetime

import streamlit as st

from components.runs import run_store
from posedeck.runs.query import RunQuery
from posedeck.runs.run import now
from posedeck.services.replay import cassette_of
from posedeck.services.run_wording import moment_text
from posedeck.texts import Texts

_SINCE = "cassette_recording_since"


def recording_bar(t: Texts) -> None:
    """Start a recording, or see how far it is, download it and stop."""
    since: datetime | None = st.session_state.get(_SINCE)
    with st.container(horizontal=True, vertical_alignment="center", key="cassette_bar"):
        if since is None:
            st.button(
                t("cassette.record"),
                key="cassette_record",
                icon=":material/radio_button_checked:",
                help=t("cassette.record.help"),
                on_click=_start,
            )
            return
        ids = run_store().ids(RunQuery(since=since))
        st.badge(t("cassette.recording"), icon=":material/radio_button_checked:", color="red")
        words = {"since": moment_text(since, st.context.timezone), "count": len(ids)}
        st.caption(t("cassette.recording.since", **words))
        st.download_button(
            t("cassette.download"),
            data=lambda: cassette_of(run_store(), ids),
            file_name=f"posedeck-cassette-{since:%Y%m%d-%H%M%S}.json",
            mime="application/json",
            icon=":material/download:",
            key="cassette_download",
            on_click="ignore",
            disabled=not ids,
        )
        st.button(t("cassette.stop"), key="cassette_stop", icon=":material/stop_circle:", on_click=_stop)


def _start() -> None:
    st.session_state[_SINCE] = now()


def _stop() -> None:
    del st.session_state[_SINCE]
