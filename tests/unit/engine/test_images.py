"""Pictures from outside: formats, orientation, odd colours, size limits and damage."""

import contextlib
import io
import pickle
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from posedeck.engine.images import MAX_PIXELS, ImageError, load_image
from tests.unit.engine.conftest import picture_of

FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, file_format, **options)
    return stream.getvalue()


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Image.Image:
    """A picture 64 wide and 32 high with a left and a right colour."""
    pixels = np.empty((32, 64, 3), np.uint8)
    pixels[:, :32], pixels[:, 32:] = left, right
    return Image.fromarray(pixels)


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_format_gives_rgb(file_format: str) -> None:
    """Red stays red and blue stays blue, whatever the format."""
    image = load_image(encoded(halves((255, 0, 0), (0, 0, 255)), file_format))
    assert image.shape == (32, 64, 3)
    assert image.dtype == np.uint8
    assert np.abs(image[16, 8].astype(int) - [255, 0, 0]).max() < 12
    assert np.abs(image[16, 56].astype(int) - [0, 0, 255]).max() < 12


@pytest.mark.parametrize("file_format", FORMATS)
def test_orientation_is_applied_once(file_format: str) -> None:
    """With EXIF orientation 6 the stored left half is the upright top half."""
    exif = Image.Exif()
    exif[0x0112] = 6
    image = load_image(encoded(halves((255, 255, 255), (0, 0, 0)), file_format, exif=exif.tobytes()))
    assert image.shape == (64, 32, 3)
    assert image[8].mean() > 240
    assert image[56].mean() < 15


@pytest.mark.parametrize(
    ("mode", "file_format"), [("L", "PNG"), ("L", "JPEG"), ("1", "PNG"), ("CMYK", "JPEG"), ("P", "PNG")]
)
def test_other_colour_modes_become_rgb(mode: str, file_format: str) -> None:
    """Grey, bitmap, palette and print colours keep their brightness."""
    image = load_image(encoded(halves((255, 255, 255), (0, 0, 0)).convert(mode), file_format))
    assert image.shape == (32, 64, 3)
    assert image[:, 4:28].min() > 240
    assert image[:, 36:60].max() < 15


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_over_white(mode: str) -> None:
    """What cannot be seen is white, whatever colour hides there."""
    picture = halves((0, 0, 0), (0, 0, 0)).convert(mode)
    picture.putalpha(Image.fromarray(np.repeat([[0] * 32 + [255] * 32], 32, axis=0).astype(np.uint8)))
    image = load_image(encoded(picture, "PNG"))
    assert image[:, :32].min() == 255
    assert image[:, 32:].max() == 0


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    """Half of 65535 is half of 255."""
    deep = Image.fromarray(np.full((8, 8), 32768, np.uint16))
    assert load_image(encoded(deep, "PNG"))[0, 0].tolist() == [127, 127, 127]


def test_an_rgb_array_passes_through() -> None:
    """An array is taken as it is."""
    pixels = np.random.default_rng(0).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    assert np.array_equal(load_image(pixels), pixels)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((5, 7), np.uint8),
        np.zeros((5, 7, 4), np.uint8),
        np.zeros((0, 7, 3), np.uint8),
        np.zeros((5, 7, 3), np.float32),
    ],
)
def test_other_arrays_are_refused(array: np.ndarray) -> None:
    """Only RGB arrays of bytes are pictures."""
    with pytest.raises(ImageError) as caught:
        load_image(array)
    assert caught.value.reason == "undecodable"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7",
        picture_of("front_apose")[:20_000],
        encoded(halves((1, 2, 3), (4, 5, 6)), "GIF"),
    ],
    ids=["empty", "text", "pdf", "truncated", "gif"],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    """Not a picture, not one of the four formats, or cut off."""
    with pytest.raises(ImageError) as caught:
        load_image(data)
    assert caught.value.reason == "undecodable"


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size and that holds almost nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_001), (12_000, 9_000), (60_000, 60_000), (MAX_PIXELS + 1, 1)])
def test_too_many_pixels_are_refused_by_the_header(width: int, height: int) -> None:
    """Beyond 50 megapixels nothing is decoded, also where Pillow itself only warns or stops."""
    with pytest.raises(ImageError) as caught:
        load_image(png_claiming(width, height))
    assert caught.value.reason == "too_large"


def test_fifty_megapixels_are_not_too_large() -> None:
    """Exactly the limit passes the size check: this one fails only because it holds no pixels."""
    with pytest.raises(ImageError) as caught:
        load_image(png_claiming(10_000, 5_000))
    assert caught.value.reason == "undecodable"


def test_too_large_arrays_are_refused() -> None:
    """The limit holds for arrays too."""
    huge = np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (MAX_PIXELS + 1, 1, 3))
    with pytest.raises(ImageError) as caught:
        load_image(huge)
    assert caught.value.reason == "too_large"


def test_errors_travel_between_processes() -> None:
    """Pickled and back, the reason and the text are there."""
    error = pickle.loads(pickle.dumps(ImageError("too_large", "too many")))  # noqa: S301 - our own bytes
    assert error.reason == "too_large"
    assert str(error) == "too many"


SEEDS = {name: encoded(halves((200, 30, 30), (30, 30, 200)), name) for name in FORMATS}


@pytest.mark.parametrize("file_format", FORMATS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_pictures_never_crash(file_format: str, data: st.DataObject) -> None:
    """Overwritten, cut and doubled bytes give an RGB picture or an ImageError, nothing else."""
    damaged = bytearray(SEEDS[file_format])
    for _ in range(data.draw(st.integers(1, 8))):
        position = data.draw(st.integers(0, len(damaged) - 1))
        damaged[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(damaged)))
    with contextlib.suppress(ImageError):
        image = load_image(bytes(damaged[:cut]))
        assert image.ndim == 3
        assert image.shape[2] == 3
        assert image.dtype == np.uint8


def test_heic_is_registered() -> None:
    """HEIC reading does not depend on who imported what before."""
    assert pillow_heif.is_supported(SEEDS["HEIF"])
