"""The clips of a kick as the browser gets them: drawn and original, straight from the pose server where it has them."""

import base64

import numpy as np
import streamlit as st

from components.frame_viewer import Clip, Mark, Phase, frame_viewer
from components.kick_access import soccer_access
from components.sources import jobs_client
from posedeck.clients.remo_soccer import NotReady
from posedeck.contracts.own_jobs import INPUT_NAME, MAX_JOBS_LISTED
from posedeck.net.errors import VendorError
from posedeck.pose.kick.analysis import KickAnalysis
from posedeck.services.local_server import browser_base_url
from posedeck.services.soccer import KickResult
from posedeck.services.soccer_runs import shipped_clips, shipped_kick
from posedeck.services.sources import Source
from posedeck.texts import Texts

#: Names of a job's files, best for stepping first.
_DRAWN = ("drawn.mp4",)
_ORIGINAL = ("frames.mp4", INPUT_NAME)
_SOURCES = "kick_clip_sources"
KIND = "remo-soccer"


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


def kick_clips(result: KickResult, t: Texts) -> list[Clip]:
    """Drawn and original clip; whichever cannot be had is left out."""
    known: tuple[str, dict[str, str]] | None = st.session_state.get(_SOURCES)
    if known is None or known[0] != result.uuid:
        with st.spinner(t("soccer.clip.fetching")):
            known = (result.uuid, _sources(result))
        st.session_state[_SOURCES] = known
    return [Clip(source, t(f"soccer.clip.{name}"), t(f"soccer.clip.{name}.alt")) for name, source in known[1].items()]


def drawn_clip(result: KickResult) -> bytes | None:
    """The drawn clip whole, for saving; None when it cannot be had."""
    access = soccer_access(result.source, result.base_url)
    try:
        clip = access.client.draw(access.credentials.email, result.uuid)
    except VendorError:
        return None
    return None if isinstance(clip, NotReady) else clip.answer


def _sources(result: KickResult) -> dict[str, str]:
    """Addresses by name: of the pose server's own files where it has the job, else the vendor's drawn clip itself."""
    if result.source is Source.LOCAL:
        files = _files(result.uuid)
        picked = {"drawn": _first(files, _DRAWN), "original": _first(files, _ORIGINAL)}
        found = {name: browser_base_url() + path for name, path in picked.items() if path}
        if found:
            return found
    if result.source is Source.RECORDED and result.uuid == shipped_kick().uuid:
        return {name: _uri(clip) for name, clip in shipped_clips().items()}
    clip = drawn_clip(result) if result.source is not Source.RECORDED else None
    return {} if clip is None else {"drawn": _uri(clip)}


def _uri(clip: bytes) -> str:
    return "data:video/mp4;base64," + base64.b64encode(clip).decode("ascii")


def _files(uuid: str) -> dict[str, str]:
    try:
        jobs = jobs_client().jobs(limit=MAX_JOBS_LISTED, kind=KIND).jobs
    except VendorError:
        return {}
    return next((job.files for job in jobs if job.client_uuid == uuid), {})


def _first(files: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((files[name] for name in names if name in files), None)
