"""The kicking knee at contact, shown against true, on the rendered kick and on changed copies of it.

    python -m benchmarks.kick_knee

Each copy goes through the kind of job that the server runs. What it shows of the knee stands beside the true angle in
space at the true contact; a mirrored kick is a left-footed one. Below, how far the two readings of each knee are off
over the whole clip (see ``posedeck.pose.kick.knee``). Copies at 15 frames per second are beyond what is promised.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np

from posedeck.engine.models import ensure_models
from posedeck.jobs import soccer
from posedeck.jobs.clips import clip_facts, join_chunks
from posedeck.jobs.kind import Plan, Work
from posedeck.pose.kick.analysis import KickAnalysis, decode_analysis
from posedeck.pose.kick.knee import LEG, included_deg
from posedeck.pose.kick.swing import Side
from posedeck.pose.track import PoseTrack
from tests.support.kick import SAMPLES, true_kick, true_knee_deg

HEIGHT_CM = 174.8
CLIP = SAMPLES / "soccer_kick.mp4"
FPS = 30
MOVED = np.array([[0.9, 0.04, 30.0], [-0.04, 0.9, 13.0]])
SMALL = np.array([[0.8, 0.0, 76.0], [0.0, 0.8, 80.0]])
SHIFTED = np.array([[1.0, 0.0, 9.0], [0.0, 1.0, -7.0]])

Change = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Copy:
    """How a copy shows the kick, and which of its frames: every ``step``-th from ``first`` on."""

    name: str
    change: Change
    first: int = 0
    step: int = 1


def main() -> None:
    """Print the table."""
    dice = np.random.default_rng(0)
    copies = (
        Copy("as it is", lambda picture: picture),
        Copy("mirrored", lambda picture: picture[:, ::-1]),
        Copy("shifted", lambda picture: _warped(picture, SHIFTED)),
        Copy("turned, smaller, moved", lambda picture: _warped(picture, MOVED)),
        Copy("smaller", lambda picture: _warped(picture, SMALL)),
        Copy("doubled", lambda picture: cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)),
        Copy("halved", lambda picture: cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)),
        Copy("noise of 10 grey levels", lambda picture: _clipped(picture + dice.normal(0, 10, picture.shape))),
        Copy("noise of 20 grey levels", lambda picture: _clipped(picture + dice.normal(0, 20, picture.shape))),
        Copy("blurred by 1.5 px", lambda picture: cv2.GaussianBlur(picture, (0, 0), 1.5)),
        Copy("half as bright", lambda picture: _clipped(picture * 0.55)),
        Copy("15 fps, even frames", lambda picture: picture, 0, 2),
        Copy("15 fps, odd frames", lambda picture: picture, 1, 2),
    )
    with av.open(str(CLIP)) as source:
        pictures = [frame.to_ndarray(format="rgb24") for frame in source.decode(video=0)]
    print(f"true: {true_knee_deg():.1f} degrees at {true_kick().impact_s:.3f} s")
    for copy in copies:
        with tempfile.TemporaryDirectory() as folder:
            clip = _written(copy, pictures, Path(folder) / "clip.mp4")
            analysis, track = analysed(clip, Path(folder))
        print(f"{copy.name:24} {_shown(analysis, copy)}")
        if copy.step == 1:
            print(f"{'':24} {_readings(track, analysis.side)}")


def analysed(clip: Path, folder: Path) -> tuple[KickAnalysis, PoseTrack]:
    """The analysis as the job gives it, and the kicker's track that it was made of."""
    models = ensure_models()

    def work(plan: Plan | None) -> Work:
        return Work({"height_cm": HEIGHT_CM}, clip, folder, models, lambda *_: None, plan)

    plan = soccer.prepare(work(None))
    chunks: list[bytes] = []
    for index in range(len(plan.chunks)):
        chunks.append(soccer.chunk(work(plan), index, chunks[-1] if chunks else None))
    facts = clip_facts(work(plan), soccer.LIMITS)
    track = soccer.read_kicker(work(plan), facts, join_chunks(chunks))
    return decode_analysis(soccer.finish(work(plan), chunks).result), track


def _shown(analysis: KickAnalysis, copy: Copy) -> str:
    contact = analysis.event("impact").time_s + copy.first / FPS
    knee = analysis.knee_at_impact
    if knee is None or knee.value is None or knee.low is None or knee.high is None:
        return f"{analysis.side:5} contact {contact:.3f} s, knee withheld: {None if knee is None else knee.reason}"
    held = "holds" if knee.low <= true_knee_deg() <= knee.high else "MISSES"
    return (
        f"{analysis.side:5} contact {contact:.3f} s, knee {knee.value:.1f} ({knee.low:.1f} to {knee.high:.1f}, "
        f"{held} the truth), off by {knee.value - true_knee_deg():+.1f}"
    )


def _readings(track: PoseTrack, kicking: Side) -> str:
    return "; ".join(
        f"{leg} knee off by {_readings_of(track, seen, true)}"
        for leg, seen, true in (
            ("kicking", kicking, "right"),
            ("support", "left" if kicking == "right" else "right", "left"),
        )
    )


def _readings_of(track: PoseTrack, side: str, true_side: str) -> str:
    indices = track.skeleton.indices([f"{side}_{part}" for part in LEG])
    truth = included_deg(*(true_kick().joint(f"{true_side}_{part}", track.times_s) for part in LEG))
    picture = included_deg(*np.moveaxis(track.xy_px[:, indices], 1, 0)) - truth
    space = included_deg(*np.moveaxis(np.asarray(track.xyz_m)[:, indices], 1, 0)) - truth
    picture_off, space_off, mean_off = (
        float(np.sqrt(np.nanmean(error**2))) for error in (picture, space, (picture + space) / 2)
    )
    together = float(np.corrcoef(picture, space)[0, 1])
    return f"{picture_off:.1f} in the picture, {space_off:.1f} in space, {mean_off:.1f} their mean (r {together:.2f})"


def _written(copy: Copy, pictures: list[np.ndarray], path: Path) -> Path:
    chosen = [np.ascontiguousarray(copy.change(picture)) for picture in pictures[copy.first :: copy.step]]
    with av.open(str(path), "w") as target:
        stream = target.add_stream("h264", rate=FPS // copy.step, options={"crf": "14"})
        stream.height, stream.width, stream.pix_fmt = *chosen[0].shape[:2], "yuv420p"
        for picture in chosen:
            target.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        target.mux(stream.encode())
    return path


def _warped(picture: np.ndarray, affine: np.ndarray) -> np.ndarray:
    return cv2.warpAffine(picture, affine, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def _clipped(picture: np.ndarray) -> np.ndarray:
    return np.clip(picture, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main()
