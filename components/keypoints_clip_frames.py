"""What NHN's format says of single frames of a clip, and how well the clip's keypoints agree with it over time."""

import math
from contextlib import ExitStack
from dataclasses import dataclass

import streamlit as st

from components.calls import has_ended, is_pending, submit, take
from components.demo_state import demo_on
from components.errors import show_error
from components.keypoints_clip_charts import agreement_chart
from components.keypoints_clip_job import ClipJobs
from components.keypoints_clip_material import kept_run
from components.runs import recorder, run_store
from components.sources import credential_inputs, silent_jobs_client, transport, typed_credentials
from posedeck.engine.video.errors import ClipError
from posedeck.net.errors import VendorError
from posedeck.pose.grades import REMO_2024, load_profile
from posedeck.pose.pose import Pose
from posedeck.runs.run import new_id
from posedeck.services.clip_agreement import FrameAgreement, ask_frames, compare_frames, typical_oks
from posedeck.services.clip_frame_runs import ask_frame, kept_frames
from posedeck.services.clip_frames import SampledFrame, sample_frames, spread_indices
from posedeck.services.clip_material import clip_material
from posedeck.services.clip_runs import CLIP
from posedeck.services.fitting import FittingError
from posedeck.services.kakao_clips import ClipAnswer
from posedeck.services.keypoint_wording import joint_text, number_text
from posedeck.services.keypoints import (
    DEMO_CREDENTIALS,
    LIVE_BASE_URLS,
    KeypointAnswer,
    KeypointCredentials,
    Vendor,
)
from posedeck.services.local_server import local_base_url
from posedeck.services.sources import Source
from posedeck.texts import Texts

_CALL, _ANSWERS, _PROGRESS = "clip_frames_call", "clip_frames_answers", "clip_frames_progress"
_COUNT, _SOURCE = "clip_frames_count", "clip_frames_source"
_FIELDS = ("app_key", "secret_key")
_TICK_S = 0.5


@dataclass
class _Progress:
    """How many frames are answered: written by the thread that asks, read by the page."""

    of: int
    done: int = 0

    def tell(self, done: int) -> None:
        self.done = done


class _ClipGoneError(Exception):
    """The clip is not there any more."""


def frames_panel(jobs: ClipJobs, answer: ClipAnswer, person: int, t: Texts) -> None:
    """Choose frames, ask about them, and show the agreement over time."""
    st.caption(t("clip.frames.lead"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="clip_frames_choices"):
        count = st.slider(t("clip.frames.count"), 4, 48, 12, key=_COUNT, width=260)
        source = Source(
            st.segmented_control(
                t("keypoints.source"),
                [Source.LOCAL.value, *([] if demo_on() else [Source.LIVE.value])],
                default=Source.LOCAL.value,
                format_func=lambda value: t(f"keypoints.source.{value}"),
                key=_SOURCE,
                required=True,
            )
        )
    credentials = DEMO_CREDENTIALS[Vendor.NHN]
    if source is Source.LIVE:
        st.caption(t("keypoints.live.ended"))
        credential_inputs(Vendor.NHN.value, _FIELDS, t)
        credentials = KeypointCredentials(*typed_credentials(Vendor.NHN.value, _FIELDS))
    st.button(
        t("clip.frames.ask"),
        key="clip_frames_ask",
        icon=":material/compare_arrows:",
        disabled=is_pending(_CALL) or not (credentials.key and credentials.secret),
        on_click=_start,
        args=(jobs, answer, count, source, credentials),
    )
    if is_pending(_CALL):
        _watch(t)
        if has_ended(_CALL):
            _finish(t)
    elif (known := _known(answer.job_id)) is not None:
        source, people = known
        _show(compare_frames(answer.tracks, person, people, load_profile(REMO_2024)), answer, source, t)


def _known(job_id: str) -> tuple[Source, dict[int, list[Pose]]] | None:
    """What was answered about frames of a clip: in this session, else as it is kept."""
    known: tuple[str, tuple[Source, dict[int, list[Pose]]] | None] | None = st.session_state.get(_ANSWERS)
    if known is None or known[0] != job_id:
        known = st.session_state[_ANSWERS] = (job_id, kept_frames(run_store(), job_id))
    return known[1]


def _start(jobs: ClipJobs, answer: ClipAnswer, count: int, source: Source, credentials: KeypointCredentials) -> None:
    indices = spread_indices(answer.video.frames, count)
    base_url = LIVE_BASE_URLS[Vendor.NHN] if source is Source.LIVE else local_base_url()
    sender, client = transport(Vendor.NHN.value), silent_jobs_client()
    progress = st.session_state[_PROGRESS] = _Progress(len(indices))
    keeper, asking = recorder(), new_id()

    def ask(frame: SampledFrame) -> KeypointAnswer:
        return ask_frame(
            keeper,
            Vendor.NHN,
            source,
            frame,
            credentials,
            base_url,
            sender,
            job_id=answer.job_id,
            ask=asking,
        )

    store, run = run_store(), kept_run(answer)

    def ask_all() -> tuple[str, tuple[Source, dict[int, list[Pose]]]]:
        with ExitStack() as stack:
            if run is not None:
                clip = stack.enter_context(store.file(run, CLIP))
            else:
                material = stack.enter_context(clip_material(jobs.clip, jobs.chosen, client))
                if material is None:
                    raise _ClipGoneError
                clip = material.clip
            frames = sample_frames(clip, indices)
        return answer.job_id, (source, ask_frames(frames, ask, progress.tell))

    submit(_CALL, ask_all)


@st.fragment(run_every=_TICK_S)
def _watch(t: Texts) -> None:
    progress: _Progress = st.session_state[_PROGRESS]
    st.progress(progress.done / progress.of, text=t("clip.frames.progress", done=progress.done, total=progress.of))
    if has_ended(_CALL):
        st.rerun()


def _finish(t: Texts) -> None:
    try:
        st.session_state[_ANSWERS] = take(_CALL, t("clip.frames.ask"))
    except VendorError as error:
        show_error(error, t)
    except (_ClipGoneError, FileNotFoundError):
        st.warning(t("clip.gone"), icon=":material/videocam_off:")
    except ClipError as error:
        st.error(t("jobs.error.undecodable"), icon=":material/error:")
        st.text(error.message)
    except FittingError as error:
        st.error(t("fitting.impossible"), icon=":material/error:")
        st.text(str(error))
    else:
        st.rerun()


def _show(frames: tuple[FrameAgreement, ...], answer: ClipAnswer, source: Source, t: Texts) -> None:
    st.badge(t(f"keypoints.side.{source.value}", vendor="NHN"), color="gray")
    typical = typical_oks(frames)
    missing = sum(frame.agreement is None for frame in frames)
    if math.isnan(typical):
        st.warning(t("clip.agreement.none", count=len(frames)), icon=":material/person_off:")
        return
    worst = min((frame for frame in frames if not math.isnan(frame.oks)), key=lambda frame: frame.oks)
    text = t(
        "clip.agreement.summary",
        oks=number_text(typical, 3),
        count=len(frames) - missing,
        worst=number_text(worst.oks, 3),
        time=f"{worst.time_s:.2f}",
    )
    st.markdown(f"**{text}**" + (f" {t('clip.agreement.missing', count=missing)}" if missing else ""))
    agreement_chart(frames, float(answer.video.frames / answer.video.fps), t, key="clip_agreement")
    disputed = [(frame, joint) for frame in frames for joint in frame.disputed]
    if disputed:
        st.caption(t("clip.agreement.disputed"))
        st.dataframe(
            [
                {
                    t("clip.time"): round(frame.time_s, 2),
                    t("clip.joint"): joint_text(joint, t),
                    "OKS": round(frame.oks, 3),
                }
                for frame, joint in disputed
            ],
            hide_index=True,
            key="clip_disputed",
            alt=t("clip.agreement.disputed"),
        )
