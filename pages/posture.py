"""Posture: a front and a side photo in, skeleton and eleven graded values out."""

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.audit import audit_panel, audit_upload
from components.badges import calibration_badge, local_engine_note, profile_badge, source_badge
from components.calls import is_pending, submit, take
from components.comparison import comparison_panel, remember_result
from components.demo_state import demo_on
from components.engine_state import engine_ready, watch_engine
from components.errors import show_error
from components.exports import export_buttons
from components.findings import top_findings
from components.guide import reference_guide
from components.keypoint_edits import keypoint_edits
from components.language import texts
from components.metric_table import metric_table
from components.overlay import overlay_viewer, posture_lines
from components.photo_slot import fits_request, photo_slot, put_photo, show_faults
from components.previews import preview_faults
from components.profiles import profile_choice
from components.raw_answer import raw_answer
from components.refill import offer_refill, show_failed_refill
from components.roll import roll_panel
from components.runs import cannot_open, keep_address, recorder, run_in_address, run_link, run_problem, run_store
from components.sources import remember_credit, remo_access
from posedeck.clients.remo import RemoRefused
from posedeck.contracts.remo.audit import AuditReport, audit_answer
from posedeck.net.errors import ServiceStarting, VendorError
from posedeck.pose.grades import REMO_2024
from posedeck.pose.posture import View
from posedeck.services.assessment import Assessment, assess
from posedeck.services.photos import Photo
from posedeck.services.posture import PostureResult
from posedeck.services.posture_runs import PAGE, analyse_and_record, reopen_posture
from posedeck.services.sources import Source
from posedeck.texts import Texts

_SAMPLES = Path(__file__).resolve().parents[1] / "assets" / "samples"
_SAMPLE = {View.FRONT: _SAMPLES / "front_apose.jpg", View.SIDE: _SAMPLES / "side_apose.jpg"}
_RESULT = "posture_result"
_CALL = "posture_call"
_WANTED = "posture_wanted"


def _slot(view: View) -> str:
    return f"posture_{view.value}"


def _use_sample() -> None:
    for view, path in _SAMPLE.items():
        put_photo(_slot(view), path.read_bytes(), path.name)
    st.session_state.pop(_RESULT, None)
    keep_address(PAGE, None)
    # Samples never spend a vendor's credits by themselves.
    if remo_access().source is Source.LOCAL:
        st.session_state[_WANTED] = True


def _want() -> None:
    st.session_state[_WANTED] = True
    st.session_state.pop(_RESULT, None)
    keep_address(PAGE, None)


def _photos(t: Texts) -> dict[View, Photo]:
    photos = {}
    for view, column in zip(View, st.columns(2), strict=True):
        with column:
            photo = photo_slot(view, key=_slot(view), t=t, sample=_SAMPLE[view])
            if photo is not None:
                photos[view] = photo
                show_faults(preview_faults(photo, view), view, t)
    return photos


def _reopen() -> None:
    shown: PostureResult | None = st.session_state.get(_RESULT)
    run = run_in_address(PAGE, shown.run_id if shown else None)
    if run is None or is_pending(_CALL):
        return
    try:
        result = reopen_posture(run_store(), run)
    except (OSError, ValueError):
        cannot_open(run.id, "unreadable")
        return
    for view, photo in result.photos.items():
        put_photo(_slot(view), photo.data, f"{run.created_at:%Y-%m-%d %H:%M} {view.value}")
    st.session_state[_RESULT] = result


def _start(photos: dict[View, Photo]) -> None:
    access, kept_by = remo_access(), recorder()
    submit(
        _CALL,
        lambda: analyse_and_record(
            kept_by,
            access.client,
            access.credentials,
            photos,
            source=access.source,
            base_url=access.base_url,
            profile_name=REMO_2024,
        ),
    )


def _finish(progress: DeltaGenerator, t: Texts) -> None:
    source = remo_access().source
    try:
        with progress:
            result: PostureResult = take(_CALL, t("posture.analysing"))
    except ServiceStarting:
        st.session_state[_WANTED] = True
        watch_engine(t)
    except VendorError as error:
        if isinstance(error, RemoRefused):
            remember_credit(source, error.credit)
        show_error(error, t)
        offer_refill(error, source, t, then=_want)
    else:
        remember_credit(result.source, result.credit)
        st.session_state[_RESULT] = result


def _show(result: PostureResult, t: Texts) -> None:
    keep_address(PAGE, result.run_id)
    profile, calibrated = profile_choice(result.method is not None, t)
    edits = {view: keypoint_edits(_overlay(view), result.photos[view], pose) for view, pose in result.poses.items()}
    assessment = assess(result, profile, calibrated=calibrated, edits=edits)
    current = remember_result(result, assessment)
    report = audit_answer(result.body)

    with st.container(horizontal=True, key="result_badges"):
        source_badge(result.source, t, result.exchange)
        profile_badge(profile, t)
        if assessment.calibration is not None:
            calibration_badge(assessment.calibration, t)
        run_link(result.run_id, t)
    if result.source is Source.LOCAL:
        local_engine_note(t)
    st.header(t("findings.title"), anchor=False)
    top_findings(assessment, t)
    export_buttons(result, assessment, report.findings, t)

    names = ("values", "roll", "audit", "compare", "guide", "raw")
    labels = [t(f"result.tab.{name}") for name in names]
    labels[names.index("audit")] += f" ({len(report.findings)})"
    tabs = dict(zip(names, st.tabs(labels, key="result_tabs", on_change="rerun"), strict=True))
    panels = {
        "values": lambda: _values(result, assessment, t),
        "roll": lambda: roll_panel(assessment, result.photos[View.FRONT], t),
        "audit": lambda: _audit(report, t),
        "compare": lambda: comparison_panel(current, t),
        "guide": lambda: reference_guide(t, profile),
        "raw": lambda: _raw(result, t),
    }
    for name, tab in tabs.items():
        if tab.open:
            with tab:
                panels[name]()


def _overlay(view: View) -> str:
    return f"overlay_{view.value}"


def _values(result: PostureResult, assessment: Assessment, t: Texts) -> None:
    for view, column in zip(View, st.columns(2), strict=True):
        with column:
            if view not in result.poses:
                st.info(t("posture.no_coordinates"), icon=":material/help:")
                continue
            overlay_viewer(
                result.photos[view],
                result.poses[view],
                alt=t(f"overlay.{view.value}.alt"),
                key=_overlay(view),
                t=t,
                lines=posture_lines(assessment, view, t),
                edits=assessment.edits.get(view, {}),
                editable=True,
            )
    metric_table(assessment.metrics, assessment.profile, key="metrics", t=t)


def _audit(report: AuditReport, t: Texts) -> None:
    audit_panel(report, t)
    st.divider()
    audit_upload(t)


def _raw(result: PostureResult, t: Texts) -> None:
    st.subheader(t("posture.result_images"), anchor=False)
    for view, column in zip(View, st.columns(2), strict=True):
        if view in result.result_images:
            column.image(result.result_images[view], alt=t(f"posture.result_image_alt.{view.value}"))
    raw_answer(result.body, result.exchange, t, request_id=result.uuid)


t = texts()
st.title(t("page.posture"), anchor=False)
st.markdown(t("posture.lead"))
st.caption(t("posture.screening"))
_reopen()
run_problem(t)
if (st.query_params.get("sample") or demo_on()) and not any(_slot(view) in st.session_state for view in View):
    _use_sample()
st.button(t("posture.use_sample"), key="use_sample", on_click=_use_sample, icon=":material/play_circle:")
photos = _photos(t)
live = remo_access().source is Source.LIVE
complete = len(photos) == len(View) and fits_request(photos.values(), t)
if not remo_access().credentials.complete():
    st.info(t("posture.credentials_missing"), icon=":material/key:")
    complete = False
st.button(
    t("posture.analyse_live" if live else "posture.analyse"),
    key="analyse",
    type="primary",
    on_click=_want,
    disabled=not complete,
    icon=":material/analytics:",
)
if st.session_state.get(_WANTED) and complete:
    if remo_access().source is not Source.LOCAL or engine_ready():
        del st.session_state[_WANTED]
        _start(photos)
    else:
        watch_engine(t)
# Drawn in every run, so that what stands below keeps its place.
progress = st.empty()
if is_pending(_CALL):
    _finish(progress, t)
show_failed_refill(t)
if _RESULT in st.session_state:
    _show(st.session_state[_RESULT], t)
