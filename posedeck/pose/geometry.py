"""Angles of lines and joints in the picture plane.

Pictures have x to the right and y down; angles here are in degrees and grow counter-clockwise as seen on the screen.
"""

import numpy as np
from numpy.typing import ArrayLike

from posedeck.pose.pose import FloatArray


def wrap_deg(angle: float) -> float:
    """The same angle in the half-open range (-180, 180]."""
    # + 0.0 turns -0.0 into 0.0, which prints without a sign.
    return float(-((-angle + 180.0) % 360.0 - 180.0)) + 0.0


def line_deg(start: ArrayLike, end: ArrayLike) -> float:
    """Angle of the line from ``start`` to ``end`` (2,) against the horizontal; 90 points up on the screen.

    NaN when a point is missing or both coincide.
    """
    dx, dy = np.asarray(end, dtype=float) - np.asarray(start, dtype=float)
    if not np.hypot(dx, dy) > 0:
        return float("nan")
    return wrap_deg(float(np.degrees(np.arctan2(-dy, dx))))


def from_vertical_deg(bottom: ArrayLike, top: ArrayLike) -> float:
    """Angle of the line from ``bottom`` to ``top`` (2,) against the upright; positive when it leans to image left."""
    return wrap_deg(line_deg(bottom, top) - 90.0)


def included_deg(a: ArrayLike, vertex: ArrayLike, b: ArrayLike) -> float:
    """Angle 0..180 at ``vertex`` between the rays to ``a`` and ``b`` (2,). NaN when a ray has no length."""
    return abs(wrap_deg(line_deg(vertex, a) - line_deg(vertex, b)))


def rotate(xy_px: FloatArray, angle_deg: float, centre: ArrayLike) -> FloatArray:
    """Points (n, 2) turned counter-clockwise on the screen about ``centre`` (2,)."""
    radians = np.radians(angle_deg)
    cos, sin = np.cos(radians), np.sin(radians)
    centre = np.asarray(centre, dtype=float)
    turned: FloatArray = (xy_px - centre) @ np.array([[cos, -sin], [sin, cos]]) + centre
    return turned
