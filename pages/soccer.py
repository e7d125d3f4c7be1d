"""Soccer: one clip of a kick, submitted as a job, watched, and shown with what one camera can tell of it."""

from pathlib import Path

import streamlit as st

from components.clip_upload import clip_upload, forget_clip
from components.demo_state import demo_on, run_it_now, samples_only
from components.engine_state import engine_ready, watch_engine
from components.kick_access import soccer_access
from components.kick_job import (
    RESULT,
    finish_submit,
    forget,
    has_failed,
    is_submitting,
    restore,
    show_failure,
    start,
    submitted,
    watch_job,
)
from components.kick_recorded import (
    choose_recorded,
    finish_play,
    is_playing,
    open_recorded,
    play_clip,
    recorded_kicks,
)
from components.kick_result import kick_result
from components.language import texts
from components.runs import keep_address, run_in_address, run_problem, run_store
from posedeck.contracts.remo.soccer import CREDITS, MAX_HEIGHT_CM, MIN_HEIGHT_CM
from posedeck.services.soccer_runs import PAGE, reopen_kick, shipped_kick
from posedeck.services.sources import Source

_SAMPLE_CLIP = Path(__file__).resolve().parents[1] / "assets" / "samples" / "soccer_kick.mp4"
_SAMPLE_HEIGHT_CM = 174.8
_USE_SAMPLE, _HEIGHT, _UPLOAD = "kick_use_sample", "kick_height", "kick_upload"


def _take_sample() -> None:
    st.session_state[_USE_SAMPLE] = True
    st.session_state[_HEIGHT] = _SAMPLE_HEIGHT_CM


def _analyse_sample() -> None:
    _take_sample()
    keep_address(PAGE, None)
    start(_SAMPLE_CLIP, _SAMPLE_HEIGHT_CM, soccer_access())


def _leave_sample() -> None:
    st.session_state.pop(_USE_SAMPLE, None)


def _analyse(clip: Path | str) -> None:
    keep_address(PAGE, None)
    if soccer_access().source is Source.RECORDED:
        play_clip(clip, st.session_state[_HEIGHT], recorded_kicks())
        return
    # An upload is good for one job.
    forget_clip(_UPLOAD)
    start(clip, st.session_state[_HEIGHT], soccer_access())


t = texts()
if run := run_in_address(PAGE, getattr(st.session_state.get(RESULT), "run_id", None)):
    forget()
    st.session_state[RESULT] = reopen_kick(run_store(), run)
restore()
st.title(t("page.soccer"), anchor=False)
st.markdown(t("soccer.lead"))
run_problem(t)
source = soccer_access().source
local, replays = source is Source.LOCAL, source is Source.RECORDED
busy = is_submitting() or is_playing()
if demo_on() and submitted() is None and RESULT not in st.session_state and not busy:
    _take_sample()
    st.session_state[RESULT] = shipped_kick()
recorded = demo_on() and getattr(st.session_state.get(RESULT), "source", None) is Source.RECORDED
if local and not recorded and not engine_ready():
    watch_engine(t)
    st.stop()
# A sample costs nothing here; it goes to nobody else by itself.
if st.query_params.get("sample") and submitted() is None and RESULT not in st.session_state and not busy:
    st.query_params.pop("sample")
    _analyse_sample() if local else _take_sample()
st.button(
    t("soccer.use_sample"),
    key="use_sample",
    on_click=_analyse_sample if local else _take_sample,
    icon=":material/play_circle:",
    disabled=busy,
)
st.caption(t("soccer.how"))
place, options = st.columns([2, 1], vertical_alignment="top")
clip: Path | str | None = None
with place:
    if st.session_state.get(_USE_SAMPLE) or demo_on():
        clip = _SAMPLE_CLIP
        with st.container(horizontal=True, vertical_alignment="center", key="kick_sample"):
            st.markdown(f":material/movie: {t('soccer.sample')}")
            if not samples_only(t):
                st.button(t("soccer.sample.remove"), key="kick_leave_sample", on_click=_leave_sample)
    else:
        uploaded = clip_upload(t, key=_UPLOAD)
        clip = uploaded.upload if uploaded else None
with options:
    st.session_state.setdefault(_HEIGHT, 170.0)
    st.number_input(
        t("soccer.height"),
        MIN_HEIGHT_CM,
        MAX_HEIGHT_CM,
        step=0.5,
        format="%.1f",
        key=_HEIGHT,
        help=t("soccer.height.help"),
        persist_state="session",
    )
if replays:
    st.caption(t("soccer.play.note"))
else:
    st.caption(t("soccer.submit.cost" if local else "soccer.submit.live", credits=CREDITS))
st.button(
    t("soccer.play.clip_button" if replays else "soccer.submit"),
    key="kick_submit",
    type="secondary" if replays else "primary",
    on_click=_analyse,
    args=(clip,),
    disabled=clip is None or not soccer_access().ready or busy,
    icon=":material/sports_soccer:",
)
if replays:
    choose_recorded(recorded_kicks(), t)
with st.expander(t("soccer.recorded"), icon=":material/draft:", key="kick_recorded_choice"):
    open_recorded(t)
if is_submitting():
    finish_submit(t)
if is_playing():
    finish_play(t)
if has_failed():
    show_failure(t)
elif RESULT in st.session_state:
    keep_address(PAGE, st.session_state[RESULT].run_id)
    if recorded:
        run_it_now(t, _analyse_sample)
    kick_result(st.session_state[RESULT], t)
elif submitted() is not None:
    watch_job(t)
