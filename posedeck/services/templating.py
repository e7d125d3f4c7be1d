"""What the HTML reports share: their templates, and the fonts they carry along."""

import base64
from functools import cache
from pathlib import Path

import jinja2

_FOLDER = Path(__file__).resolve().parent / "templates"
_FONTS = Path(__file__).resolve().parents[2] / "assets" / "fonts"
_FONT_WEIGHTS = {400: "NotoSansKR-Regular.woff2", 600: "NotoSansKR-SemiBold.woff2"}


@cache
def template(name: str) -> jinja2.Template:
    """A template of ``posedeck/services/templates``; everything it is given is escaped, a missing name is an error."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


@cache
def report_fonts() -> dict[int, str]:
    """Our fonts by weight, base64: a report has Hangul and keeps to its pages whatever fonts a machine has."""
    return {
        weight: base64.b64encode((_FONTS / name).read_bytes()).decode("ascii") for weight, name in _FONT_WEIGHTS.items()
    }
