"""Kind ``kakao-video``: everybody in every frame of a clip, in Kakao's form.

Params: ``smoothing`` (default true). Result: ``posedeck.contracts.kakao.job.JobResult`` as JSON.
Media: ``frames.mp4``, the clip for stepping through its frames (see ``posedeck.engine.video.render``), at even times as
Kakao's form knows no others.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from posedeck.contracts.kakao.job import MAX_VIDEO_BYTES, VideoInfo, result_of
from posedeck.engine.video.probe import ClipLimits
from posedeck.engine.video.render import render_even_frames
from posedeck.jobs.clips import clip_facts, clip_of, follow_chunk, join_chunks, plan_clip, refused_as_clip
from posedeck.jobs.kind import Outcome, Plan, Work
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.smoothing import smooth
from posedeck.pose.track import PoseTrack

LIMITS = ClipLimits(max_bytes=MAX_VIDEO_BYTES)
MAX_PEOPLE = 10


def prepare(work: Work) -> Plan:
    """Chunks of frames. Raises JobRefused when the clip cannot be read or is outside the limits."""
    return plan_clip(work, LIMITS)


def chunk(work: Work, index: int, previous: bytes | None) -> bytes:
    """Follow everybody through some frames."""
    return follow_chunk(work, index, previous, LIMITS, MAX_PEOPLE)


@refused_as_clip()
def finish(work: Work, chunks: Sequence[bytes]) -> Outcome:
    """The answer's annotations, categories, info and video."""
    facts = clip_facts(work, LIMITS)
    tracks = {who: _coco(track) for who, track in join_chunks(chunks).tracks(facts.times_s).items()}
    if work.params.get("smoothing", True):
        tracks = {who: smooth(track) for who, track in tracks.items()}
    now = datetime.now(UTC)
    video = VideoInfo(facts.fps, facts.frames, facts.height, facts.width)
    frames = work.scratch / "frames.mp4"
    render_even_frames(clip_of(work), facts, frames, done=lambda frame: work.report("draw", frame, facts.frames))
    return Outcome(msgspec.json.encode(result_of(tracks, video, (now.year, now.month, now.day))), {frames.name: frames})


def _coco(track: PoseTrack) -> PoseTrack:
    chosen = track.skeleton.indices(COCO_17.names)
    return replace(
        track, skeleton=COCO_17, xy_px=track.xy_px[:, chosen], score=track.score[:, chosen], sigma_px=None, xyz_m=None
    )
