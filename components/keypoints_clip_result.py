"""What a clip's answer shows: everybody frame by frame, scores, drop-outs, trembling, agreement with single frames."""

from functools import partial

import numpy as np
import streamlit as st

from components.badges import source_badge
from components.frame_viewer import Clip, People, frame_viewer
from components.keypoints_clip_charts import confidence_chart, trembling_chart
from components.keypoints_clip_frames import frames_panel
from components.keypoints_clip_job import ClipJobs, answers, fetch_again
from components.keypoints_clip_material import browser_clip
from components.raw_answer import raw_answer
from components.runs import run_link
from posedeck.pose.pose import FloatArray
from posedeck.pose.steadiness import drop_outs, trembling
from posedeck.services.clip_export import tracks_csv, tracks_json
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded
from posedeck.services.keypoint_wording import joint_text, percent_text
from posedeck.services.sources import Source
from posedeck.texts import Texts

_CHARTS = "clip_charts"
_THRESHOLD, _PERSON = "clip_threshold", "clip_person"
_SHOWN_DROP_OUTS = 50


def clip_result(jobs: ClipJobs, t: Texts) -> None:
    """The result of the chosen job, as far as it is there."""
    got = answers().get(jobs.chosen.job_id)
    if isinstance(got, ClipEnded):
        key = "clip.not_found" if got.status == "not found" else "clip.failed"
        st.error(t(key), icon=":material/error:")
        st.text(got.description or "")
        st.button(t("soccer.job.fetch"), key="clip_fetch_again", on_click=fetch_again, icon=":material/refresh:")
    elif got is not None:
        _show(jobs, got, t)


def _show(jobs: ClipJobs, answer: ClipAnswer, t: Texts) -> None:
    video = answer.video
    st.header(t("clip.result"), anchor=False)
    with st.container(horizontal=True, key="clip_badges"):
        source_badge(answer.source, t, answer.exchange)
    if answer.source is Source.LOCAL:
        st.caption(t("clip.local_note"))
    run_link(answer.run_id, t)
    facts = t(
        "clip.facts",
        people=len(answer.tracks),
        frames=video.frames,
        fps=f"{video.fps:g}",
        size=f"{video.width} × {video.height}",
    )
    st.markdown(f"**{facts}**")
    _exports(answer, t)
    if not answer.tracks:
        st.info(t("clip.nobody"), icon=":material/person_off:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="clip_choices"):
        person = _person(answer, t)
        threshold = st.slider(t("keypoints.threshold"), 0.0, 1.0, 0.3, 0.05, key=_THRESHOLD, width=260)
    unsmoothed = _unsmoothed(jobs)
    _viewer(jobs, answer, unsmoothed, threshold, t)
    with st.container(key=_CHARTS):
        st.subheader(t("clip.confidence"), anchor=False)
        confidence_chart(answer.tracks[person], t, key="clip_confidence")
        _drop_outs(answer, person, threshold, t)
        _steadiness(answer, unsmoothed, person, t)
        st.subheader(t("clip.frames"), anchor=False)
        frames_panel(jobs, answer, person, t)
    raw_answer({**answer.body, "annotations": answer.body["annotations"][:1]}, answer.exchange, t, key="clip_raw")


def _person(answer: ClipAnswer, t: Texts) -> int:
    by_frames = sorted(answer.tracks, key=lambda number: -int(answer.tracks[number].seen.sum()))
    if len(by_frames) == 1:
        return by_frames[0]
    return int(
        st.selectbox(
            t("clip.person"),
            by_frames,
            format_func=lambda number: t(
                "clip.person.seen", number=number, frames=int(answer.tracks[number].seen.sum())
            ),
            key=_PERSON,
            width=260,
        )
    )


def _unsmoothed(jobs: ClipJobs) -> ClipAnswer | None:
    other = None if jobs.unsmoothed is None else answers().get(jobs.unsmoothed.job_id)
    return other if isinstance(other, ClipAnswer) else None


def _viewer(jobs: ClipJobs, answer: ClipAnswer, unsmoothed: ClipAnswer | None, threshold: float, t: Texts) -> None:
    src = browser_clip(jobs, answer)
    if src is None:
        st.warning(t("clip.gone"), icon=":material/videocam_off:")
        return
    shown = [("clip.drawn" if unsmoothed is None else "clip.job.smoothed", answer)]
    if unsmoothed is not None:
        shown.append(("clip.job.plain", unsmoothed))
    frame_viewer(
        [
            Clip(
                src,
                t(title),
                t("clip.drawn.alt"),
                People(each.tracks, (each.video.width, each.video.height), threshold),
            )
            for title, each in shown
        ],
        np.arange(answer.video.frames) / answer.video.fps,
        key="clip_viewer",
        t=t,
        charts_key=_CHARTS,
    )


def _drop_outs(answer: ClipAnswer, person: int, threshold: float, t: Texts) -> None:
    track = answer.tracks[person]
    found = drop_outs(track, threshold)
    st.subheader(t("clip.dropouts"), anchor=False)
    if not found:
        st.markdown(f":material/check_circle: {t('clip.dropouts.none', threshold=f'{threshold:.2f}')}")
        return
    longest = found[0]
    per_s = answer.video.fps
    st.markdown(
        t(
            "clip.dropouts.longest",
            count=len(found),
            joint=joint_text(longest.joint, t),
            seconds=f"{longest.frames / per_s:.2f}",
            start=f"{track.times_s[longest.start]:.2f}",
        )
    )
    st.dataframe(
        [
            {
                t("clip.joint"): joint_text(each.joint, t),
                t("clip.from_s"): round(float(track.times_s[each.start]), 2),
                t("clip.frames_count"): each.frames,
                t("clip.seconds"): round(each.frames / per_s, 2),
            }
            for each in found[:_SHOWN_DROP_OUTS]
        ],
        hide_index=True,
        height=220,
        key="clip_dropouts",
        alt=t("clip.dropouts"),
    )


def _steadiness(answer: ClipAnswer, unsmoothed: ClipAnswer | None, person: int, t: Texts) -> None:
    st.subheader(t("clip.trembling"), anchor=False)
    st.caption(t("clip.trembling.lead"))
    smoothing = answer.smoothing if unsmoothed is None else True
    shares: dict[bool | None, FloatArray] = {smoothing: trembling(answer.tracks[person])}
    if unsmoothed is not None and person in unsmoothed.tracks:
        shares[False] = trembling(unsmoothed.tracks[person])
        typical = {smoothed: percent_text(float(np.nanmedian(share))) for smoothed, share in shares.items()}
        st.markdown(f"**{t('clip.trembling.both', plain=typical[False], smoothed=typical[True])}**")
    elif unsmoothed is None:
        st.caption(t("clip.trembling.one"))
    trembling_chart(answer.tracks[person].skeleton.names, shares, t, key="clip_trembling")


def _exports(answer: ClipAnswer, t: Texts) -> None:
    with st.container(horizontal=True, key="clip_exports"):
        for kind, mime, icon, make in (
            ("json", "application/json", ":material/data_object:", tracks_json),
            ("csv", "text/csv", ":material/table:", tracks_csv),
        ):
            st.download_button(
                t(f"export.{kind}"),
                data=partial(make, answer),
                file_name=f"clip-{answer.answered_at:%Y%m%d-%H%M%S}.{kind}",
                mime=mime,
                icon=icon,
                key=f"clip_{kind}",
                help=t(f"clip.export.{kind}"),
                on_click="ignore",
            )
