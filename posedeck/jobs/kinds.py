"""The kinds of job there are."""

from posedeck.jobs.kind import JobKind

_KICK_STAGES = (("track", 0.15), ("swing", 0.65), ("draw", 0.2))

#: By name. A kind added here can be submitted and is worked on by every worker. Times a frame and shares of the stages
#: are those of the rendered kick's 63 frames on two idle cores, in a process that had worked before; the first job in a
#: fresh one took 3 to 4 s longer.
KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind("remo-soccer", "posedeck.jobs.soccer", call_limit_s=900.0, frame_s=0.07, stages=_KICK_STAGES),
        JobKind("kakao-video", "posedeck.jobs.kakao_video", frame_s=0.017, stages=(("track", 0.7), ("draw", 0.3))),
        JobKind("keypoint-batch", "posedeck.jobs.keypoint_batch", own=True, stages=(("infer", 1.0),)),
    )
}
