"""A clip written anew for the browser: once with skeletons and captions, once plain for stepping through its frames.

``drawn.mp4`` plays anywhere. ``frames.mp4`` shows the clip as it was filmed, smaller, with every frame coded by itself,
so that a page steps through it by ``<video>``: to show frame i, set ``currentTime`` to half-way between the times of
frames i and i + 1 (of the last frame: to its time plus half an interval). Both keep the clip's own frame times with the
first frame at 0, as in ``PoseTrack.times_s``, so positions of a track lie on both when scaled by the videos' width over
``ClipFacts.width``. Chromium shows exactly that frame, at even and uneven rates (tests/e2e/test_frame_stepping.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from posedeck.engine.skeleton_drawing import draw_caption, draw_skeleton
from posedeck.engine.video.ahead import read_ahead
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.encode import clip_writer
from posedeck.engine.video.probe import ClipFacts
from posedeck.pose.pose import Pose

#: Long sides in pixels; smaller clips keep their size.
DRAWN_SIDE = 1280
FRAMES_SIDE = 960

#: Says in the picture who made this, since the file may be passed on without the page.
MARK = ("PoseDeck local engine",)


@dataclass(frozen=True)
class Overlay:
    """What to draw on one frame.

    Attributes:
        poses: In the clip's upright pixels.
        lines: Text for the lower left corner.
    """

    poses: tuple[Pose, ...] = ()
    lines: tuple[str, ...] = ()


def render_clip(
    path: Path,
    facts: ClipFacts,
    overlay: Callable[[int], Overlay],
    drawn: Path,
    frames: Path,
    done: Callable[[int], None] = lambda _: None,
) -> None:
    """Write both clips in one pass; memory does not grow with the clip.

    Args:
        path: The clip that was probed.
        facts: What ``probe`` said of it.
        overlay: What to draw on the frame of an index; the engine's mark is always drawn.
        drawn, frames: Files to write, ending in ``.mp4``.
        done: Told the index of the next frame after each.

    Raises:
        ClipError: ``unreadable`` when the decoder gives up.
    """
    with (
        clip_writer(drawn, facts.fps) as with_skeletons,
        clip_writer(frames, facts.fps, every_frame_whole=True) as plain,
    ):
        for frame in read_ahead(read_frames(path, facts)):
            plain.write(_at_most(frame.pixels, FRAMES_SIDE), frame.time_s)
            with_skeletons.write(_with(overlay(frame.index), frame.pixels), frame.time_s)
            done(frame.index + 1)


def render_even_frames(
    path: Path, facts: ClipFacts, frames: Path, done: Callable[[int], None] = lambda _: None
) -> None:
    """Write ``frames.mp4`` alone, its frames at even times whatever those of the clip are.

    For answers that number frames but know no times. Arguments and errors as in ``render_clip``.
    """
    with clip_writer(frames, facts.fps, every_frame_whole=True) as plain:
        for frame in read_ahead(read_frames(path, facts)):
            plain.write(_at_most(frame.pixels, FRAMES_SIDE), frame.index / facts.fps)
            done(frame.index + 1)


def _with(overlay: Overlay, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    canvas = _at_most(pixels, DRAWN_SIDE)
    canvas = canvas.copy() if canvas is pixels else canvas
    unit = float(max(canvas.shape[:2]))
    for pose in overlay.poses:
        draw_skeleton(canvas, pose.with_xy(pose.xy_px * (canvas.shape[1] / pixels.shape[1])), unit)
    draw_caption(canvas, overlay.lines, unit)
    draw_caption(canvas, MARK, unit, on_right=True)
    return canvas


def _at_most(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    scale = side / max(pixels.shape[:2])
    if scale >= 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
