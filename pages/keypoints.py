"""Keypoints: two answers in Kakao's or NHN's format, about one picture or many, and where they disagree."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.calls import is_pending, submit, take_each
from components.demo_state import demo_on
from components.engine_state import engine_ready, watch_engine
from components.keypoints_batch import batch_tab
from components.keypoints_clip import clip_view
from components.keypoints_comparison import show_comparison
from components.keypoints_facts import side_facts
from components.keypoints_lab import perturbation_lab
from components.keypoints_link import keep_link, restore_link
from components.keypoints_outcome import Outcomes, ask_local_instead, outcomes_of, show_failure
from components.keypoints_picture import SLOT, picture_slot, put_sample_group
from components.keypoints_reopening import group_of, origin_note, reopen_comparison, run_of
from components.keypoints_sides import SIDES, Side, choose_side, side_key, side_title
from components.keypoints_tabs import BATCH, PICTURE, VIDEO, choose_tab
from components.keypoints_view import one_side_view
from components.language import texts
from components.raw_answer import raw_answer
from components.runs import keep_address, run_link, run_problem
from posedeck.services.keypoint_runs import PAGE
from posedeck.services.photos import Photo
from posedeck.services.sources import Source
from posedeck.texts import Texts

_WANTED, _OUTCOMES = "keypoints_wanted", "keypoints_outcomes"


def _call(name: str) -> str:
    return f"keypoints_call_{name}"


def _want(*names: str) -> None:
    st.session_state[_WANTED] = names


def _use_sample() -> None:
    put_sample_group()
    st.session_state.pop(_OUTCOMES, None)
    keep_address(PAGE, None)
    # A sample goes to nobody else by itself, and there is no recorded answer to it.
    if demo_on() or all(st.session_state.get(side_key(name, "source"), Source.LOCAL) == Source.LOCAL for name in SIDES):
        _want(*SIDES)


def _use_local(name: str) -> None:
    ask_local_instead(name)
    _want(name)


def _start(photo: Photo, url: str | None, sides: dict[str, Side]) -> None:
    for name in st.session_state.pop(_WANTED):
        submit(_call(name), partial(sides[name].asker(group_of(photo)), photo, url, {}))


def _finish(progress: DeltaGenerator, photo: Photo, sides: dict[str, Side], t: Texts) -> None:
    pending = [name for name in SIDES if is_pending(_call(name))]
    asked = {_call(name): side_title(sides[name].vendor, sides[name].source, t) for name in pending}
    with progress.container():
        ended = take_each(asked)
    progress.empty()
    outcomes = outcomes_of(photo, {name: ended[_call(name)] for name in pending}, st.session_state.get(_OUTCOMES))
    st.session_state[_OUTCOMES] = outcomes
    if starting := outcomes.starting():
        _want(*starting)
        watch_engine(t)


def _show(outcomes: Outcomes, sides: dict[str, Side], t: Texts) -> None:
    st.header(t("keypoints.result"), anchor=False)
    keep_address(PAGE, run_of(outcomes))
    origin_note(outcomes.photo, t)
    for name, error in outcomes.errors.items():
        show_failure(name, error, t, on_local=_use_local)
    answers = outcomes.answers
    if len(answers) == len(SIDES):
        show_comparison(answers["left"], answers["right"], t)
    for name, answer in answers.items():
        if len(answers) < len(SIDES):
            side_facts({name: answer}, t)
            one_side_view(answer, name, t, key="keypoints_one_side")
    for name, answer in answers.items():
        st.markdown(f"**{t(f'keypoints.{name}')}** · {side_title(answer.vendor, answer.source, t)}")
        run_link(answer.run_id, t)
        raw_answer(answer.body, answer.exchange, t, key=f"raw_{name}")
    if answers:
        perturbation_lab(answers, sides, t)


def _one_picture(t: Texts) -> None:
    if reopened := reopen_comparison(st.session_state.get(_OUTCOMES)):
        st.session_state[_OUTCOMES] = reopened
    st.markdown(t("keypoints.lead"))
    run_problem(t)
    if (st.query_params.get("sample") or demo_on()) and SLOT not in st.session_state:
        _use_sample()
    st.button(t("keypoints.use_sample"), key="use_sample", on_click=_use_sample, icon=":material/play_circle:")
    place, *places = st.columns([1.2, 1, 1])
    chosen = {}
    for name, column in zip(SIDES, places, strict=True):
        with column:
            chosen[name] = choose_side(name, t)
    with place:
        photo, url = picture_slot(by_address=any(side.takes_address() for side in chosen.values()), t=t)
    st.caption(t("keypoints.local_note"))
    st.button(
        t("keypoints.compare"),
        key="compare",
        type="primary",
        on_click=_want,
        args=SIDES,
        disabled=photo is None or not all(side.is_complete for side in chosen.values()),
        icon=":material/compare_arrows:",
    )
    if photo is not None and st.session_state.get(_WANTED):
        local = any(chosen[name].source is Source.LOCAL for name in st.session_state[_WANTED])
        if local and not engine_ready():
            watch_engine(t)
        else:
            _start(photo, url, chosen)
    # Drawn in every run, so that what stands below keeps its place.
    progress = st.empty()
    if photo is not None and any(is_pending(_call(name)) for name in SIDES):
        _finish(progress, photo, chosen, t)
    if _OUTCOMES in st.session_state:
        _show(st.session_state[_OUTCOMES], chosen, t)
    keep_link()


t = texts()
restore_link()
st.title(t("page.keypoints"), anchor=False)
{PICTURE: _one_picture, VIDEO: clip_view, BATCH: batch_tab}[choose_tab(t)](t)
