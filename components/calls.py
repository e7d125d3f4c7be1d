"""Calls that outlive a page run: submitted to a thread, then watched.

A page run is killed by the next click. A call that costs credits must not be, and its answer must not be lost, so it
runs in a thread of its own and its future waits in the session.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
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


def has_ended(key: str) -> bool:
    """Whether the call under this key has its answer, or has failed. Raises KeyError when there is none."""
    future: Future[Any] = st.session_state[key]
    return future.done()


def take(key: str, text: str) -> Any:
    """Wait for the call with its elapsed time on the page; return its answer once, or raise what it raised.

    When a click ends this page run meanwhile, the call goes on and the next run waits for it.
    """
    future: Future[Any] = st.session_state[key]
    with st.spinner(text, show_time=True):
        while not future.done():
            wait([future], timeout=_PULSE_S)
            _let_clicks_in(key)
    del st.session_state[key]
    return future.result()


def take_each(texts: Mapping[str, str]) -> dict[str, Future[Any]]:
    """Wait for several calls side by side, each with its elapsed time on the page; return their ended futures, once.

    When a click ends this page run meanwhile, the calls go on and the next run waits for them.

    Args:
        texts: What is shown while a call is on its way, by its key.
    """
    futures: dict[str, Future[Any]] = {key: st.session_state[key] for key in texts}
    places = dict(zip(texts, st.columns(len(texts)), strict=True))
    with ExitStack() as spinners:
        running = {}
        for key, text in texts.items():
            with places[key]:
                running[key] = spinners.enter_context(ExitStack())
                running[key].enter_context(st.spinner(text, show_time=True))
        while running:
            wait([futures[key] for key in running], timeout=_PULSE_S, return_when=FIRST_COMPLETED)
            _let_clicks_in(next(iter(running)))
            for key in [key for key in running if futures[key].done()]:
                running.pop(key).close()
                places[key].caption(f":material/check: {texts[key]}")
    for key in texts:
        del st.session_state[key]
    return futures


def _let_clicks_in(key: str) -> None:
    # Without a point where a click may end this run the page would hang. Looking into the session is one that draws
    # nothing: what is drawn again and again keeps a browser from drawing the rest.
    _ = key in st.session_state
