"""How a future shape reads: its change of weight and width, its warnings and what its check found, in words."""

from collections.abc import Iterable

from posedeck.contracts.remo.future_shape import ShapeWarning
from posedeck.services.future_shape import ShapeResult
from posedeck.services.shape_integrity import Flag, ShapeIntegrity
from posedeck.texts import Texts

_KNOWN_WARNINGS = set(ShapeWarning)


def percent_change(factor: float) -> str:
    """A factor as a signed change in percent with one decimal where it has one, for example "−15 %"."""
    percent = round(100 * (factor - 1), 1)
    sign = "−" if percent < 0 else "+" if percent > 0 else "±"
    return f"{sign}{abs(percent):g} %"


def share_text(share: float) -> str:
    """A share 0..1 in percent; what is not nothing never reads as 0."""
    percent = 100 * share
    if 0 < percent < 0.1:
        return "< 0.1 %"
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"


def change_text(result: ShapeResult, t: Texts) -> str:
    """Which picture it is, with the change of weight where the answer tells it."""
    direction = result.wish.direction.value
    if result.ratio is None:
        return t(f"future_shape.{direction}")
    return t(f"future_shape.{direction}.by", percent=percent_change(result.ratio))


def warning_texts(results: Iterable[ShapeResult], t: Texts) -> list[str]:
    """The warnings of one or both directions in words, each once."""
    texts: dict[str, None] = {}
    for result in results:
        amplitude = result.engine_integrity.amplitude if result.engine_integrity else 1.0
        for code in result.warnings:
            key = f"future_shape.warning.{code}"
            if code not in _KNOWN_WARNINGS:
                texts[t("future_shape.warning.other", code=code)] = None
            elif code == ShapeWarning.AMPLITUDE_REDUCED:
                texts[t(key, percent=share_text(amplitude))] = None
            else:
                texts[t(key)] = None
    return list(texts)


def flag_texts(integrity: ShapeIntegrity, t: Texts, *, wanted_unchanged: bool = False) -> list[str]:
    """What the check found wrong, in words.

    Args:
        integrity: The check.
        t: Texts of the session.
        wanted_unchanged: Whether the engine says that it left the picture as it was.
    """
    return [
        t(f"future_shape.flag.{flag}", percent=share_text(integrity.background_moved or 0.0))
        if flag is Flag.BACKGROUND_BENT
        else t(f"future_shape.flag.{flag}")
        for flag in integrity.flags
        if not (wanted_unchanged and flag is Flag.UNCHANGED)
    ]


def fit_text(result: ShapeResult, t: Texts) -> str:
    """How the answered picture relates to the photo."""
    height, width = result.after.shape[:2]
    return t(
        result.aligned.fit.value,
        width=width,
        height=height,
        photo_width=result.photo.width,
        photo_height=result.photo.height,
    )
