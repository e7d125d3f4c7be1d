"""The fault lab: the local server goes wrong on demand, for this session's calls only."""

from itertools import groupby

import streamlit as st

from components.errors import show_error
from components.fault_switch import fault_session, faults_on, remember_faults
from components.sources import forget_credits, own_client
from posedeck.contracts.faults import Target, codes_of, faults_of
from posedeck.net.errors import VendorError
from posedeck.services.sources import VENDOR_NAMES
from posedeck.texts import Texts

_OFF = "off"
_FAILED = "fault_lab_failed"


def _key(target: Target) -> str:
    return f"fault_{target.value}"


def fault_lab(t: Texts) -> None:
    """A choice of fault for each call, vendor by vendor."""
    st.markdown(t("fault.lead"))
    if (failure := st.session_state.pop(_FAILED, None)) is not None:
        show_error(failure, t)
    vendors = [(vendor, list(targets)) for vendor, targets in groupby(Target, key=lambda target: target.vendor)]
    for column, (vendor, targets) in zip(st.columns(len(vendors)), vendors, strict=True):
        with column:
            st.markdown(f"**{VENDOR_NAMES[vendor]}**")
            for target in targets:
                _choice(target, t)
    st.button(
        t("fault.all_off"),
        key="fault_all_off",
        on_click=switch_off,
        disabled=not faults_on(),
        icon=":material/power_settings_new:",
    )
    st.caption(t("fault.curl"))


def _choice(target: Target, t: Texts) -> None:
    # The server is told by the callback, so what it was told last is what the widget shows.
    st.session_state[_key(target)] = faults_on().get(target, _OFF)
    st.selectbox(
        t(f"fault.target.{target.value}"),
        [_OFF, *faults_of(target)],
        format_func=lambda fault: fault_text(target, fault, t),
        key=_key(target),
        on_change=_set,
        args=(target,),
    )


def fault_text(target: Target, fault: str, t: Texts) -> str:
    """A fault in words; one of the vendor's own errors by its code and name."""
    code = codes_of(target).get(fault)
    return t(f"fault.{fault}") if code is None else t("fault.code", code=int(code), name=fault)


def switch_off() -> None:
    """Switch all faults off; for callbacks."""
    _tell({})


def fault_banner(t: Texts) -> None:
    """On every page while a fault is on: that it is, which, and the way out."""
    faults = faults_on()
    if not faults:
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="fault_banner"):
        st.badge(t("fault.badge"), icon=":material/bug_report:", color="red", help=t("fault.badge.help"))
        named = (
            f"{VENDOR_NAMES[target.vendor]}, {t(f'fault.target.{target.value}')}: {fault_text(target, fault, t)}"
            for target, fault in faults.items()
        )
        st.caption(" · ".join(named))
        st.button(t("fault.all_off"), key="fault_banner_off", on_click=switch_off, icon=":material/power_settings_new:")


def _set(target: Target) -> None:
    fault = st.session_state[_key(target)]
    others = {each: on for each, on in faults_on().items() if each is not target}
    _tell(others if fault == _OFF else {**others, target: fault})


def _tell(faults: dict[Target, str]) -> None:
    try:
        own_client().set_faults(fault_session(), faults)
    except VendorError as error:
        st.session_state[_FAILED] = error
    else:
        remember_faults(faults)
        forget_credits()
