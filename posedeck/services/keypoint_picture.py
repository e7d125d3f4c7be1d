"""A comparison of keypoints as one picture: both answers side by side, the summary, and the verdict of each joint."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from posedeck import __version__
from posedeck.pose.agreement import PersonAgreement, Verdict
from posedeck.pose.pose import Pose
from posedeck.services.fonts import picture_font
from posedeck.services.keypoint_comparison import KeypointComparison
from posedeck.services.keypoint_wording import joint_text, side_text, summary_text
from posedeck.services.photos import Photo
from posedeck.texts import Texts

_WIDTH, _MARGIN, _GAP = 1600, 56, 24
_PHOTO = ((_WIDTH - 2 * _MARGIN - _GAP) // 2, 1000)
_LINE, _ROW = 38, 40
#: Lines are drawn this many times larger and reduced, which smooths them.
_SMOOTH = 2
_INK, _MUTED, _RULE, _PAPER = "#1b2330", "#5a6577", "#d9dee7", "#ffffff"
_HALO = (10, 14, 22, 150)
_SIDE_COLOURS = ("#4cc9ff", "#ffb347")
_VERDICT_COLOURS = {Verdict.GOOD: "#1c7c4a", Verdict.JITTER: "#a85b00", Verdict.ABSENT: _MUTED}
_SERIOUS = "#c22f2f"
#: Signs that the font has, so that a verdict does not rest on its colour alone; the word stands beside.
_VERDICT_SIGNS = {
    Verdict.GOOD: "=",
    Verdict.JITTER: "~",
    Verdict.INVERSION: "L/R",
    Verdict.SWAP: "A/B",
    Verdict.MISS: "x",
    Verdict.ABSENT: "-",
}


def export_png(comparison: KeypointComparison, pair: PersonAgreement | None, t: Texts) -> bytes:
    """Both answers and, of one person, what agrees, as a PNG of fixed width in the language of ``t``.

    Args:
        comparison: The two answers.
        pair: The person whose joints are listed; None when the sides have nobody in common.
        t: Texts of the picture.
    """
    scale = min(_PHOTO[0] / comparison.left.photo.width, _PHOTO[1] / comparison.left.photo.height)
    size = (round(comparison.left.photo.width * scale), round(comparison.left.photo.height * scale))
    summary = _wrapped(summary_text(pair, t) if pair else t("keypoints.nobody"))
    rows = -(-len(pair.joints) // 2) if pair else 0
    top = 170 + _LINE * len(summary)
    height = top + 50 + size[1] + _GAP + rows * _ROW + 70
    page = Image.new("RGB", (_WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(page)
    draw.text((_MARGIN, 44), t("page.keypoints"), _INK, picture_font(40, bold=True))
    made = t("export.picture.made", date=f"{comparison.right.answered_at:%Y-%m-%d %H:%M}", version=__version__)
    draw.text((_MARGIN, 104), made, _MUTED, picture_font(22))
    for number, line in enumerate(summary):
        draw.text((_MARGIN, 150 + _LINE * number), line, _INK, picture_font(26, bold=True))
    for place, (answer, people) in enumerate(zip((comparison.left, comparison.right), comparison.people, strict=True)):
        left = _MARGIN + place * (_PHOTO[0] + _GAP)
        name = t(("keypoints.left", "keypoints.right")[place])
        draw.text((left, top), f"{name}: {side_text(answer, t)}", _INK, picture_font(24, bold=True))
        page.paste(_drawn(answer.photo, people, scale, size, _SIDE_COLOURS[place]), (left, top + 46))
    if pair:
        _joints(draw, pair, top + 46 + size[1] + _GAP, t)
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def _wrapped(text: str) -> list[str]:
    font, lines = picture_font(26, bold=True), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= _WIDTH - 2 * _MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _drawn(photo: Photo, people: Sequence[Pose], scale: float, size: tuple[int, int], colour: str) -> Image.Image:
    with Image.open(io.BytesIO(photo.data)) as source:
        picture = source.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    layer = Image.new("RGBA", (size[0] * _SMOOTH, size[1] * _SMOOTH))
    draw = ImageDraw.Draw(layer)
    for pose in people:
        _skeleton(draw, pose.with_xy(pose.xy_px * scale * _SMOOTH), colour)
    return Image.alpha_composite(picture, layer.resize(size, Image.Resampling.LANCZOS)).convert("RGB")


def _skeleton(draw: ImageDraw.ImageDraw, pose: Pose, colour: str) -> None:
    for edge in pose.skeleton.edges:
        if pose.has(edge):
            track = [(float(x), float(y)) for x, y in pose.xy_px[pose.skeleton.indices(edge)]]
            draw.line(track, _HALO, 6 * _SMOOTH)
            draw.line(track, colour, 3 * _SMOOTH)
    radius = 5 * _SMOOTH
    for x, y in pose.xy_px[np.isfinite(pose.xy_px).all(axis=1)]:
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), colour, _HALO, 2 * _SMOOTH)


def _joints(draw: ImageDraw.ImageDraw, pair: PersonAgreement, top: int, t: Texts) -> None:
    """The verdicts in two columns."""
    half = -(-len(pair.joints) // 2)
    for number, joint in enumerate(pair.joints):
        left = _MARGIN + (number // half) * (_PHOTO[0] + _GAP)
        middle = top + (number % half) * _ROW + _ROW / 2
        colour = _VERDICT_COLOURS.get(joint.verdict, _SERIOUS)
        distance = "–" if np.isnan(joint.distance_torso) else f"{100 * joint.distance_torso:.1f} %"
        draw.text((left, middle), joint_text(joint.name, t), _INK, picture_font(22), anchor="lm")
        draw.text((left + 340, middle), distance, _INK, picture_font(22), anchor="rm")
        word = f"{_VERDICT_SIGNS[joint.verdict]}  {t(f'keypoints.verdict.{joint.verdict.value}')}"
        draw.text((left + 380, middle), word, colour, picture_font(22, bold=True), anchor="lm")
        draw.line((left, middle + _ROW / 2, left + _PHOTO[0], middle + _ROW / 2), _RULE, 1)
