"""Whether this browser session shows PoseDeck to somebody: samples only, nothing is sent to any vendor."""

from collections.abc import Callable

import streamlit as st

from posedeck.texts import Texts

DEMO = "demo"


def demo_on() -> bool:
    """Whether demo mode is on."""
    return bool(st.session_state.get(DEMO, False))


def samples_only(t: Texts) -> bool:
    """Say, where something of one's own is chosen otherwise, that demo mode shows samples only; whether it does."""
    if demo_on():
        st.caption(f":material/slideshow: {t('demo.samples_only')}")
    return demo_on()


def run_it_now(t: Texts, run: Callable[[], None]) -> None:
    """That what is shown was recorded, with the button that has it computed."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="demo_recorded"):
        st.markdown(f":material/history: {t('demo.recorded')}", width="stretch")
        st.button(t("demo.run_now"), key="demo_run_now", type="primary", icon=":material/bolt:", on_click=run)
