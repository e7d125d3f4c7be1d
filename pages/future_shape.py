"""Future shape: one photo in, the same person slimmer and heavier out."""

from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.calls import is_pending, submit, take_each
from components.demo_state import demo_on, run_it_now
from components.engine_state import engine_ready, watch_engine
from components.errors import show_error
from components.language import texts
from components.photo_slot import fits_request, photo_slot, put_photo
from components.refill import offer_refill, show_failed_refill
from components.runs import keep_address, recorder, run_problem
from components.shape_result import fold_heavier, show_shapes
from components.shape_saving import group_of, reopen, saved_run
from components.shape_settings import shape_settings
from components.sources import RemoAccess, own_client, remember_credit, remo_access
from posedeck.clients.remo import RemoRefused
from posedeck.contracts.remo.future_shape import Direction
from posedeck.net.errors import ServiceStarting, VendorError
from posedeck.services.future_shape import ShapeResult, ShapeWish, pose_finder
from posedeck.services.future_shape_runs import PAGE, reshape_and_record, shipped_shapes
from posedeck.services.photos import Photo
from posedeck.services.sources import Source
from posedeck.texts import Texts

_SAMPLE = Path(__file__).resolve().parents[1] / "assets" / "samples" / "body_slim.jpg"
_SLOT = "future_shape_photo"
_RESULTS, _ERRORS, _WANTED = "future_shape_results", "future_shape_errors", "future_shape_wanted"


def _call(direction: Direction) -> str:
    return f"future_shape_call_{direction.value}"


def _forget() -> None:
    for key in (_RESULTS, _ERRORS):
        st.session_state.pop(key, None)
    keep_address(PAGE, None)


def _want() -> None:
    st.session_state[_WANTED] = list(Direction)
    _forget()
    fold_heavier()


def _want_again(direction: Direction) -> None:
    """A strength was changed: what is on the screen of that direction is drawn anew."""
    if direction in st.session_state.get(_RESULTS, {}):
        st.session_state[_WANTED] = [direction]


def _use_sample() -> None:
    put_photo(_SLOT, _SAMPLE.read_bytes(), _SAMPLE.name)
    _forget()
    # Samples never spend a vendor's credits by themselves.
    if remo_access().source is not Source.LIVE:
        _want()


def _show_recorded() -> None:
    put_photo(_SLOT, _SAMPLE.read_bytes(), _SAMPLE.name)
    st.session_state[_RESULTS] = shipped_shapes()


def _start(photo: Photo, wishes: dict[Direction, ShapeWish], access: RemoAccess) -> None:
    find_pose, kept_by, group = pose_finder(own_client()), recorder(), group_of(photo)
    for direction in st.session_state.pop(_WANTED):
        submit(
            _call(direction),
            partial(
                reshape_and_record,
                kept_by,
                access.client,
                access.credentials,
                photo,
                wishes[direction],
                source=access.source,
                base_url=access.base_url,
                find_pose=find_pose,
                group=group,
            ),
        )


def _finish(progress: DeltaGenerator, pending: list[Direction], source: Source, t: Texts) -> None:
    with progress.container():
        ended = take_each({_call(direction): t(f"future_shape.running.{direction.value}") for direction in pending})
    progress.empty()
    results: dict[Direction, ShapeResult] = st.session_state.setdefault(_RESULTS, {})
    errors: dict[Direction, VendorError] = st.session_state.setdefault(_ERRORS, {})
    for direction in pending:
        errors.pop(direction, None)
        try:
            results[direction] = ended[_call(direction)].result()
        except VendorError as error:
            errors[direction] = error
            if isinstance(error, RemoRefused):
                remember_credit(source, error.credit)
    # Side by side the calls end in any order; the later answer knows the balance.
    for result in sorted((results[each] for each in pending if each in results), key=lambda each: each.answered_at):
        remember_credit(result.source, result.credit)
    starting = [direction for direction, error in errors.items() if isinstance(error, ServiceStarting)]
    if starting:
        st.session_state[_WANTED] = starting
        for direction in starting:
            del errors[direction]
        watch_engine(t)


def _reopen() -> None:
    shown: dict[Direction, ShapeResult] = st.session_state.get(_RESULTS, {})
    if any(is_pending(_call(direction)) for direction in Direction):
        return
    if results := reopen(_SLOT, shown.values()):
        st.session_state[_RESULTS] = dict(results)
        st.session_state.pop(_ERRORS, None)
        fold_heavier()


def _show_errors(errors: dict[Direction, VendorError], source: Source, t: Texts) -> None:
    alike = len({(error.message_key, error.detail) for error in errors.values()}) == 1
    for direction, error in errors.items():
        if not (alike and len(errors) == len(Direction)):
            st.markdown(t(f"future_shape.failed.{direction.value}"))
        show_error(error, t)
        offer_refill(error, source, t, then=_want)
        if alike:
            break


t = texts()
access = remo_access()
st.title(t("page.future_shape"), anchor=False)
st.markdown(t("future_shape.lead"))
st.markdown(f":material/auto_fix_high: **{t('future_shape.simulation')}**")
st.caption(f":material/handshake: {t('future_shape.consent')}")
_reopen()
if demo_on() and _SLOT not in st.session_state:
    _show_recorded()
elif st.query_params.get("sample") and _SLOT not in st.session_state:
    _use_sample()
st.button(t("future_shape.use_sample"), key="use_sample", on_click=_use_sample, icon=":material/play_circle:")
left, right = st.columns(2)
with left:
    photo = photo_slot("body", key=_SLOT, t=t, sample=_SAMPLE)
with right:
    wishes = dict(shape_settings(t, source=access.source, on_strength=_want_again))
complete = photo is not None and fits_request([photo], t)
if not access.credentials.complete():
    st.info(t("posture.credentials_missing"), icon=":material/key:")
    complete = False
live, replays = access.source is Source.LIVE, access.source is Source.RECORDED
if live:
    st.caption(f":material/toll: {t('future_shape.live_cost')}")
st.button(
    t(f"future_shape.run{'_live' if live else '_recorded' if replays else ''}"),
    key="show_shapes",
    type="primary",
    on_click=_want,
    disabled=not complete,
    icon=":material/compare:",
)
if photo is not None and complete and st.session_state.get(_WANTED):
    if access.source is not Source.LOCAL or engine_ready():
        _start(photo, wishes, access)
    else:
        watch_engine(t)
# Drawn in every run, so that what stands below keeps its place.
progress = st.empty()
if pending := [direction for direction in Direction if is_pending(_call(direction))]:
    _finish(progress, pending, access.source, t)
run_problem(t)
show_failed_refill(t)
if st.session_state.get(_ERRORS):
    _show_errors(st.session_state[_ERRORS], access.source, t)
if st.session_state.get(_RESULTS):
    keep_address(PAGE, saved_run(st.session_state[_RESULTS].values()))
    if demo_on() and all(result.source is Source.RECORDED for result in st.session_state[_RESULTS].values()):
        run_it_now(t, _want)
    show_shapes(st.session_state[_RESULTS], t)
