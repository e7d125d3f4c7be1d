"""Results of a future shape as PNG and JSON; each says that it is simulated and who answered."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import msgspec
from PIL import Image, ImageDraw

from posedeck import __version__
from posedeck.contracts.remo.future_shape import Direction
from posedeck.server.simulated import save_simulated
from posedeck.services.fonts import picture_font
from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_alignment import Picture
from posedeck.services.shape_wording import change_text
from posedeck.services.sharing import shareable_answer
from posedeck.services.simulated_mark import marked
from posedeck.services.source_wording import source_text
from posedeck.services.sources import origin_of
from posedeck.texts import Texts

FORMAT = "posedeck-future-shape"
FORMAT_VERSION = 1
_DIGITS = 4
_MARGIN, _GAP, _TOP, _FOOT = 48, 24, 176, 76
_HEIGHT = 900
_INK, _MUTED, _PAPER = "#1b2330", "#5a6577", "#ffffff"


def marked_picture(result: ShapeResult, t: Texts) -> Picture:
    """The answered picture as it is shown: never without its mark."""
    return marked(result.after, t("future_shape.mark", source=t(f"source.{result.source.value}.name")))


def export_png(result: ShapeResult, t: Texts) -> bytes:
    """The marked picture in its full size."""
    return save_simulated(Image.fromarray(marked_picture(result, t)), _facts((result,)))


def export_together(results: Sequence[ShapeResult], t: Texts) -> bytes:
    """Slimmer, original, heavier in one row, as far as they are given, with mark, source and what they are.

    Args:
        results: One or both directions of one photo.
        t: Texts of the picture.

    Raises:
        ValueError: when there is no result.
    """
    if not results:
        raise ValueError("there is nothing to show")
    by_direction = {result.wish.direction: result for result in results}
    panels = [_panel(by_direction[direction], t) for direction in Direction if direction in by_direction]
    first = results[0]
    panels.insert(
        1 if Direction.BEST in by_direction else 0,
        (t("future_shape.original"), marked(first.aligned.before, t("future_shape.mark.original"))),
    )
    sized = [(title, _fitted(picture)) for title, picture in panels]
    across = sum(picture.width for _, picture in sized) + _GAP * (len(sized) - 1)
    page = Image.new("RGB", (across + 2 * _MARGIN, _TOP + _HEIGHT + _FOOT), _PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((_MARGIN, 36), t("page.future_shape"), _INK, picture_font(38, bold=True))
    made = t("export.picture.made", date=f"{first.answered_at:%Y-%m-%d %H:%M}", version=__version__)
    draw.text((_MARGIN, 92), f"{source_text(first.source, first.exchange, t)} · {made}", _MUTED, picture_font(20))
    left = _MARGIN
    for title, picture in sized:
        draw.text((left, _TOP - 14), title, _INK, picture_font(24, bold=True), anchor="ls")
        page.paste(picture, (left, _TOP))
        left += picture.width + _GAP
    draw.text((_MARGIN, _TOP + _HEIGHT + 24), t("future_shape.simulation"), _MUTED, picture_font(20))
    return save_simulated(page, _facts(results))


def export_json(results: Sequence[ShapeResult]) -> bytes:
    """All figures of one or both directions, and the answers with their pictures collapsed."""
    first = results[0]
    document = {
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "simulated": True,
        "note": "Simulation from population averages, not a forecast.",
        "application": {"name": "PoseDeck", "version": __version__},
        "photo": {"sha256": first.photo.sha256, "width": first.photo.width, "height": first.photo.height},
        "results": [_document(result) for result in results],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _panel(result: ShapeResult, t: Texts) -> tuple[str, Picture]:
    return change_text(result, t), marked_picture(result, t)


def _fitted(picture: Picture) -> Image.Image:
    width = round(picture.shape[1] * _HEIGHT / picture.shape[0])
    return Image.fromarray(picture).resize((max(width, 1), _HEIGHT), Image.Resampling.LANCZOS)


def _facts(results: Sequence[ShapeResult]) -> dict[str, str]:
    labels = dict.fromkeys(result.source.label_for("remo", origin_of(result.exchange)) for result in results)
    directions = [f"{result.wish.direction.value} {_ratio_text(result)}".strip() for result in results]
    return {"Source": ", ".join(labels), "Comment": f"simulated: {', '.join(directions)}"}


def _ratio_text(result: ShapeResult) -> str:
    return "" if result.ratio is None else f"(weight x {result.ratio:.2f})"


def _document(result: ShapeResult) -> dict[str, Any]:
    return {
        "direction": result.wish.direction.value,
        "gender": result.wish.gender.value,
        "source": {
            "kind": result.source.value,
            "label": result.source.label_for("remo", origin_of(result.exchange)),
            "base_url": result.base_url,
            "recorded_from": origin_of(result.exchange),
        },
        "answered_at": result.answered_at,
        "asked_ratio": result.wish.ratio,
        "ratio": result.ratio,
        "size": {"width": result.after.shape[1], "height": result.after.shape[0]},
        "fit": result.aligned.fit.name.lower(),
        "widths": {part.value: width for part, width in result.widths.items()},
        "warnings": list(result.warnings),
        "engine_integrity": result.engine_integrity,
        "method": result.method,
        "integrity": None if result.integrity is None else _figures(asdict(result.integrity)),
        "flags": list(result.integrity.flags) if result.integrity else None,
        "answer": shareable_answer(result.body),
    }


def _figures(figures: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None else round(value, _DIGITS) for name, value in figures.items()}
