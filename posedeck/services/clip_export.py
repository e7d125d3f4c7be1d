"""A clip's keypoints as files that say who answered."""

from collections.abc import Iterator

import msgspec
import numpy as np

from posedeck import __version__
from posedeck.services.csv_table import csv_table
from posedeck.services.kakao_clips import ClipAnswer

FORMAT = "posedeck-clip"


def tracks_json(answer: ClipAnswer) -> bytes:
    """The answer as it came, with its source beside it."""
    return msgspec.json.encode(
        {
            "format": FORMAT,
            "application": {"name": "PoseDeck", "version": __version__},
            "source": {"kind": answer.source, "base_url": answer.base_url, "vendor_format": "kakao"},
            "answered_at": answer.answered_at,
            "answer": answer.body,
        }
    )


def tracks_csv(answer: ClipAnswer) -> bytes:
    """A row per person, frame and keypoint that is told; pixels of the clip."""
    return csv_table(("source", "object_id", "frame", "time_s", "keypoint", "x_px", "y_px", "score"), _rows(answer))


def _rows(answer: ClipAnswer) -> Iterator[list[object]]:
    for number, track in answer.tracks.items():
        for frame, joint in np.argwhere(np.isfinite(track.xy_px).all(axis=2)):
            x, y = track.xy_px[frame, joint]
            yield [
                answer.source,
                number,
                frame,
                f"{track.times_s[frame]:.4f}",
                track.skeleton.names[joint],
                f"{x:.2f}",
                f"{y:.2f}",
                f"{track.score[frame, joint]:.3f}",
            ]
