"""The clips of a kick as the browser gets them: drawn and original, straight from the pose server where it has them."""

import base64

import numpy as np
import streamlit as st

from components.frame_viewer import Clip, Mark, Phase, frame_viewer
from components.kick_access import soccer_access
from components.runs import run_store
from components.sources import jobs_client
from posedeck.clients.remo_soccer import NotReady
from posedeck.contracts.own_jobs import INPUT_NAME
from posedeck.contracts.remo.soccer import DRAW_PATH
from posedeck.net.errors import VendorError
from posedeck.pose.kick.analysis import KickAnalysis
from posedeck.services.kick_files import kick_job
from posedeck.services.local_server import browser_base_url
from posedeck.services.soccer import KickAnswers, KickResult
from posedeck.services.soccer_runs import CLIP, clip_run, shipped_clips, shipped_kick
from posedeck.services.sources import Source
from posedeck.texts import Texts

#: Names of a job's files, best for stepping first.
_DRAWN = ("drawn.mp4",)
_ORIGINAL = ("frames.mp4", INPUT_NAME)
_SOURCES = "kick_clip_sources"
#: A clip that is part of the page itself is held by the browser whole.
_MOST_BYTES_SHOWN = 40_000_000


def kick_viewer(result: KickResult, analysis: KickAnalysis, t: Texts, *, charts_key: str) -> None:
    """Both clips under one cursor with phases and key frames; says what is missing when a clip is."""
    clips = kick_clips(result, t)
    if not clips:
        st.warning(t("soccer.clip.missing"), icon=":material/videocam_off:")
        return
    frame_viewer(
        clips,
        np.array(analysis.times_s),
        key="kick_viewer",
        t=t,
        phases=[
            Phase(t(f"kick.stretch.{phase.name}"), phase.first_frame, max(phase.last_frame, phase.first_frame + 1))
            for phase in analysis.phases
        ],
        marks=[Mark(t(f"kick.event.{event.name}"), event.frame) for event in analysis.events],
        charts_key=charts_key,
    )
    if len(clips) == 1 and result.source is Source.RECORDED:
        st.caption(t("soccer.clip.not_recorded", sha=result.clip_sha256[:16] or "–"))


def kick_clips(result: KickResult, t: Texts) -> list[Clip]:
    """Drawn and original clip; whichever cannot be had is left out."""
    known: tuple[str, dict[str, str]] | None = st.session_state.get(_SOURCES)
    if known is None or known[0] != _name(result):
        with st.spinner(t("soccer.clip.fetching")):
            known = (_name(result), _sources(result))
        st.session_state[_SOURCES] = known
    return [Clip(source, t(f"soccer.clip.{name}"), t(f"soccer.clip.{name}.alt")) for name, source in known[1].items()]


def _name(result: KickResult) -> str:
    return f"{result.source} {result.uuid} {result.run_id}"


def drawn_clip(result: KickResult) -> bytes | None:
    """The drawn clip whole: as it was answered, else asked for now; None when it cannot be had."""
    clip = result.others.drawn_clip()
    if clip is not None or result.source is Source.RECORDED:
        return clip
    access = soccer_access(result.source, result.base_url)
    try:
        reply = access.client.read(DRAW_PATH, access.credentials.email, result.uuid)
    except VendorError:
        return None
    return None if isinstance(reply, NotReady) else KickAnswers(draw=reply.body).drawn_clip()


def _sources(result: KickResult) -> dict[str, str]:
    """Addresses by name: of the pose server's own files where it has the job, else the clips themselves."""
    if result.source is Source.LOCAL and (job := kick_job(jobs_client(), result.uuid)) is not None:
        picked = {"drawn": _first(job.files, _DRAWN), "original": _first(job.files, _ORIGINAL)}
        found = {name: browser_base_url() + path for name, path in picked.items() if path}
        if found:
            return found
    if result.source is Source.RECORDED and result.uuid == shipped_kick().uuid and result.run_id is None:
        return {name: _uri(clip) for name, clip in shipped_clips().items()}
    clips = {"drawn": drawn_clip(result), "original": _kept_clip(result)}
    return {name: _uri(clip) for name, clip in clips.items() if clip is not None}


def _kept_clip(result: KickResult) -> bytes | None:
    """The clip that was asked about, from a run of here that keeps it, unless it is too large for the page."""
    run = clip_run(run_store(), result.clip_sha256)
    if run is None or run.inputs[CLIP].size > _MOST_BYTES_SHOWN:
        return None
    return run_store().content(run, CLIP)


def _uri(clip: bytes) -> str:
    return "data:video/mp4;base64," + base64.b64encode(clip).decode("ascii")


def _first(files: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((files[name] for name in names if name in files), None)
