"""Kind ``remo-soccer``: one kick from one camera.

Params: ``height_cm``. Result: ``posedeck.pose.kick.analysis.KickAnalysis`` as JSON. Media: ``drawn.mp4`` (skeleton,
phase and angles drawn), ``frames.mp4`` (the clip for stepping through its frames, see ``posedeck.engine.video.render``)
and ``track.json`` (keypoints and ball, see ``posedeck.contracts.kick_track``).

Chunks follow everybody through the clip. At the end the kicker is chosen and looked at afresh in every frame around the
swing, legs that are exchanged are put right, and what comes of it is analysed. Nothing is smoothed: contact lasts less
than a frame.
"""

from collections.abc import Sequence

from posedeck.contracts.kick_track import NAME as TRACK_NAME
from posedeck.contracts.kick_track import write_kick_track
from posedeck.contracts.remo.soccer import MAX_BODY_BYTES, MAX_FRAMES, MIN_FRAMES
from posedeck.engine.video.afresh import look_again
from posedeck.engine.video.ball import find_ball, frames_to_search
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.probe import ClipFacts, ClipLimits
from posedeck.engine.video.render import Overlay, render_clip
from posedeck.engine.video.sightings import Sightings
from posedeck.jobs.clips import clip_facts, clip_of, eyes, follow_chunk, join_chunks, plan_clip, refused_as_clip
from posedeck.jobs.kick_captions import captions
from posedeck.jobs.kind import Fault, JobRefused, Outcome, Plan, Work
from posedeck.pose.kick.analysis import analyse, encode_analysis
from posedeck.pose.kick.events import NoKickError
from posedeck.pose.kick.swing import LEAST_SWING_DEG, fastest_swing
from posedeck.pose.kicker import likely_kicker
from posedeck.pose.swaps import repair_leg_swaps
from posedeck.pose.track import PoseTrack

LIMITS = ClipLimits(max_bytes=MAX_BODY_BYTES, min_frames=MIN_FRAMES, max_frames=MAX_FRAMES)
#: The kicker, a wall, a goalkeeper, a friend.
MAX_PEOPLE = 4
#: Fault code of a clip that shows somebody, but no kick.
NO_KICK = "no_kick"


def prepare(work: Work) -> Plan:
    """Chunks of frames. Raises JobRefused when the clip cannot be read or is outside the limits."""
    return plan_clip(work, LIMITS)


def chunk(work: Work, index: int, previous: bytes | None) -> bytes:
    """Follow everybody through some frames."""
    return follow_chunk(work, index, previous, LIMITS, MAX_PEOPLE)


@refused_as_clip()
def finish(work: Work, chunks: Sequence[bytes]) -> Outcome:
    """The analysis and the clips.

    Raises:
        JobRefused: when nobody was tracked, or too briefly, or there is no kick, or the clip cannot be read after all.
    """
    facts = clip_facts(work, LIMITS)
    track = read_kicker(work, facts, join_chunks(chunks))
    search = frames_to_search(track)
    ball = find_ball(read_frames(clip_of(work), facts, search.start, search.stop), track)
    size = (facts.width, facts.height)
    try:
        analysis = analyse(track, ball, work.params.get("height_cm"), size)
    except NoKickError as error:
        raise JobRefused(NO_KICK, f"no kick was found in the video: {error}") from error
    media = {name: work.scratch / name for name in ("drawn.mp4", "frames.mp4", TRACK_NAME)}
    media[TRACK_NAME].write_bytes(write_kick_track(track, ball.xy_px, ball.radius_px, size))
    lines = captions(analysis)
    render_clip(
        clip_of(work),
        facts,
        lambda frame: Overlay((track.pose(frame),), lines[frame]),
        media["drawn.mp4"],
        media["frames.mp4"],
        done=lambda frame: work.report("draw", frame, facts.frames),
    )
    return Outcome(encode_analysis(analysis), media)


def read_kicker(work: Work, facts: ClipFacts, sightings: Sightings) -> PoseTrack:
    """The kicker, read with care around the swing and with the legs put right.

    Raises:
        JobRefused: when nobody was tracked, or too briefly, or no leg swings.
        ClipError: when the clip cannot be read after all.
    """
    tracks = sightings.tracks(facts.times_s, MIN_FRAMES)
    if not tracks:
        seen = max((int(track.seen.sum()) for track in sightings.tracks(facts.times_s, 1).values()), default=0)
        if not seen:
            raise JobRefused(Fault.NOBODY, "no person was tracked in the video")
        raise JobRefused(
            Fault.TRACKED_TOO_SHORT, f"nobody was tracked in more than {seen} frames, {MIN_FRAMES} are needed"
        )
    who = likely_kicker(tracks)
    repaired = repair_leg_swaps(tracks[who])
    fastest = fastest_swing(repaired)
    if fastest is None or fastest.turn_deg < LEAST_SWING_DEG:
        raise JobRefused(NO_KICK, "no kick was found in the video: no leg swings fast enough")
    swing = frames_to_search(repaired)
    better = look_again(
        clip_of(work),
        facts,
        eyes(work.model_dir),
        sightings,
        who,
        swing.start,
        swing.stop,
        done=lambda frame: work.report("swing", frame - swing.start, len(swing)),
    )
    return repair_leg_swaps(better.tracks(facts.times_s, 1)[who])
