"""Refilling the demo account, offered where a call failed for want of credits."""

from collections.abc import Callable

import streamlit as st

from components.errors import NO_CREDIT, show_error
from components.sources import own_client
from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_CREDIT
from posedeck.net.errors import VendorError
from posedeck.services.sources import Source
from posedeck.texts import Texts

_FAILED = "refill_failed"


def offer_refill(error: VendorError, source: Source, t: Texts, *, then: Callable[[], None]) -> None:
    """A button for it, when the local engine's account is what is empty; what comes then is up to the page."""
    if error.code == NO_CREDIT and source is Source.LOCAL:
        st.button(t("posture.refill"), key="refill", on_click=_refill, args=(then,), icon=":material/add_card:")


def show_failed_refill(t: Texts) -> None:
    """Say once that the last refill was refused."""
    if _FAILED in st.session_state:
        show_error(st.session_state.pop(_FAILED), t)


def _refill(then: Callable[[], None]) -> None:
    try:
        own_client().refill(DEMO_ACCOUNT[0], DEMO_CREDIT)
    except VendorError as error:
        st.session_state[_FAILED] = error
    else:
        then()
