"""A kicker's keypoints over the clip as JSON, beside the result of a kick job: what an overlay on its frames needs.

Our own form, no vendor's: the vendor's answers hold no keypoints.
"""

import msgspec
import numpy as np

from posedeck.pose.pose import FloatArray
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.pose.track import PoseTrack

#: Its name among a job's media.
NAME = "track.json"


class KickTrack(msgspec.Struct, frozen=True):
    """The kicker and the ball over the t frames of a clip.

    Attributes:
        width, height: Upright size of the clip in pixels; positions are in these pixels.
        times_s: When each frame is shown; the first at 0.
        names: The n keypoints.
        xy_px: By frame, n pairs [x, y], null for a missing one; null in frames without the person.
        score: By frame, n confidences in 0..1; null likewise.
        ball_px: By frame, [x, y, radius] of the ball, null where it was not found.
        xyz_m: By frame, n triples of metres from the middle of the hips (see ``PoseTrack``); null likewise, empty when
            no depth was kept.
    """

    width: int
    height: int
    times_s: list[float]
    names: list[str]
    xy_px: list[list[tuple[float | None, float | None]] | None]
    score: list[list[float] | None]
    ball_px: list[tuple[float, float, float] | None]
    xyz_m: list[list[tuple[float | None, float | None, float | None]] | None] = []

    def track(self) -> PoseTrack:
        """The kicker as a BLAZEPOSE_33 track. Raises ValueError when the arrays do not fit each other."""
        shape = (len(self.times_s), len(BLAZEPOSE_33))
        xy, score, xyz = np.full((*shape, 2), np.nan), np.zeros(shape), np.full((*shape, 3), np.nan)
        for frame, (points, scores) in enumerate(zip(self.xy_px, self.score, strict=True)):
            if points is not None and scores is not None:
                xy[frame], score[frame] = np.array(points, dtype=float), scores
        for frame, triples in enumerate(self.xyz_m):
            if triples is not None:
                xyz[frame] = np.array(triples, dtype=float)
        return PoseTrack(BLAZEPOSE_33, np.array(self.times_s), xy, score, xyz_m=xyz if self.xyz_m else None)

    def ball(self) -> tuple[FloatArray, FloatArray]:
        """(t, 2) centre and (t,) radius of the ball in pixels, NaN where it was not found."""
        balls = np.array([(np.nan,) * 3 if ball is None else ball for ball in self.ball_px]).reshape(-1, 3)
        return balls[:, :2], balls[:, 2]


def write_kick_track(
    track: PoseTrack, ball_xy_px: FloatArray, ball_radius_px: FloatArray, size: tuple[int, int]
) -> bytes:
    """The kicker and the ball as JSON, to a hundredth of a pixel: near enough to be analysed again from it.

    Args:
        track: The kicker, BLAZEPOSE_33.
        ball_xy_px: (t, 2) centre of the ball, NaN where it was not found.
        ball_radius_px: (t,) its radius.
        size: Width and height of the upright clip.
    """
    balls = np.column_stack([ball_xy_px, ball_radius_px])
    return msgspec.json.encode(
        KickTrack(
            width=size[0],
            height=size[1],
            times_s=track.times_s.tolist(),
            names=list(track.skeleton.names),
            xy_px=[
                points.round(2).tolist() if seen else None for points, seen in zip(track.xy_px, track.seen, strict=True)
            ],
            score=[
                scores.round(3).tolist() if seen else None for scores, seen in zip(track.score, track.seen, strict=True)
            ],
            ball_px=[tuple(ball.round(2).tolist()) if np.isfinite(ball).all() else None for ball in balls],
            xyz_m=[]
            if track.xyz_m is None
            else [
                triples.round(4).tolist() if seen else None
                for triples, seen in zip(track.xyz_m, track.seen, strict=True)
            ],
        )
    )


def parse_kick_track(body: bytes) -> KickTrack:
    """The kicker and the ball. Raises ValueError when it is something else."""
    return msgspec.json.decode(body, type=KickTrack)
