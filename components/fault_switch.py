"""Which faults of the lab this session has switched on, and what that adds to its calls."""

import dataclasses
import secrets
from urllib.parse import urlsplit

import streamlit as st

from posedeck.contracts.faults import SESSION_HEADER, Target, target_of
from posedeck.net.exchange import Amend, Call
from posedeck.services.local_server import local_base_url

_FAULTS = "faults"
_SESSION = "fault_session"


def faults_on() -> dict[Target, str]:
    """The faults that are on, by call."""
    on: dict[Target, str] = st.session_state.get(_FAULTS, {})
    return on


def remember_faults(faults: dict[Target, str]) -> None:
    """Keep what the server was told."""
    st.session_state[_FAULTS] = faults


def fault_session() -> str:
    """This session's id in the lab; unguessable, for whoever sends it gets the faults."""
    session: str = st.session_state.setdefault(_SESSION, secrets.token_hex(16))
    return session


def fault_switch() -> Amend | None:
    """What lets calls to our own server take part in the faults of the session; None while there are none."""
    faults, session, local = faults_on(), fault_session(), local_base_url()
    if not faults:
        return None
    base = urlsplit(local).path

    def amend(call: Call) -> Call:
        # No vendor ever gets to see the header.
        if not call.url.startswith(f"{local}/"):
            return call
        path = urlsplit(call.url).path.removeprefix(base)
        if target_of(call.method, path) not in faults:
            return call
        return dataclasses.replace(call, headers={**call.headers, SESSION_HEADER: session})

    return amend
