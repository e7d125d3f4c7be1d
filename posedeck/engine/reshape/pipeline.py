"""Reshaping one body in one picture, from the change wanted to the picture and its figures."""

from dataclasses import dataclass

import numpy as np

from posedeck.engine.reshape.anthropometry import EXPONENTS, Exponents, Gender
from posedeck.engine.reshape.body import Body, ReshapeWarning
from posedeck.engine.reshape.field import Extent, Field, make_field
from posedeck.engine.reshape.figure import Figure
from posedeck.engine.reshape.integrity import Integrity, background_difference, bones_moved, face_similarity
from posedeck.engine.reshape.plan import MAX_RATIO, MIN_RATIO
from posedeck.engine.reshape.rasters import Raster, Rgb, at_points
from posedeck.engine.reshape.render import Rendered, render
from posedeck.engine.reshape.sites import drawn_ratio, sites

#: Room around the body that is worked on, in torso lengths: what a body can grow into, and background to fill from.
_MARGIN = 0.4


@dataclass(frozen=True)
class SiteWidth:
    """Width of one part after by before: intended, and achieved in the drawn silhouette (None: not measurable there).

    ``site`` is one of ``posedeck.engine.reshape.sites.SITES``.
    """

    site: str
    intended: float
    achieved: float | None


@dataclass(frozen=True, eq=False)
class Reshaped:
    """A reshaped picture.

    Attributes:
        image: RGB (h, w, 3).
        ratio: The weight ratio that was drawn.
        frontal: 1 for a body seen straight from the front or the back, 0 from the side.
        widths: Of every site.
        warnings: What makes it less than it could be.
        integrity: What stayed as it was.
        mask, new_mask: (h, w) the body before and after, 0..1.
    """

    image: Rgb
    ratio: float
    frontal: float
    widths: tuple[SiteWidth, ...]
    warnings: tuple[ReshapeWarning, ...]
    integrity: Integrity
    mask: Raster
    new_mask: Raster


def reshape(picture: Rgb, body: Body, gender: Gender, ratio: float) -> Reshaped:
    """The picture with its body slimmer (ratio below 1) or heavier.

    Args:
        picture: RGB (h, w, 3); it is not changed.
        body: In pixels of the picture.
        gender: Whose exponents are used.
        ratio: Weight after by weight before at the same height, ``MIN_RATIO`` to ``MAX_RATIO``. At 1 the picture comes
            back as it is.

    Raises:
        ValueError: when the ratio is out of range.
    """
    if not MIN_RATIO <= ratio <= MAX_RATIO:
        raise ValueError(f"the ratio must be between {MIN_RATIO:g} and {MAX_RATIO:g}, got {ratio:g}")
    exponents = EXPONENTS[gender]
    if ratio == 1.0:
        return _unchanged(picture, body, exponents)
    window = _window(body)
    offset = np.array([window[1].start, window[0].start], np.float64)
    pose, mask, part = body.pose.with_xy(body.pose.xy_px - offset), body.mask[window], picture[window]
    field = make_field(pose, mask, exponents, float(np.log(ratio)), _extent(body))
    rendered = render(part, mask, field)
    image, new_mask = picture.copy(), body.mask.copy()
    image[window], new_mask[window] = rendered.image, rendered.mask
    largest, mean = background_difference(picture, image, body.mask, new_mask)
    warnings = body.warnings if field.amplitude == 1.0 else (*body.warnings, ReshapeWarning.AMPLITUDE_REDUCED)
    return Reshaped(
        image=image,
        ratio=ratio,
        frontal=field.figure.frontal,
        widths=_widths(Figure(pose, mask, max(mask.shape)), exponents, ratio, field, rendered),
        warnings=warnings,
        integrity=Integrity(
            background_max=largest,
            background_mean=mean,
            face_ssim=face_similarity(picture, image, body.pose),
            min_determinant=field.min_determinant,
            amplitude=field.amplitude,
            bone_change=bones_moved(pose, field.shift, field.figure.scale),
        ),
        mask=body.mask,
        new_mask=new_mask,
    )


def _unchanged(picture: Rgb, body: Body, exponents: Exponents) -> Reshaped:
    figure = Figure(body.pose, body.mask, 64)  # only for its view and the names of its sites
    return Reshaped(
        image=picture.copy(),
        ratio=1.0,
        frontal=figure.frontal,
        widths=tuple(SiteWidth(site.name, 1.0, 1.0) for site in sites(figure, exponents)),
        warnings=body.warnings,
        integrity=Integrity(0, 0.0, face_similarity(picture, picture, body.pose), 1.0, 1.0, 0.0),
        mask=body.mask,
        new_mask=body.mask,
    )


def _window(body: Body) -> tuple[slice, slice]:
    rows, columns = np.nonzero(body.mask > 0.02)
    height, width = body.mask.shape
    margin = round(_MARGIN * body.pose.torso_px)
    return (
        slice(max(int(rows.min()) - margin, 0), min(int(rows.max()) + margin + 1, height)),
        slice(max(int(columns.min()) - margin, 0), min(int(columns.max()) + margin + 1, width)),
    )


def _extent(body: Body) -> Extent:
    return Extent(
        head=ReshapeWarning.HEAD_CUT_OFF not in body.warnings,
        legs=ReshapeWarning.SEATED not in body.warnings,
    )


def _widths(
    figure: Figure, exponents: Exponents, ratio: float, field: Field, rendered: Rendered
) -> tuple[SiteWidth, ...]:
    widths = []
    for site in sites(figure, exponents):
        moved = site.points + at_points(field.shift, site.points * field.figure.scale) / field.figure.scale
        achieved = drawn_ratio(site, figure, rendered.mask, moved)
        widths.append(SiteWidth(site.name, float(ratio**site.exponent), achieved))
    return tuple(widths)
