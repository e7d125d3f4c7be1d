"""Left and right leg exchanged for some frames of a clip: found by continuity, and put right.

A pose model reads each picture on its own and now and then takes the left leg for the right, most of all in a side view
while one leg swings past the other. Of the two ways to label each frame, that path is taken along which the legs move
on most steadily: a shortest path over the labels of neighbouring frames, found by the Viterbi algorithm (Forney 1973,
doi:10.1109/PROC.1973.9030). A clip that is labelled the wrong way from end to end looks as steady as a right one and
stays as it is.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.pose import FloatArray
from posedeck.pose.skeleton import Skeleton
from posedeck.pose.track import PoseTrack

#: What is exchanged together, as far as a skeleton has it. The hips are not: models that confuse the legs still tell
#: the hips apart by the trunk.
LEG = ("knee", "ankle", "heel", "foot_index")

# Chosen on the true joints of the rendered kick at 24 to 120 frames per second with a noise of 4 % of the torso and
# random swaps of up to 0.4 s: no label of 100 clips was wrong. Without the velocity, a kick at 30 fps was.
#: How much of the last velocity is expected to go on into the next frame.
_CARRY = 0.8
#: Distance from the expected place, in torso lengths, from where a point just counts as lost.
_LOST = 1.0
#: Cost of a second labelled against the model, which is right more often than not, in torso lengths.
_DOUBT_PER_S = 0.15
#: A frame whose legs are further from those around it, in torso lengths and whatever their labels, shows nothing: both
#: legs laid on one, or half-way between. It must not serve as a bridge from one label to the other.
_OUTLIER = 0.18
#: After so many seconds without the person the legs may be anywhere, so nothing is expected of them.
_GAP_S = 0.25


def leg_swaps(track: PoseTrack) -> NDArray[np.bool_]:
    """In which frames (t,) the left and the right leg are exchanged; False where the person is not seen.

    Points that are missing are left out. Works with any skeleton that has both knees and ankles.
    """
    swapped = np.zeros(len(track), bool)
    frames = np.flatnonzero(track.seen)
    left, right = _legs(track.skeleton)
    torso_px = track.torso_px
    if len(frames) < 3 or not left.size or not torso_px > 0:
        return swapped
    plain = track.xy_px[frames][:, np.concatenate([left, right])] / torso_px
    crossed = track.xy_px[frames][:, np.concatenate([right, left])] / torso_px
    labelled, times_s = np.stack([plain, crossed]), track.times_s[frames]
    telling = _misfit(labelled, times_s) <= _OUTLIER
    if telling.sum() < 3:
        return swapped
    labels = np.zeros(len(frames), int)
    labels[telling] = _steadiest(labelled[:, telling], times_s[telling])
    swapped[frames] = _filled_in(labels, telling, labelled, times_s)
    return swapped


def repair_leg_swaps(track: PoseTrack) -> PoseTrack:
    """The track with the legs exchanged back in the frames of ``leg_swaps``."""
    order = np.tile(np.arange(len(track.skeleton)), (len(track), 1))
    left, right = _legs(track.skeleton)
    swapped = np.flatnonzero(leg_swaps(track))[:, None]
    order[swapped, left], order[swapped, right] = right, left

    def reordered(values: FloatArray) -> FloatArray:
        return np.take_along_axis(values, order.reshape(order.shape + (1,) * (values.ndim - 2)), axis=1)

    return replace(
        track,
        xy_px=reordered(track.xy_px),
        score=reordered(track.score),
        sigma_px=None if track.sigma_px is None else reordered(track.sigma_px),
        xyz_m=None if track.xyz_m is None else reordered(track.xyz_m),
    )


def _legs(skeleton: Skeleton) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    parts = [part for part in LEG if f"left_{part}" in skeleton.index]
    left, right = (skeleton.indices([f"{side}_{part}" for part in parts]) for side in ("left", "right"))
    return left, right


def _misfit(labelled: FloatArray, times_s: FloatArray) -> FloatArray:
    """How far (t,) the legs of each frame are from half-way between an earlier and a later one, labels left open.

    The best of the nearest two frames on each side counts, so that an outlier does not spoil its neighbours.
    """
    misfit = np.zeros(len(times_s))
    for frame in range(1, len(times_s) - 1):
        earlier = range(max(0, frame - 2), frame)
        later = range(frame + 1, min(len(times_s), frame + 3))
        misfit[frame] = min(_off(labelled, times_s, i, frame, j) for i in earlier for j in later)
    return misfit


def _off(labelled: FloatArray, times_s: FloatArray, i: int, frame: int, j: int) -> float:
    nearer = int(_distance(labelled[0, i], labelled[:, j]).argmin())
    share = (times_s[frame] - times_s[i]) / (times_s[j] - times_s[i])
    between = labelled[0, i] * (1.0 - share) + labelled[nearer, j] * share
    return float(_distance(between, labelled[:, frame]).min())


def _filled_in(
    labels: NDArray[np.int_], telling: NDArray[np.bool_], labelled: FloatArray, times_s: FloatArray
) -> NDArray[np.int_]:
    """The labels (t,), with each frame that tells nothing labelled as it is nearest to the telling ones around it."""
    chosen = labelled[labels, np.arange(len(labels))]
    places = np.flatnonzero(telling)
    for frame in np.flatnonzero(~telling):
        before, after = places[places < frame][-1:], places[places > frame][:1]
        around = np.concatenate([before, after])
        weight = 1.0 / np.abs(times_s[around] - times_s[frame])
        between = np.average(chosen[around], axis=0, weights=weight)
        labels[frame] = _distance(between, labelled[:, frame]).argmin()
    return labels


def _steadiest(labelled: FloatArray, times_s: FloatArray) -> NDArray[np.int_]:
    """Which label (t,) to take in each frame.

    Args:
        labelled: (2, t, k, 2) points in torso lengths as they are labelled, and labelled the other way.
        times_s: (t,) strictly increasing.
    """
    step = np.diff(times_s)
    doubt = _DOUBT_PER_S * np.concatenate([step, step[-1:]])
    # Labels: of the frame before the last (a), of the last frame (b), of this frame (c).
    a, b, c = labelled[:, None, None, :-2], labelled[None, :, None, 1:-1], labelled[None, None, :, 2:]
    expected = b + _CARRY * (b - a) * (step[1:] / step[:-1])[:, None, None]
    jumps = _distance(expected, c)
    jumps[..., (step[1:] > _GAP_S) | (step[:-1] > _GAP_S)] = 0.0
    jumps += doubt[2:] * np.arange(2)[None, None, :, None]
    first = _distance(labelled[:, None, :1], labelled[None, :, 1:2])[..., 0]
    cost = first + doubt[0] * np.arange(2)[:, None] + doubt[1] * np.arange(2)
    origins = []
    for jump in np.moveaxis(jumps, -1, 0):
        through = cost[:, :, None] + jump
        origins.append(through.argmin(axis=0))
        cost = through.min(axis=0)
    before, last = (int(label) for label in np.unravel_index(cost.argmin(), cost.shape))
    path = [last, before]
    for origin in reversed(origins):
        before, last = int(origin[before, last]), before
        path.append(before)
    return np.array(path[::-1])


def _distance(expected: FloatArray, found: FloatArray) -> FloatArray:
    """Mean distance over the points, each at most ``_LOST``; a missing point is where it is expected."""
    apart = np.hypot(*np.moveaxis(found - expected, -1, 0))
    mean: FloatArray = np.minimum(np.nan_to_num(apart, nan=0.0), _LOST).mean(axis=-1)
    return mean
