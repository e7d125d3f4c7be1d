"""The exported picture."""

import io

import numpy as np
import pytest
from PIL import Image, ImageFont

from posedeck.pose.posture import View
from posedeck.services.assessment import assess
from posedeck.services.picture import _font, export_png
from posedeck.services.posture import PostureResult
from posedeck.texts import LANGUAGES, load_texts
from tests.app.support import sample_result


def pixels(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.format == "PNG"
        return np.asarray(picture.convert("RGB"))


def export(result: PostureResult, language: str = "en") -> np.ndarray:
    return pixels(export_png(result, assess(result, result.profile), load_texts(language)))


def ink(font: ImageFont.FreeTypeFont, text: str) -> bytes:
    return bytes(font.getmask(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_picture_is_a_wide_page(language: str) -> None:
    """The export is a PNG 1600 pixels wide in either language."""
    assert export(sample_result(), language).shape[1] == 1600


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_font_has_every_character_that_we_print(language: str, bold: bool) -> None:
    """No text of ours is drawn as an empty box."""
    font = _font(20, bold)
    box = ink(font, "\uffff")
    used = {
        character for text in load_texts(language).messages.values() for character in text if not character.isspace()
    }
    assert {character for character in used if ink(font, character) == box} == set()


def test_languages_differ() -> None:
    """The words in the picture are those of the language."""
    result = sample_result()
    english, korean = (export(result, language) for language in ("en", "ko"))
    assert english.shape == korean.shape
    assert (english != korean).any()


def test_missing_value_has_no_line() -> None:
    """A metric without a value changes the photo: its line and label are gone."""
    whole = sample_result()
    without = sample_result({entry.metric.key: entry.value for entry in whole.metrics} | {"shoulder_tilt": None})
    area = np.s_[160:1080, :800]  # the front photo
    assert (export(whole)[area] != export(without)[area]).any()


def test_result_without_keypoints_still_exports() -> None:
    """An answer without coordinates gives the plain photos and the table."""
    result = sample_result()
    result.poses.clear()
    assert export(result).shape[1] == 1600
    assert set(result.photos) == set(View)
