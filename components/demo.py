"""Demo mode: one switch, keys for presenters, and a guided tour over the four pages.

The browser keeps the time and listens to the keys; what it asks for comes back as one command at a time.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components.assets import read_assets
from components.demo_state import DEMO, demo_on
from components.engine_state import engine_ready, watch_engine
from posedeck.texts import Texts

#: Pages in the order of the keys 1 to 4.
PRESENTED = ("posture", "future_shape", "soccer", "keypoints")
_KEY, _TOUR, _GOTO = "demo_bar", "demo_tour", "demo_goto"
#: How the session keys begin that hold the presented pages' photos, answers and choices.
_OF_PAGES = (
    *("posture_", "future_shape_", "keypoints_", "kick_", "clip_", "batch_"),
    *("profile", "own_profile", "run_address_"),
)

_mount = st.components.v2.component(
    "posedeck_demo",
    html='<div class="demo"></div>',
    css=read_assets("demo.css"),
    js=read_assets("dom.js", "demo.js"),
)


@dataclass(frozen=True)
class Step:
    """A stop of the tour.

    Attributes:
        page: Where it is.
        seconds: How long it stays.
        anchor: CSS selector of what is brought into view; what follows ``>>>`` is looked for inside a component.
    """

    page: str
    seconds: int
    anchor: str


#: Ninety seconds; the words are ``demo.step.<number>``.
STEPS = (
    Step("posture", 10, ".st-key-result_badges"),
    Step("posture", 13, ".st-key-metrics"),
    Step("future_shape", 11, ".st-key-future_shape_strip"),
    Step("future_shape", 12, ".st-key-future_shape_slider"),
    Step("soccer", 11, ".st-key-kick_viewer"),
    Step("soccer", 11, ".kick-table"),
    Step("keypoints", 11, ".st-key-keypoints_view >>> .stage"),
    Step("keypoints", 11, ".st-key-keypoints_view >>> .joints"),
)


@dataclass(frozen=True)
class _Tour:
    """Where the tour stands; ``begun`` is when its first step would have begun had it never paused."""

    step: int
    begun: float
    paused_after_s: float | None = None

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self.begun if self.paused_after_s is None else self.paused_after_s


def demo_switch(t: Texts) -> None:
    """The switch, for the header."""
    if st.query_params.get(DEMO) and DEMO not in st.session_state:
        st.session_state[DEMO] = True
    st.toggle(t("demo.switch"), key=DEMO, help=t("demo.switch.help"), on_change=_switched, persist_state="session")


def demo_bar(page: str, pages: Mapping[str, Any], t: Texts) -> None:
    """The bar of keys and tour while demo mode is on; goes to the page that was asked for.

    Args:
        page: Name of the page that is shown.
        pages: The pages that exist, by name, as ``st.switch_page`` takes them.
        t: Texts of the session.
    """
    if not demo_on():
        return
    wanted = st.session_state.pop(_GOTO, None)
    if wanted in pages and wanted != page:
        st.switch_page(pages[wanted])
    presented = [name for name in PRESENTED if name in pages]
    steps = [step for step in STEPS if step.page in pages]
    tour: _Tour | None = st.session_state.get(_TOUR)
    _mount(
        key=_KEY,
        data={
            "page": page,
            "pages": [
                {"key": str(PRESENTED.index(name) + 1), "name": name, "title": t(f"page.{name}")} for name in presented
            ],
            "step": None if tour is None else tour.step,
            "running": tour is not None and tour.paused_after_s is None,
            "left_s": None if tour is None else max(_end_s(steps, tour.step) - tour.elapsed_s, 0.5),
            "total_s": None if tour is None else steps[tour.step].seconds,
            "anchor": None if tour is None else steps[tour.step].anchor,
            "count": len(steps),
            "words": None if tour is None else t(f"demo.step.{STEPS.index(steps[tour.step])}"),
            "text": {
                name: t(f"demo.{name}")
                for name in ("bar", "start", "pause", "resume", "next", "back", "stop", "keys", "progress")
            },
        },
        on_command_change=_obey(steps),
    )
    if not engine_ready():
        watch_engine(t)


def _switched() -> None:
    st.session_state.pop(_TOUR, None)
    for key in ("run", *([] if demo_on() else [DEMO])):
        st.query_params.pop(key, None)
    if demo_on():
        # Whatever photos were chosen before are nobody else's business.
        for key in [str(key) for key in st.session_state if str(key).startswith(_OF_PAGES)]:
            del st.session_state[key]


def _obey(steps: list[Step]) -> Callable[[], None]:
    def obey() -> None:
        command = st.session_state[_KEY].get("command")
        if command is None:
            return
        name, _, value = str(command).partition(":")
        if name == "page" and value in PRESENTED:
            # Who chooses a page leads the show himself.
            st.session_state.pop(_TOUR, None)
            st.session_state[_GOTO] = value
        elif name in _TOUR_COMMANDS:
            _change(_TOUR_COMMANDS[name](st.session_state.get(_TOUR), steps), steps)

    return obey


def _change(tour: _Tour | None, steps: list[Step]) -> None:
    if tour is None:
        st.session_state.pop(_TOUR, None)
        return
    st.session_state[_TOUR] = tour
    st.session_state[_GOTO] = steps[tour.step].page


def _at(step: int, steps: list[Step], tour: _Tour | None) -> _Tour | None:
    """The tour at the beginning of a step; over when there is none."""
    if not 0 <= step < len(steps):
        return None
    elapsed = _end_s(steps, step) - steps[step].seconds
    paused = tour is not None and tour.paused_after_s is not None
    return _Tour(step, time.monotonic() - elapsed, elapsed if paused else None)


def _next(tour: _Tour | None, steps: list[Step]) -> _Tour | None:
    if tour is None:
        return None
    following = _at(tour.step + 1, steps, tour)
    # On time the clock runs on, so that the whole takes its ninety seconds whatever a page takes to load.
    on_time = following is not None and tour.paused_after_s is None and tour.elapsed_s >= _end_s(steps, tour.step) - 1
    return _Tour(tour.step + 1, tour.begun) if on_time else following


def _back(tour: _Tour | None, steps: list[Step]) -> _Tour | None:
    return None if tour is None else _at(max(tour.step - 1, 0), steps, tour)


def _toggle(tour: _Tour | None, steps: list[Step]) -> _Tour | None:
    if tour is None:
        return _at(0, steps, None)
    if tour.paused_after_s is None:
        return _Tour(tour.step, tour.begun, tour.elapsed_s)
    return _Tour(tour.step, time.monotonic() - tour.paused_after_s)


def _end_s(steps: list[Step], step: int) -> float:
    return float(sum(each.seconds for each in steps[: step + 1]))


_TOUR_COMMANDS: Mapping[str, Callable[[_Tour | None, list[Step]], _Tour | None]] = {
    "toggle": _toggle,
    "next": _next,
    "back": _back,
    "stop": lambda *_: None,
}
