"""A whole kick: events, phases, metrics with their validity, curves; as plain data that can be stored and reopened."""

from typing import Literal

import msgspec
import numpy as np

from posedeck.pose.kick.curves import angle_curves
from posedeck.pose.kick.events import Moment, NoKickError, Swing, find_swing, kicking_side
from posedeck.pose.kick.lines import LINES, line_angles_deg
from posedeck.pose.kick.metrics import KICKING_KNEE, METRICS, EventName, KickMetric, Unit
from posedeck.pose.kick.motion import BallTrack, View, frame_s, mirrored, no_ball, torso_px
from posedeck.pose.kick.refusal import refuse_a_step
from posedeck.pose.kick.scene import Setting, resting_ball, setting_of
from posedeck.pose.kick.score import points, total_score
from posedeck.pose.kick.speed import foot_speed_m_s, peak_foot_speed
from posedeck.pose.kick.swing import Side
from posedeck.pose.kick.validity import Judged, Reason, Status, judge
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack

#: Grows when the meaning of a stored analysis changes.
VERSION = 2
EVENTS: tuple[EventName, ...] = ("plant", "backswing", "impact", "follow_through")
PhaseName = Literal["approach", "plant", "backswing", "impact", "follow_through"]


class KickEvent(msgspec.Struct, frozen=True):
    """An event of the kick: nearest frame, time and the earliest and latest it can have been, in seconds."""

    name: EventName
    frame: int
    time_s: float
    earliest_s: float
    latest_s: float


class KickPhase(msgspec.Struct, frozen=True):
    """A stretch of the clip, in seconds and in frames (both ends belong to it)."""

    name: PhaseName
    start_s: float
    end_s: float
    first_frame: int
    last_frame: int


class KickValue(msgspec.Struct, frozen=True):
    """One documented value with its 95 % interval; a withheld one has neither. Degrees are those of the definition."""

    metric: str
    phase: str
    unit: Unit
    event: EventName
    status: Status
    reason: Reason | None
    value: float | None
    low: float | None
    high: float | None
    points: int | None


class KneeAtImpact(msgspec.Struct, frozen=True):
    """Included angle of the kicking knee at contact in degrees with its 95 % interval; a withheld one has neither."""

    status: Status
    reason: Reason | None
    value: float | None
    low: float | None
    high: float | None


class FootSpeed(msgspec.Struct, frozen=True):
    """Peak speed of the kicking ankle before contact in m/s, and its course: one entry between each two frames."""

    status: Status
    reason: Reason | None
    value: float | None
    low: float | None
    high: float | None
    times_s: list[float]
    m_s: list[float | None]


class KickAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one kick. Missing numbers are None.

    Attributes:
        side: The kicking foot. Metrics are those of the mirrored clip when it is the left.
        fps: Typical frames per second.
        times_s: Presentation time of each frame.
        impact_frames: Last frame before and first frame after contact.
        impact_by_ball: Whether the leaving ball told them.
        ball_px: Resting ball: x, y and radius in pixels of the clip; None when it was not found.
        values: In the order of the vendor's example.
        total_score: 0..100, None when fewer than four values could be scored.
        scored: How many values were scored.
        angles_deg: Curves over the frames by name, see ``curves.angle_curves``.
        lines_deg: The three line angles per frame, about x, y and z (see ``lines.line_angles_deg``).
        knee_at_impact: The kicking knee at the estimated time of contact; None in what was stored before version 2.
    """

    version: int = VERSION
    side: Side
    view: View
    fps: float
    height_cm: float | None
    times_s: list[float]
    events: list[KickEvent]
    phases: list[KickPhase]
    impact_frames: tuple[int, int]
    impact_by_ball: bool
    ball_px: tuple[float, float, float] | None
    values: list[KickValue]
    total_score: float | None
    scored: int
    foot_speed: FootSpeed
    angles_deg: dict[str, list[float | None]]
    lines_deg: dict[str, list[tuple[float | None, float | None, float | None]]]
    knee_at_impact: KneeAtImpact | None = None

    def event(self, name: EventName) -> KickEvent:
        """The event of that name."""
        return next(event for event in self.events if event.name == name)


def encode_analysis(analysis: KickAnalysis) -> bytes:
    """The analysis as JSON."""
    return msgspec.json.encode(analysis)


def decode_analysis(data: bytes) -> KickAnalysis:
    """The analysis in a JSON body. Raises msgspec.DecodeError or ValidationError when it is none."""
    return msgspec.json.decode(data, type=KickAnalysis)


def analyse(
    track: PoseTrack, ball: BallTrack | None, height_cm: float | None, size_px: tuple[int, int]
) -> KickAnalysis:
    """Analyse a kick from one camera.

    Args:
        track: The kicker, positions not smoothed through contact.
        ball: The ball, or None when it was not looked for or not found.
        height_cm: Body height, the only scale there is; None when it is not known.
        size_px: Width and height of the upright picture.

    Raises:
        NoKickError: when the clip does not show a kick from backswing to follow-through.
        ValueError: when the ball track does not have the clip's frames.
    """
    ball = no_ball(len(track)) if ball is None else ball
    if len(ball.radius_px) != len(track):
        raise ValueError(f"the ball has {len(ball.radius_px)} frames, the person {len(track)}")
    if len(track) < 8 or not np.isfinite(torso_px(track)):
        raise NoKickError("the trunk is not seen")
    side = kicking_side(track, ball)
    right_track, right_ball = (track, ball) if side == "right" else mirrored(track, ball, float(size_px[0]))
    swing = find_swing(right_track, right_ball)
    setting = setting_of(right_track, right_ball, swing, size_px)
    refuse_a_step(right_track, swing, setting.view)
    values = [_value(metric, setting) for metric in METRICS]
    scored = [value.points for value in values]
    rest, radius = resting_ball(ball, swing.impact.before)
    return KickAnalysis(
        side=side,
        view=setting.view,
        fps=1.0 / frame_s(track.times_s),
        height_cm=height_cm,
        times_s=track.times_s.tolist(),
        events=_events(swing, track.times_s),
        phases=_phases(swing, track.times_s),
        impact_frames=(swing.impact.before, swing.impact.after),
        impact_by_ball=swing.impact.by_ball,
        ball_px=(float(rest[0]), float(rest[1]), radius) if np.isfinite(radius) else None,
        values=values,
        total_score=total_score(scored),
        scored=sum(value is not None for value in scored),
        foot_speed=_foot_speed(right_track, swing, height_cm),
        angles_deg={name: _numbers(curve) for name, curve in angle_curves(right_track, swing.facing).items()},
        lines_deg={name: [_triple(row) for row in line_angles_deg(track, part)] for name, part in LINES.items()},
        knee_at_impact=_knee_at_impact(setting),
    )


def _value(metric: KickMetric, setting: Setting) -> KickValue:
    judged = judge(metric, setting)
    return KickValue(
        metric.key,
        metric.phase,
        metric.unit,
        metric.event,
        judged.status,
        judged.reason,
        judged.value,
        judged.low,
        judged.high,
        points(metric.key, metric.phase, judged.value),
    )


def _knee_at_impact(setting: Setting) -> KneeAtImpact:
    judged = judge(KICKING_KNEE, setting)
    return KneeAtImpact(judged.status, judged.reason, judged.value, judged.low, judged.high)


def _moments(swing: Swing) -> dict[EventName, Moment]:
    return {
        "plant": swing.plant,
        "backswing": swing.backswing,
        "impact": swing.impact.moment,
        "follow_through": swing.follow_through,
    }


def _nearest(times_s: FloatArray, when_s: float) -> int:
    return int(np.argmin(np.abs(times_s - when_s)))


def _events(swing: Swing, times_s: FloatArray) -> list[KickEvent]:
    return [
        KickEvent(name, _nearest(times_s, m.time_s), m.time_s, m.earliest_s, m.latest_s)
        for name, m in _moments(swing).items()
    ]


def _phases(swing: Swing, times_s: FloatArray) -> list[KickPhase]:
    """Approach until the plant, plant until the backswing's turn, from there to contact, contact, and on."""
    impact = swing.impact
    cuts = [
        0,
        _nearest(times_s, swing.plant.time_s),
        _nearest(times_s, swing.backswing.time_s),
        impact.before,
        impact.after,
        len(times_s) - 1,
    ]
    names: tuple[PhaseName, ...] = ("approach", "plant", "backswing", "impact", "follow_through")
    # A backswing may begin before the support foot stands; the later cut then wins.
    cuts = np.maximum.accumulate(cuts).tolist()
    return [
        KickPhase(name, float(times_s[start]), float(times_s[end]), start, end)
        for name, start, end in zip(names, cuts[:-1], cuts[1:], strict=True)
    ]


def _foot_speed(track: PoseTrack, swing: Swing, height_cm: float | None) -> FootSpeed:
    judged: Judged = peak_foot_speed(track, swing.impact, height_cm)
    times: list[float] = []
    course: list[float | None] = []
    if height_cm is not None and judged.reason != "view":
        speed, middles = foot_speed_m_s(track, height_cm)
        times, course = middles.tolist(), _numbers(speed)
    return FootSpeed(judged.status, judged.reason, judged.value, judged.low, judged.high, times, course)


def _numbers(values: FloatArray) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]


def _triple(row: FloatArray) -> tuple[float | None, float | None, float | None]:
    x, y, z = _numbers(row)
    return x, y, z
