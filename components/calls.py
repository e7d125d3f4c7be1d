"""Calls that outlive a page run: submitted to a thread, then watched.

A page run is killed by the next click. A call that costs credits must not be, and its answer must not be lost, so it
runs in a thread of its own and its future waits in the session.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import streamlit as st

#: Calls at once over all sessions; the pose server's own queue is the true limit.
_MAX_CALLS = 16
_PULSE_S = 0.05


@st.cache_resource(max_entries=1)
def _executor() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_MAX_CALLS, thread_name_prefix="call")


def submit(key: str, call: Callable[[], Any]) -> None:
    """Start a call of this session under a key, unless one is already on its way."""
    pending = st.session_state.get(key)
    if pending is None or pending.done():
        st.session_state[key] = _executor().submit(call)


def is_pending(key: str) -> bool:
    """Whether a call under this key waits for its answer to be taken."""
    return key in st.session_state


def take(key: str, text: str) -> Any:
    """Wait for the call with its elapsed time on the page; return its answer once, or raise what it raised.

    When a click ends this page run meanwhile, the call goes on and the next run waits for it.
    """
    future: Future[Any] = st.session_state[key]
    with st.spinner(text, show_time=True):
        pulse = st.empty()
        while not future.done():
            wait([future], timeout=_PULSE_S)
            # Any call of Streamlit's is a point where a click may end this run; without one the page would hang.
            pulse.empty()
    del st.session_state[key]
    return future.result()
