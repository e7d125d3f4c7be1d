"""The video part of the keypoints page: a clip in Kakao's form, as a job."""

from pathlib import Path

import streamlit as st

from components.clip_upload import clip_upload, forget_clip
from components.demo_state import demo_on, samples_only
from components.engine_state import engine_ready, watch_engine
from components.keypoints_clip_job import (
    answers,
    clip_jobs,
    finish_submit,
    is_submitting,
    kakao_key,
    reopen,
    restore,
    start,
    watch,
)
from components.keypoints_clip_result import clip_result
from components.runs import run_in_address, run_store
from components.sources import credential_inputs
from posedeck.clients.kakao_job import UploadName
from posedeck.contracts.kakao.job import MAX_VIDEO_BYTES
from posedeck.services.clip_runs import PAGE, reopen_clip
from posedeck.services.sources import Source
from posedeck.texts import Texts

_SAMPLE = Path(__file__).resolve().parents[1] / "assets" / "samples" / "soccer_kick.mp4"
_UPLOAD, _FROM, _URL = "clip_upload", "clip_from", "clip_url"
_SOURCE, _SMOOTHING, _CALLBACK = "clip_source", "clip_smoothing", "clip_callback"
_WAYS = ("sample", "upload", "url")
_KINDS = ("both", "on", "off")


def clip_view(t: Texts) -> None:
    """Choose a clip and who answers; watch the job; see its result."""
    _reopen()
    if restore() and (jobs := clip_jobs()) is not None:
        # Its key is asked for where it was sent.
        st.session_state[_SOURCE] = jobs.chosen.source.value
    st.markdown(t("clip.lead"))
    place, options = st.columns([1.2, 1], gap="medium")
    with options, st.container(border=True, key="clip_options"):
        source = _choose_source(t)
        kind = st.segmented_control(
            t("clip.smoothing"),
            _KINDS,
            default="both",
            format_func=lambda each: t(f"clip.smoothing.{each}"),
            key=_SMOOTHING,
            help=t("clip.smoothing.help"),
            required=True,
            persist_state="session",
        )
        callback = "" if demo_on() else _choose_callback(t)
    with place, st.container(border=True, key="clip_place"):
        clip = _choose_clip(t)
    if source is Source.LOCAL and not engine_ready():
        watch_engine(t)
        return
    st.button(
        t("clip.submit"),
        key="clip_submit",
        type="primary",
        icon=":material/movie:",
        disabled=clip is None or not kakao_key(source) or is_submitting(),
        on_click=_start,
        args=(clip, source, kind, callback),
    )
    if is_submitting():
        finish_submit(t)
    jobs = clip_jobs()
    if jobs is not None:
        if any(job.job_id not in answers() for job in jobs.each):
            watch(jobs, t)
        clip_result(jobs, t)


def _reopen() -> None:
    jobs = clip_jobs()
    shown = answers().get(jobs.chosen.job_id) if jobs is not None else None
    run = run_in_address(PAGE, getattr(shown, "run_id", None))
    if run is not None:
        reopen(reopen_clip(run_store(), run))


def _start(clip: Path | UploadName | str, source: Source, kind: str, callback: str) -> None:
    st.query_params.pop("run", None)
    forget_clip(_UPLOAD)
    start(clip, source, smoothing=kind != "off", both=kind == "both", callback_url=callback)


def _choose_callback(t: Texts) -> str:
    address = st.text_input(
        t("clip.callback"),
        key=_CALLBACK,
        help=t("clip.callback.help"),
        placeholder="https://",
        persist_state="session",
    )
    return address.strip()


def _choose_source(t: Texts) -> Source:
    if demo_on():
        st.caption(t("clip.local_note"))
        return Source.LOCAL
    st.session_state.setdefault(_SOURCE, Source.LOCAL.value)
    chosen = st.segmented_control(
        t("keypoints.source"),
        [Source.LOCAL.value, Source.LIVE.value],
        format_func=lambda value: t(f"keypoints.source.{value}"),
        key=_SOURCE,
        required=True,
        persist_state="session",
    )
    source = Source(chosen or Source.LOCAL)
    st.caption(t("clip.local_note" if source is Source.LOCAL else "keypoints.live.ended"))
    if source is Source.LIVE:
        credential_inputs("kakao", ("rest_api_key",), t)
    return source


def _choose_clip(t: Texts) -> Path | UploadName | str | None:
    if samples_only(t):
        return _sample(t)
    way = st.segmented_control(
        t("clip.from"),
        _WAYS,
        default="sample",
        format_func=lambda each: t(f"clip.from.{each}"),
        key=_FROM,
        required=True,
        persist_state="session",
    )
    if way == "sample":
        return _sample(t)
    if way == "url":
        url = st.text_input(t("clip.url"), key=_URL, placeholder="https://", help=t("clip.url.help")).strip()
        return url or None
    uploaded = clip_upload(t, key=_UPLOAD)
    if uploaded is None:
        return None
    if uploaded.size > MAX_VIDEO_BYTES:
        st.error(t("clip.too_large"), icon=":material/error:")
        return None
    return UploadName(uploaded.upload)


def _sample(t: Texts) -> Path:
    st.markdown(f":material/movie: {t('soccer.sample')}")
    return _SAMPLE
