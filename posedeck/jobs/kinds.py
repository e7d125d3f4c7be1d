"""The kinds of job there are."""

from posedeck.jobs.kind import JobKind

#: By name. A kind added here can be submitted and is worked on by every worker.
KINDS: dict[str, JobKind] = {
    kind.name: kind
    for kind in (
        JobKind("remo-soccer", "posedeck.jobs.soccer", call_limit_s=900.0, frame_s=0.1),
        JobKind("kakao-video", "posedeck.jobs.kakao_video"),
        JobKind("keypoint-batch", "posedeck.jobs.keypoint_batch", own=True),
    )
}
