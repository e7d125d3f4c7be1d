"""The typeface of pictures that we draw; it has both Latin and Hangul."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

_FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"


@cache
def picture_font(size: float, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    return ImageFont.truetype(_FONTS / f"NotoSansKR-{'SemiBold' if bold else 'Regular'}.woff2", size)
