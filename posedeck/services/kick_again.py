"""A kick analysed once more from the keypoints that were kept of it, by today's code."""

from collections.abc import Iterator

from posedeck.pose.kick.analysis import KickAnalysis, KickValue, analyse
from posedeck.pose.kick.events import NoKickError
from posedeck.pose.kick.motion import BallTrack
from posedeck.services.json_diff import Change, Kind
from posedeck.services.soccer import KickResult

#: Kept keypoints are rounded; that moves no value by this share of the width of its interval, and no end of an interval
#: by the other: ends are quantiles of random draws, in which the least difference gives other draws.
_ROUNDING, _DRAWN = 0.02, 0.08
#: An event that is found within this share of a frame of where it was is the same.
_SAME_FRAME = 0.1


def changes_today(result: KickResult) -> list[Change]:
    """Where today's analysis of the kept keypoints differs from the answered one; none when no keypoints were kept."""
    if result.analysis is None or result.track is None:
        return []
    try:
        now = analyse_again(result)
    except NoKickError as error:
        return [Change("analysis", Kind.REMOVED, "kick", str(error))]
    return [*_values(result.analysis, now), *_events(result.analysis, now)]


def analyse_again(result: KickResult) -> KickAnalysis:
    """Today's analysis of the kept keypoints. Raises NoKickError, and ValueError when none are kept."""
    track = result.track
    if track is None:
        raise ValueError("no keypoints were kept of this kick")
    height = result.height_cm if result.analysis is None else result.analysis.height_cm
    return analyse(track.track(), BallTrack(*track.ball()), height, (track.width, track.height))


def _values(then: KickAnalysis, now: KickAnalysis) -> Iterator[Change]:
    today = {(value.metric, value.phase): value for value in now.values}
    for old in then.values:
        new, path = today.get((old.metric, old.phase)), f"analysis.{old.metric}.{old.phase}"
        if new is None:
            yield Change(path, Kind.REMOVED, old.value, None)
            continue
        if (old.status, old.reason) != (new.status, new.reason):
            yield Change(f"{path}.status", Kind.CHANGED, _status(old), _status(new))
        elif _moved(old, new):
            yield Change(path, Kind.CHANGED, old.value, new.value)
        if old.points != new.points:
            yield Change(f"{path}.points", Kind.CHANGED, old.points, new.points)


def _moved(old: KickValue, new: KickValue) -> bool:
    """Whether value or interval differ by more than rounding."""
    width = (old.high - old.low) if old.high is not None and old.low is not None else 0.0
    limits = ((old.value, new.value, _ROUNDING), (old.low, new.low, _DRAWN), (old.high, new.high, _DRAWN))
    for before, after, share in limits:
        if before is None or after is None:
            if before is not after:
                return True
        elif abs(after - before) > share * width:
            return True
    return False


def _events(then: KickAnalysis, now: KickAnalysis) -> Iterator[Change]:
    for old in then.events:
        new = now.event(old.name)
        if abs(new.time_s - old.time_s) * then.fps > _SAME_FRAME:
            yield Change(f"analysis.{old.name}.time_s", Kind.CHANGED, old.time_s, new.time_s)


def _status(value: KickValue) -> str:
    return value.status if value.reason is None else f"{value.status}: {value.reason}"
