"""Pictures that say what they are: drawn by a computer, no photo of anybody's future."""

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from posedeck import __version__

MARK = "SIMULATED"
DESCRIPTION = (
    "Simulated: a photo whose body was reshaped by computer from population averages. Neither a photo nor a forecast."
)
#: The IPTC's vocabulary of digital source types (cv.iptc.org), as picture libraries and networks read it.
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
_XMP_KEY = "XML:com.adobe.xmp"
_XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    f'Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}"/></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)
#: Sizes in multiples of the longer side.
_TEXT, _MARGIN, _MIN_TEXT_PX = 0.02, 0.012, 11
_PAPER, _INK = (16, 20, 28, 150), (255, 255, 255, 235)
#: Half as small again as fast compression makes it costs four times as long.
_COMPRESSION = 4


def encode_simulated(picture: NDArray[np.uint8], *, marked: bool) -> bytes:
    """PNG of a reshaped picture (h, w, 3); its metadata always tell, the mark in its corner only when wanted."""
    image = Image.fromarray(picture)
    if marked:
        image = _with_mark(image)
    return save_simulated(image, {})


def save_simulated(image: Image.Image, facts: Mapping[str, str]) -> bytes:
    """PNG whose metadata tell that it is simulated, and further facts by keyword (ASCII)."""
    notes = PngImagePlugin.PngInfo()
    for keyword, text in {"Software": f"PoseDeck {__version__}", "Description": DESCRIPTION, **facts}.items():
        notes.add_text(keyword, text)
    notes.add_itxt(_XMP_KEY, _XMP)
    output = io.BytesIO()
    image.save(output, "PNG", pnginfo=notes, compress_level=_COMPRESSION)
    return output.getvalue()


def _with_mark(image: Image.Image) -> Image.Image:
    unit = max(image.size)
    font = ImageFont.load_default(max(_MIN_TEXT_PX, round(unit * _TEXT)))
    layer = Image.new("RGBA", image.size)
    draw = ImageDraw.Draw(layer)
    corner = (image.width - unit * _MARGIN * 2, image.height - unit * _MARGIN * 2)
    left, top, right, bottom = draw.textbbox(corner, MARK, font=font, anchor="rs")
    pad = unit * _MARGIN * 0.8
    draw.rounded_rectangle((left - pad, top - pad, right + pad, bottom + pad), radius=pad, fill=_PAPER)
    draw.text(corner, MARK, font=font, anchor="rs", fill=_INK)
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")
