"""The comparison's choices in the address of the page, so that a link restores them: sources, person, least score."""

import streamlit as st

from components.keypoints_sides import SIDES, side_key
from posedeck.services.keypoints import Vendor
from posedeck.services.sources import CHOSEN_SOURCES

PERSON, THRESHOLD = "person", "threshold"
_RESTORED = "keypoints_link_restored"


def restore_link() -> None:
    """Take over what the address says, once per browser session; what makes no sense is passed over."""
    if st.session_state.get(_RESTORED):
        return
    st.session_state[_RESTORED] = True
    for name in SIDES:
        vendor, _, source = st.query_params.get(name, "").partition("-")
        if vendor in set(Vendor) and source in CHOSEN_SOURCES:
            st.session_state[side_key(name, "vendor")] = vendor
            st.session_state[side_key(name, "source")] = source
    if (person := st.query_params.get(PERSON, "")).isdecimal():
        st.session_state[PERSON] = int(person)
    try:
        st.session_state[THRESHOLD] = min(max(float(st.query_params.get(THRESHOLD, "")), 0.0), 1.0)
    except ValueError:
        st.session_state.setdefault(THRESHOLD, 0.0)


def keep_link() -> None:
    """Write the choices into the address; those that are still as they begin are left out."""
    for name in SIDES:
        chosen = [st.session_state[side_key(name, what)] for what in ("vendor", "source")]
        st.query_params[name] = "-".join(chosen)
    for key, start in ((PERSON, 1), (THRESHOLD, 0.0)):
        value = st.session_state.get(key, start)
        if value != start:
            st.query_params[key] = f"{value:g}"
        elif key in st.query_params:
            del st.query_params[key]
