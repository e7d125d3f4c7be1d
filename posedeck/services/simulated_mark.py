"""The visible mark on every simulated picture that is shown or exported: what it is and who answered."""

import numpy as np
from PIL import Image, ImageDraw

from posedeck.services.fonts import picture_font
from posedeck.services.shape_alignment import Picture

#: Height of the letters in shares of the picture's shorter side, and never fewer pixels than can be read.
_LETTERS, _MIN_LETTERS = 0.032, 11
_MAX_WIDTH = 0.94
_GROUND, _EDGE, _INK = (14, 18, 27, 215), (255, 255, 255, 90), (255, 255, 255, 255)


def marked(picture: Picture, text: str) -> Picture:
    """The picture with a label at its lower edge; the one given stays as it is.

    Args:
        picture: (height, width, 3) RGB.
        text: One line; its letters shrink until it fits across.
    """
    height, width = picture.shape[:2]
    size = max(_MIN_LETTERS, _LETTERS * min(height, width))
    length = picture_font(size, bold=True).getlength(text) + 1.6 * size
    size *= min(1.0, _MAX_WIDTH * width / length)
    font = picture_font(size, bold=True)
    across, tall, gap = font.getlength(text) + 1.6 * size, 1.9 * size, 0.6 * size
    page = Image.fromarray(picture).convert("RGBA")
    layer = Image.new("RGBA", page.size)
    draw = ImageDraw.Draw(layer)
    left, top = gap, height - gap - tall
    box = (left, top, left + across, top + tall)
    draw.rounded_rectangle(box, tall / 2, fill=_GROUND, outline=_EDGE, width=max(1, round(size / 14)))
    draw.text((left + across / 2, top + tall / 2), text, _INK, font, anchor="mm")
    return np.asarray(Image.alpha_composite(page, layer).convert("RGB"))
