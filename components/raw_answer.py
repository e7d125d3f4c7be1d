"""The answer as it came, folded, with the facts of its transport."""

from typing import Any

import streamlit as st

from posedeck.net.exchange import Exchange
from posedeck.services.collapse import collapse_base64
from posedeck.services.wording import size_text
from posedeck.texts import Texts

_PHASES = ("connect", "send", "wait", "receive")


@st.fragment
def raw_answer(
    body: Any, exchange: Exchange | None, t: Texts, *, request_id: str = "", key: str = "raw_answer"
) -> None:
    """Show the JSON of an answer, pictures collapsed, under its status, request id and timings.

    Args:
        body: The answer as it came.
        exchange: What it came by; None for an answer that was read from a file.
        t: Texts of the session.
        request_id: The vendor's name for the request, when it gave one.
        key: Stable key of the expander.
    """
    answer = st.expander(t("raw.title"), icon=":material/data_object:", key=key, on_change="rerun")
    if not answer.open:
        return
    with answer:
        with st.container(horizontal=True, gap="large", key=f"{key}_facts"):
            for label, value in _facts(exchange, request_id, t) if exchange else ():
                with st.container(width="content", gap=None):
                    st.caption(label)
                    st.text(value)
        st.caption(t("raw.note"))
        st.json(collapse_base64(body), expanded=1)


def _facts(exchange: Exchange, request_id: str, t: Texts) -> list[tuple[str, str]]:
    facts = [
        (t("raw.status"), str(exchange.status)),
        (t("raw.request"), request_id or t("raw.unknown")),
        (t("raw.attempts"), str(exchange.attempts)),
        (t("raw.sent"), size_text(exchange.bytes_sent)),
        (t("raw.received"), size_text(exchange.bytes_received)),
    ]
    for phase in _PHASES:
        seconds = getattr(exchange.timings, f"{phase}_s")
        if seconds is not None:
            facts.append((t(f"raw.{phase}"), f"{1000 * seconds:.0f} ms"))
    return facts
