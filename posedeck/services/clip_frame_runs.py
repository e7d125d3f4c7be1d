"""Answers about single frames of a clip as runs: one a frame, and all of the last asking read back without a call."""

import hashlib

from posedeck.net.exchange import Sender
from posedeck.pose.pose import Pose
from posedeck.runs.store import RunStore
from posedeck.services.clip_frames import SampledFrame
from posedeck.services.keypoint_runs import FRAME_PAGE, ask_and_record, asked_together
from posedeck.services.keypoints import KeypointAnswer, KeypointCredentials, Vendor
from posedeck.services.recording import Recorder
from posedeck.services.sources import Source


def ask_frame(
    recorder: Recorder,
    vendor: Vendor,
    source: Source,
    frame: SampledFrame,
    credentials: KeypointCredentials,
    base_url: str,
    transport: Sender,
    *,
    job_id: str,
    ask: str,
) -> KeypointAnswer:
    """The answer about a frame, kept before it is returned. Raises what ``ask_keypoints`` raises.

    Args:
        recorder: Who keeps it.
        job_id: The job that answered the whole clip.
        ask: What the frames that are asked about together have in common.
    """
    return ask_and_record(
        recorder,
        vendor,
        source,
        frame.photo,
        credentials,
        base_url,
        transport,
        group=_group(job_id),
        page=FRAME_PAGE,
        params={"frame": frame.index, "clip": job_id, "ask": ask},
    )


def kept_frames(store: RunStore, job_id: str) -> tuple[Source, dict[int, list[Pose]]] | None:
    """Who was asked last about frames of a clip, and the people by frame; None when nobody was. Nobody is asked."""
    found = asked_together(store, FRAME_PAGE, _group(job_id))
    if not found:
        return None
    return found[0][1].source, {int(run.params["frame"]): answer.people for run, answer in found}


def _group(job_id: str) -> str:
    # A vendor's name of a job may have any length.
    return f"clip-{hashlib.sha256(job_id.encode()).hexdigest()[:24]}"
