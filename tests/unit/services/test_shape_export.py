"""Exports of a future shape: every picture is marked, every file says who answered, and no figure is lost."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from posedeck.contracts.remo.future_shape import BodyPart, Direction, ShapeWarning
from posedeck.server.simulated import DESCRIPTION
from posedeck.services.future_shape import ShapeCheck
from posedeck.services.shape_export import export_json, export_png, export_together, marked_picture
from posedeck.services.shape_integrity import Flag
from posedeck.services.shape_wording import change_text, flag_texts, percent_change, share_text, warning_texts
from posedeck.services.simulated_mark import marked
from posedeck.services.sources import Source
from posedeck.texts import LANGUAGES, load_texts
from tests.support.shape_results import shape_result

EN = load_texts("en")


def opened(png: bytes) -> Image.Image:
    """A PNG with its metadata."""
    picture = Image.open(io.BytesIO(png))
    picture.load()
    assert picture.format == "PNG"
    return picture


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("source", [Source.LOCAL, Source.LIVE, Source.RECORDED])
def test_every_picture_says_that_it_is_simulated(language: str, source: Source) -> None:
    """A label at the lower edge, the rest as answered; the metadata say the same and who answered."""
    result = replace(shape_result(), source=source)
    picture = opened(export_png(result, load_texts(language)))
    assert picture.size == (768, 1024)
    assert picture.info["Description"] == DESCRIPTION
    assert "algorithmicallyEnhanced" in picture.info["XML:com.adobe.xmp"]
    assert picture.info["Source"] == source.label_for("remo")
    changed = (np.asarray(picture) != result.after).any(axis=2)
    assert changed[-60:, :400].mean() > 0.2
    assert not changed[: int(0.9 * 1024)].any()


def test_the_mark_fits_into_small_pictures() -> None:
    """On a picture of a hand's width of pixels the label shrinks until it is inside."""
    blank = np.full((90, 120, 3), 128, dtype=np.uint8)
    rows, columns = np.nonzero((marked(blank, "SIMULATED · Local engine") != blank).any(axis=2))
    assert columns.min() > 0
    assert columns.max() < 119
    assert rows.max() < 90
    assert (blank == 128).all()


def test_side_by_side_holds_what_is_given() -> None:
    """Both directions make three panels; one alone makes two, the original on its other side."""
    best, worst = shape_result(Direction.BEST), shape_result(Direction.WORST)
    both, one = (opened(export_together(results, EN)) for results in ((worst, best), (best,)))
    assert both.height == one.height
    assert both.width - one.width == 675 + 24  # a picture of 3 : 4 and a gap
    assert "best" in both.info["Comment"]
    assert "worst" in both.info["Comment"]
    assert "worst" not in one.info["Comment"]
    with pytest.raises(ValueError, match="nothing"):
        export_together((), EN)


def test_json_holds_the_figures_and_no_picture() -> None:
    """Source, wish, widths, warnings, both checks and flags; the picture is collapsed to size and hash."""
    data = json.loads(export_json((shape_result(), shape_result(Direction.WORST))))
    assert data["simulated"] is True
    assert [each["direction"] for each in data["results"]] == ["best", "worst"]
    first = data["results"][0]
    assert first["source"]["label"] == "Local engine"
    assert set(first["widths"]) == set(BodyPart)
    assert first["warnings"] == [ShapeWarning.SEVERAL_PEOPLE]
    assert first["engine_integrity"]["face_ssim"] == 0.991
    assert first["integrity"]["body_moved"] > 0
    assert first["flags"] == []
    assert first["answer"]["result_image"]["base64"]["type"] == "image/png"


def test_a_vendors_bare_answer_exports_too() -> None:
    """What an answer does not tell is null."""
    bare = replace(
        shape_result(),
        source=Source.LIVE,
        ratio=None,
        widths={},
        warnings=(),
        engine_integrity=None,
        method=None,
        check=ShapeCheck(None),
    )
    first = json.loads(export_json((bare,)))["results"][0]
    assert (first["ratio"], first["widths"], first["integrity"], first["flags"]) == (None, {}, None, None)
    assert opened(export_together((bare,), EN)).info["Source"] == "Remo live"
    assert change_text(bare, EN) == "Slimmer"


@pytest.mark.parametrize(
    ("factor", "text"), [(0.85, "−15 %"), (1.25, "+25 %"), (1.0, "±0 %"), (1.0571, "+5.7 %"), (0.99999, "±0 %")]
)
def test_changes_read_as_signed_percent(factor: float, text: str) -> None:
    """A factor as a change; what rounds to nothing has no direction."""
    assert percent_change(factor) == text


@pytest.mark.parametrize(("share", "text"), [(0.0, "0.0 %"), (0.0004, "< 0.1 %"), (0.013, "1.3 %"), (0.53, "53 %")])
def test_shares_never_read_as_nothing(share: float, text: str) -> None:
    """A little is not called none."""
    assert share_text(share) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_warning_and_flag_is_said_in_words(language: str) -> None:
    """Each code has a sentence, each once; one that we do not know is told by its code."""
    t = load_texts(language)
    result = replace(shape_result(), warnings=(*ShapeWarning, "new_code", "several_people"))
    texts = warning_texts((result, result), t)
    assert len(texts) == len(ShapeWarning) + 1
    assert any("new_code" in text for text in texts)
    assert {f"future_shape.flag.{flag}" for flag in Flag} <= t.messages.keys()
    assert {f"future_shape.part.{part}" for part in BodyPart} <= t.messages.keys()


def test_an_unchanged_picture_is_a_fault_only_when_a_change_was_promised() -> None:
    """An engine that says that it left the photo as it was is not blamed for it."""
    result = shape_result(after="photo")
    assert result.integrity is not None
    assert flag_texts(result.integrity, EN) == [EN("future_shape.flag.unchanged")]
    assert flag_texts(result.integrity, EN, wanted_unchanged=True) == []


def test_the_marked_picture_is_another_one() -> None:
    """The answered picture itself stays without a mark, for the check and for reopening."""
    result = shape_result()
    assert (marked_picture(result, EN) != result.after).any()
