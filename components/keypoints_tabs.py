"""The parts of the keypoints page; the address says which one is open."""

import streamlit as st

from posedeck.texts import Texts

PICTURE, VIDEO, BATCH = "picture", "video", "batch"
_TABS = (PICTURE, VIDEO, BATCH)
_ICONS = {PICTURE: ":material/image:", VIDEO: ":material/movie:", BATCH: ":material/photo_library:"}
_KEY, _WRITTEN, _PARAMETER = "keypoints_tab", "keypoints_tab_written", "view"
#: What the address says about a part, and nothing about the others.
_OWN = {PICTURE: ("left", "right", "run", "sample"), VIDEO: ("job", "other", "run"), BATCH: ("job", "picture", "run")}


def choose_tab(t: Texts) -> str:
    """Let the user choose the part; a link to another one leads there."""
    st.session_state.setdefault(_KEY, PICTURE)
    asked = st.query_params.get(_PARAMETER)
    # What this page wrote there itself is no wish: the user may have chosen another part since.
    if asked in _TABS and asked != st.session_state.get(_WRITTEN):
        st.session_state[_KEY] = asked
    tab = st.segmented_control(
        t("keypoints.tab"),
        _TABS,
        format_func=lambda each: f"{_ICONS[each]} {t(f'keypoints.tab.{each}')}",
        key=_KEY,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    chosen = tab or PICTURE
    left = st.session_state.get(_WRITTEN, chosen)
    for other in _TABS:
        # A name that both parts have means another thing in each, so it goes when the user changes between them.
        kept = _OWN[chosen] if chosen in (left, asked) else ()
        for name in _OWN[other]:
            if other != chosen and name not in kept and name in st.query_params:
                del st.query_params[name]
    if chosen != PICTURE:
        st.query_params[_PARAMETER] = chosen
    elif _PARAMETER in st.query_params:
        del st.query_params[_PARAMETER]
    st.session_state[_WRITTEN] = chosen
    return chosen
