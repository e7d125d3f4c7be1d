"""Clips that are looked at frame by frame in the browser, with a cursor in the charts beside them; no reruns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from components.assets import read_assets
from posedeck.pose.pose import FloatArray
from posedeck.pose.track import PoseTrack
from posedeck.texts import Texts

#: Digits of a time in seconds: frames of 240 a second differ in the third.
_DECIMALS = 4

_mount = st.components.v2.component(
    "posedeck_frame_viewer",
    html='<div class="frames"></div>',
    css=read_assets("frame_viewer.css"),
    js=read_assets(
        "dom.js", "frame_viewer_charts.js", "frame_viewer_people.js", "frame_viewer_strip.js", "frame_viewer.js"
    ),
)


@dataclass(frozen=True, eq=False)
class People:
    """Skeletons to be drawn over a clip.

    Attributes:
        tracks: By number, of one skeleton, with as many frames as the clip.
        size: Width and height in pixels of what the tracks lie on.
        threshold: Keypoints with a lower score are not drawn.
    """

    tracks: Mapping[int, PoseTrack]
    size: tuple[int, int]
    threshold: float = 0.0


@dataclass(frozen=True, eq=False)
class Clip:
    """A clip as the browser gets it.

    Attributes:
        src: Its address, or a ``data:`` URI. Stepping is quick where every frame is a key frame.
        title: Short name, shown over the clip.
        alt: What it shows, for screen readers.
        people: Who is drawn over it.
    """

    src: str
    title: str
    alt: str
    people: People | None = None


@dataclass(frozen=True)
class Phase:
    """A named stretch of the clips, from frame ``start`` up to but not including ``stop``."""

    title: str
    start: int
    stop: int


@dataclass(frozen=True)
class Mark:
    """A frame worth jumping to."""

    title: str
    frame: int


def frame_viewer(
    clips: Sequence[Clip],
    times_s: FloatArray,
    *,
    key: str,
    t: Texts,
    phases: Sequence[Phase] = (),
    marks: Sequence[Mark] = (),
    charts_key: str = "",
) -> None:
    """Show clips of the same frames side by side and step through them together.

    Arrow keys step a frame, with Shift ten; Home and End go to the ends; space plays. Charts of Plotly's with seconds
    on their x axis get a cursor at the shown frame, and a click in one goes to the nearest frame.

    Args:
        clips: One or two.
        times_s: (t,) time of each frame in seconds, increasing; the first frame is where the clips begin.
        key: Stable key of the component.
        t: Texts of the session.
        phases: Shown as a strip under the clips.
        marks: Shown as buttons.
        charts_key: Key of the ``st.container`` that holds the charts.
    """
    _mount(
        key=key,
        data={
            "clips": [
                {"src": clip.src, "title": clip.title, "alt": clip.alt, "people": _people_data(clip.people)}
                for clip in clips
            ],
            "times_s": [round(float(time), _DECIMALS) for time in times_s],
            "phases": [{"title": phase.title, "start": phase.start, "stop": phase.stop} for phase in phases],
            "marks": [{"title": mark.title, "frame": mark.frame} for mark in marks],
            "charts": charts_key,
            "text": {
                "label": t("frames.label"),
                "previous": t("frames.previous"),
                "next": t("frames.next"),
                "play": t("frames.play"),
                "pause": t("frames.pause"),
                "speed": t("frames.speed"),
                "slider": t("frames.slider"),
                "where": t("frames.where", frame="{frame}", frames="{frames}", time="{time}"),
                "phases": t("frames.phases"),
                "marks": t("frames.marks"),
                "hint": t("frames.hint"),
                "broken": t("frames.broken"),
            },
        },
    )


def _people_data(people: People | None) -> dict[str, Any] | None:
    if people is None or not people.tracks:
        return None
    skeleton = next(iter(people.tracks.values())).skeleton
    return {
        "size": list(people.size),
        "edges": [[skeleton.index[name] for name in edge] for edge in skeleton.edges],
        "tracks": [
            {"name": number, "frames": _drawn_points(track, people.threshold)}
            for number, track in people.tracks.items()
        ],
    }


def _drawn_points(track: PoseTrack, threshold: float) -> list[list[int | None] | None]:
    """x and y of each keypoint in a frame, one after the other, in tenths of a pixel; None for what is not drawn."""
    drawn = np.isfinite(track.xy_px).all(axis=2) & (track.score >= threshold)
    tenths = np.where(drawn[..., None], np.round(10 * track.xy_px), 0.0).astype(int)
    return [
        [value if told else None for point, told in zip(points, flags, strict=True) for value in point]
        if flags.any()
        else None
        for points, flags in zip(tenths.tolist(), drawn, strict=True)
    ]
