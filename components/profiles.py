"""Choice of the grade profile and of the calibration; neither makes a call."""

import streamlit as st

from components.demo_state import samples_only
from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import REMO_2024, SHIPPED_NAMES, Profile, load_profile, read_profile
from posedeck.pose.posture import METRIC_BY_KEY
from posedeck.texts import Texts

PROFILE_KEY = "profile"
_OWN_KEY = "own_profile"
_CALIBRATED_KEY = "calibrated"


def profile_choice(ours: bool, t: Texts) -> tuple[Profile, bool]:
    """Let the user choose both; returns the profile and whether values are to be shown calibrated.

    Args:
        ours: Whether the answer is our engine's; only then there is something to calibrate.
        t: Texts of the session.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="profile_row"):
        profile = _select(t)
        calibration = load_calibration()
        calibrated = st.toggle(
            t("calibration.toggle"),
            value=True,
            key=_CALIBRATED_KEY,
            persist_state="session",
            disabled=not ours,
            help=t("calibration.help", version=calibration.version, origin=calibration.origin)
            if ours
            else t("calibration.vendor"),
        )
        _upload_popover(t)
    return profile, calibrated and ours


def choose_profile(t: Texts) -> Profile:
    """Let the user choose the grade profile alone, the same one that the other pages grade by."""
    profile = _select(t)
    _upload_popover(t)
    return profile


def _select(t: Texts) -> Profile:
    own: Profile | None = st.session_state.get(_OWN_KEY)
    name = st.selectbox(
        t("profile.select"),
        options=[*SHIPPED_NAMES, *([own.name] if own else [])],
        format_func=lambda each: _profile(each, own).title,
        key=PROFILE_KEY,
        persist_state="session",
        help=t("profile.switch_note"),
        width=260,
    )
    return _profile(name or REMO_2024, own)


def _upload_popover(t: Texts) -> None:
    with st.popover(t("profile.upload"), icon=":material/upload_file:", key="profile_popover"):
        _upload(t)


def _profile(name: str, own: Profile | None) -> Profile:
    return own if own is not None and name == own.name else load_profile(name)


def _upload(t: Texts) -> None:
    if samples_only(t):
        return
    st.caption(t("profile.upload.help"))
    file = st.file_uploader(t("profile.upload"), type=["toml"], key="profile_upload", label_visibility="collapsed")
    if file is None:
        return
    try:
        profile = read_profile(file.getvalue(), METRIC_BY_KEY)
    except ValueError as error:
        st.error(t("profile.rejected", reason=""), icon=":material/error:")
        st.text(str(error))
        return
    if st.session_state.get(_OWN_KEY) != profile:
        st.session_state[_OWN_KEY] = profile
        st.rerun()
