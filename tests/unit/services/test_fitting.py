"""Photos fitted to a vendor's limits, and keypoints brought back."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from posedeck.engine.images import load_image
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.services.fitting import Change, Fitted, FittingError, Limits, fit_picture
from posedeck.services.keypoints import LIMITS, Vendor
from posedeck.services.photos import Photo, prepare_photo
from posedeck.texts import LANGUAGES, load_texts
from tests.support.people import SAMPLES

KAKAO, NHN = LIMITS[Vendor.KAKAO], LIMITS[Vendor.NHN]
RNG = np.random.default_rng(20260101)


def encoded(pixels: NDArray[np.uint8], kind: str = "PNG") -> Photo:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return prepare_photo(buffer.getvalue())


def plain(width: int, height: int) -> Photo:
    return encoded(np.full((height, width, 3), 90, np.uint8), "JPEG")


def noise(width: int, height: int) -> Photo:
    return encoded(RNG.integers(0, 256, (height, width, 3), dtype=np.uint8))


def pose_at(*points: tuple[float, float]) -> Pose:
    """A pose with its first keypoints there and the others at the origin."""
    xy = np.zeros((len(COCO_17), 2))
    xy[: len(points)] = points
    return Pose(COCO_17, xy, np.ones(len(COCO_17)), sigma_px=np.ones(len(COCO_17)))


def keeps(fitted: Fitted, limits: Limits) -> bool:
    """Whether the bytes that are sent keep every limit, by what a decoder says of them."""
    with Image.open(io.BytesIO(fitted.photo.data)) as picture:
        assert (picture.size, picture.format) == ((fitted.photo.width, fitted.photo.height), "JPEG")
        short, long = sorted(picture.size)
    return (
        len(fitted.photo.data) <= limits.max_bytes
        and long <= (limits.max_side_px or long)
        and short >= (limits.min_side_px or short)
        and long <= short * (limits.max_ratio or long / short) + 1e-9
    )


def dot_in(picture: Photo) -> tuple[float, float]:
    """Centre of the bright spot of an otherwise dark picture, weighted by brightness."""
    light = load_image(picture.data)[..., 1].astype(float)
    light[light < 40] = 0.0
    ys, xs = np.mgrid[: light.shape[0], : light.shape[1]]
    return float((xs * light).sum() / light.sum()), float((ys * light).sum() / light.sum())


def test_a_photo_that_fits_is_sent_as_it_is() -> None:
    """The very bytes, and keypoints stay where they are."""
    photo = prepare_photo((SAMPLES / "front_apose.jpg").read_bytes())
    pose = pose_at((3.25, 4.5))

    for limits in LIMITS.values():
        fitted = fit_picture(photo, limits)
        assert (fitted.photo, fitted.scale, fitted.changes) == (photo, 1.0, ())
        assert fitted.to_original(pose) is pose


@pytest.mark.parametrize(
    ("size", "expected", "changes"),
    [
        ((4096, 3072), (2048, 1536), (Change.REDUCED, Change.REENCODED)),
        ((2049, 2049), (2048, 2048), (Change.REDUCED, Change.REENCODED)),
        ((200, 160), (400, 320), (Change.ENLARGED, Change.REENCODED)),
        ((320, 320), (320, 320), ()),
        ((2048, 1152), (2048, 1152), ()),
        ((1600, 800), (1600, 900), (Change.PADDED, Change.REENCODED)),
        ((500, 1600), (900, 1600), (Change.PADDED, Change.REENCODED)),
        ((100, 160), (320, 512), (Change.ENLARGED, Change.REENCODED)),
        ((8192, 1024), (2048, 1152), (Change.PADDED, Change.REDUCED, Change.REENCODED)),
        ((40, 320), (320, 568), (Change.PADDED, Change.ENLARGED, Change.REENCODED)),
    ],
)
def test_sides_and_shape_are_brought_within_kakaos_limits(
    size: tuple[int, int], expected: tuple[int, int], changes: tuple[Change, ...]
) -> None:
    """At most 2048, at least 320, at most 16:9; no more is done than is needed."""
    fitted = fit_picture(plain(*size), KAKAO)

    assert ((fitted.photo.width, fitted.photo.height), fitted.changes) == (expected, changes)
    assert keeps(fitted, KAKAO)


def test_too_many_bytes_are_compressed_before_pixels_are_given_up() -> None:
    """A PNG over 5 MB keeps its size as a JPEG; NHN knows no other limit."""
    photo = noise(1500, 1200)
    assert len(photo.data) > NHN.max_bytes

    fitted = fit_picture(photo, NHN)

    assert (fitted.photo.width, fitted.photo.height, fitted.scale) == (1500, 1200, 1.0)
    assert (keeps(fitted, NHN), fitted.changes) == (True, (Change.REENCODED,))


def test_pixels_are_given_up_when_compressing_does_not_do() -> None:
    """Noise of 2048 × 2048 has over 2 MB at any quality that keeps joints."""
    fitted = fit_picture(noise(2048, 2048), KAKAO)

    assert (keeps(fitted, KAKAO), fitted.changes) == (True, (Change.REDUCED, Change.REENCODED))
    assert fitted.scale < 1.0


def test_what_was_done_before_is_said_too() -> None:
    """A photo turned upright or converted when it was chosen is not what the user gave."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 480)).save(buffer, "WEBP")

    assert fit_picture(prepare_photo(buffer.getvalue()), KAKAO).changes == (Change.CONVERTED,)


@pytest.mark.parametrize(
    ("photo", "limits", "match"),
    [
        (plain(4000, 1), KAKAO, "too narrow"),
        (plain(1000, 100), Limits(max_bytes=10_000, max_side_px=500, min_side_px=400), "sides of 400 to 500"),
        (noise(64, 64), Limits(max_bytes=900, min_side_px=60), "900 bytes"),
    ],
)
def test_what_cannot_fit_says_why(photo: Photo, limits: Limits, match: str) -> None:
    """A side that would vanish, limits that exclude each other, too few bytes for the smallest size."""
    with pytest.raises(FittingError, match=match):
        fit_picture(photo, limits)


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(100, 3000),
    height=st.integers(100, 3000),
    across=st.floats(0.05, 0.95),
    down=st.floats(0.05, 0.95),
)
def test_a_point_comes_back_within_half_a_pixel(width: int, height: int, across: float, down: float) -> None:
    """A spot in the photo, found in what is sent and mapped back, is within 0.51 px ÷ scale of where it was."""
    radius = max(width, height) / 100 + 2
    x, y = radius + across * (width - 2 * radius), radius + down * (height - 2 * radius)
    ys, xs = np.mgrid[:height, :width]
    spot = np.clip(radius + 0.5 - np.hypot(xs - x, ys - y), 0, 1) * 255
    fitted = fit_picture(encoded(np.repeat(spot.astype(np.uint8)[..., None], 3, axis=2)), NO_MARGIN)

    found = fitted.to_original(pose_at(dot_in(fitted.photo)))

    assert np.abs(found.xy_px[0] - (x, y)).max() <= 0.51 / min(fitted.scale, 1.0)


#: Kakao's, without the grey margin that would count as light.
NO_MARGIN = Limits(max_bytes=KAKAO.max_bytes, max_side_px=2048, min_side_px=20)


@settings(max_examples=50, deadline=None)
@given(width=st.integers(4, 2600), height=st.integers(4, 2600))
def test_every_shape_ends_within_the_limits(width: int, height: int) -> None:
    """Whatever the sides, what is sent keeps Kakao's limits, or is the original."""
    fitted = fit_picture(plain(width, height), KAKAO)

    assert keeps(fitted, KAKAO)


def test_the_corners_of_a_reduced_photo_come_back_exactly() -> None:
    """A pixel's edges scale, not its centre: the first pixel of a half-size photo covers the first two."""
    fitted = fit_picture(plain(4096, 3072), KAKAO)

    back = fitted.to_original(pose_at((0.0, 0.0), (2047.0, 1535.0)))

    np.testing.assert_allclose(back.xy_px[:2], [(0.5, 0.5), (4094.5, 3070.5)])
    assert back.sigma_px is not None
    np.testing.assert_allclose(back.sigma_px, 2.0)


def test_a_missing_keypoint_stays_missing() -> None:
    """NaN in, NaN out."""
    fitted = fit_picture(plain(4096, 3072), KAKAO)

    assert np.isnan(fitted.to_original(pose_at((np.nan, np.nan))).xy_px[0]).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_has_a_text(language: str) -> None:
    """The page can say what was done to the photo, or that nothing helps."""
    assert {*Change, "fitting.impossible"} - load_texts(language).messages.keys() == set()
