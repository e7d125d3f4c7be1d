"""The result as one picture: both photos with their lines, the table of metrics, and whose result it is."""

import io
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw

from posedeck import __version__
from posedeck.pose.grades import Bands
from posedeck.pose.lines import MetricLine, metric_lines
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import View
from posedeck.services.assessment import Assessment, MetricAssessment
from posedeck.services.fonts import picture_font as _font
from posedeck.services.photos import Photo
from posedeck.services.posture import PostureResult
from posedeck.services.source_wording import source_text
from posedeck.services.wording import degrees_text, direction_text, grade_text, half_width_text, level
from posedeck.texts import Texts

_WIDTH, _MARGIN, _GAP = 1600, 56, 24
_PHOTO = ((_WIDTH - 2 * _MARGIN - _GAP) // 2, 920)
_ROW, _TOP, _FOOT = 46, 160, 60
_SYMBOL = 24
#: Left ends of the table's columns: name, value, grade, direction.
_COLUMNS = (_MARGIN + 16, 560, 830, 1050)
#: Lines are drawn this many times larger and reduced, which smooths them.
_SMOOTH = 2

_INK, _MUTED, _RULE, _PAPER, _BAND = "#1b2330", "#5a6577", "#d9dee7", "#ffffff", "#f2f4f8"
_GRADES = {0: "#1c7c4a", 1: "#a85b00", 2: "#c22f2f", None: _MUTED}
_LEFT, _RIGHT, _CENTRE = "#4cc9ff", "#ffb347", "#f4f6f8"
_HALO, _MEASURED, _REFERENCE, _LABEL = (10, 14, 22, 150), "#ff7ad9", "#ffffff", (14, 18, 27, 225)


def export_png(result: PostureResult, assessment: Assessment, t: Texts) -> bytes:
    """The result as a PNG of fixed width in the language of ``t``."""
    page = Image.new("RGB", (_WIDTH, _height(result, assessment)), _PAPER)
    draw = ImageDraw.Draw(page)
    top = _header(draw, result, assessment, t)
    for place, view in enumerate(View):
        picture = _photo(result, assessment, view, t)
        left = _MARGIN + place * (_PHOTO[0] + _GAP)
        page.paste(picture, (left + (_PHOTO[0] - picture.width) // 2, top))
    bottom = _table(page, top + _photo_height(result) + _GAP, assessment, t)
    draw.text((_MARGIN, bottom + _GAP), t("posture.screening"), _MUTED, _font(20))
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def _fit(photo: Photo) -> tuple[float, tuple[int, int]]:
    scale = min(_PHOTO[0] / photo.width, _PHOTO[1] / photo.height)
    return scale, (round(photo.width * scale), round(photo.height * scale))


def _photo_height(result: PostureResult) -> int:
    return max(_fit(photo)[1][1] for photo in result.photos.values())


def _height(result: PostureResult, assessment: Assessment) -> int:
    rows = len(assessment.metrics) + len(View)
    return _TOP + _photo_height(result) + 2 * _GAP + rows * _ROW + _FOOT


def _header(draw: ImageDraw.ImageDraw, result: PostureResult, assessment: Assessment, t: Texts) -> int:
    draw.text((_MARGIN, 44), t("page.posture"), _INK, _font(40, bold=True))
    made = t("export.picture.made", date=f"{result.answered_at:%Y-%m-%d %H:%M}", version=__version__)
    draw.text((_MARGIN, 106), made, _MUTED, _font(22))
    right = float(_WIDTH - _MARGIN)
    profile = assessment.profile
    for text in (
        f"{t('profile.badge', title=profile.title)} ({profile.name} v{profile.version})",
        source_text(result.source, result.exchange, t),
    ):
        right = _pill(draw, right, 52, text) - 12
    note = t(f"source.{result.source.value}.note")
    draw.text((_WIDTH - _MARGIN, 106), note, _MUTED, _font(22), anchor="ra")
    return _TOP


def _pill(draw: ImageDraw.ImageDraw, right: float, top: float, text: str) -> float:
    font = _font(22, bold=True)
    left = right - draw.textlength(text, font) - 36
    draw.rounded_rectangle((left, top, right, top + 42), 21, fill=_BAND, outline=_RULE, width=2)
    draw.text((left + 18, top + 21), text, _INK, font, anchor="lm")
    return left


def _photo(result: PostureResult, assessment: Assessment, view: View, t: Texts) -> Image.Image:
    photo, pose = result.photos[view], assessment.poses.get(view)
    scale, size = _fit(photo)
    with Image.open(io.BytesIO(photo.data)) as source:
        picture = source.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    if pose is None:
        return picture
    scaled = pose.with_xy(pose.xy_px * scale)
    layer = Image.new("RGBA", (size[0] * _SMOOTH, size[1] * _SMOOTH))
    draw = ImageDraw.Draw(layer)
    values = {entry.metric.key: entry.value for entry in assessment.metrics}
    lines = [line for line in metric_lines(scaled, view) if values.get(line.metric_key) is not None]
    _bones(draw, scaled)
    for line in lines:
        _stroke(draw, line.reference, _REFERENCE, 1)
        _stroke(draw, line.points, _MEASURED, 3)
    _points(draw, scaled)
    layer = layer.resize(size, Image.Resampling.LANCZOS)
    _labels(ImageDraw.Draw(layer), lines, assessment, size, t)
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def _stroke(draw: ImageDraw.ImageDraw, points: FloatArray, colour: str, width: int) -> None:
    track = [(float(x), float(y)) for x, y in points * _SMOOTH]
    draw.line(track, _HALO, (width + 3) * _SMOOTH, joint="curve")
    draw.line(track, colour, width * _SMOOTH, joint="curve")


def _bones(draw: ImageDraw.ImageDraw, pose: Pose) -> None:
    for a, b in pose.skeleton.edges:
        if pose.has((a, b)):
            sides = {_side(a), _side(b)}
            colour = {"left": _LEFT, "right": _RIGHT}.get(sides.pop(), _CENTRE) if len(sides) == 1 else _CENTRE
            _stroke(draw, pose.xy_px[pose.skeleton.indices((a, b))], colour, 3)


def _points(draw: ImageDraw.ImageDraw, pose: Pose) -> None:
    for name in pose.skeleton.names:
        if pose.has((name,)):
            x, y = pose[name] * _SMOOTH
            radius = 5 * _SMOOTH
            colour = {"left": _LEFT, "right": _RIGHT}.get(_side(name), _CENTRE)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), colour, _HALO, 2 * _SMOOTH)


def _side(name: str) -> str:
    return next((side for side in ("left", "right") if side in name.split("_")), "centre")


def _labels(
    draw: ImageDraw.ImageDraw, lines: Sequence[MetricLine], assessment: Assessment, size: tuple[int, int], t: Texts
) -> None:
    font, height = _font(19, bold=True), 32
    values = {entry.metric.key: entry.value for entry in assessment.metrics}
    centre = sum(float(line.anchor[0]) for line in lines) / max(len(lines), 1)
    placed: list[tuple[float, float, float]] = []
    for line in sorted(lines, key=lambda line: float(line.anchor[1])):
        key = line.metric_key
        text = f"{t(f'metric.{key}.short')} {degrees_text(values[key] or 0.0, assessment.profile.bands.get(key))}"
        width = draw.textlength(text, font) + 24
        x = float(line.anchor[0]) + (14 if line.anchor[0] >= centre else -width - 14)
        x, y = min(max(x, 4), size[0] - width - 4), float(line.anchor[1]) - height / 2
        for left, top, right in placed:
            if x < right and x + width > left and abs(y - top) < height + 4:
                y = top + height + 4
        placed.append((x, y, x + width))
        draw.rounded_rectangle((x, y, x + width, y + height), height / 2, fill=_LABEL)
        draw.text((x + 12, y + height / 2), text, "#ffffff", font, anchor="lm")


def _table(page: Image.Image, top: int, assessment: Assessment, t: Texts) -> int:
    draw = ImageDraw.Draw(page)
    for view in View:
        draw.rectangle((_MARGIN, top, _WIDTH - _MARGIN, top + _ROW), _BAND)
        draw.text(
            (_COLUMNS[0], top + _ROW / 2), t(f"photo.{view.value}.title"), _INK, _font(22, bold=True), anchor="lm"
        )
        top += _ROW
        for entry in (entry for entry in assessment.metrics if entry.metric.view is view):
            _table_row(page, top, entry, assessment, t)
            top += _ROW
            draw.line((_MARGIN, top, _WIDTH - _MARGIN, top), _RULE, 1)
    return top


def _table_row(page: Image.Image, top: int, entry: MetricAssessment, assessment: Assessment, t: Texts) -> None:
    draw = ImageDraw.Draw(page)
    key, value, middle = entry.metric.key, entry.value, top + _ROW / 2
    bands = assessment.profile.bands.get(key)
    grade = t("table.missing") if value is None else grade_text(entry.grade, t)
    cells = (
        (t(f"metric.{key}.name"), _INK, False),
        (_value_text(entry, bands), _INK, True),
        (grade, _GRADES[level(entry.grade)], True),
        ("" if value is None else direction_text(key, value, t), _MUTED, False),
    )
    for left, (text, colour, bold) in zip(_COLUMNS, cells, strict=True):
        draw.text((left, middle), text, colour, _font(23, bold), anchor="lm")
    symbol = _symbol(level(entry.grade))
    page.paste(symbol, (_COLUMNS[2] - _SYMBOL - 8, round(middle) - _SYMBOL // 2), symbol)


def _value_text(entry: MetricAssessment, bands: Bands | None) -> str:
    if entry.estimate is None:
        return "–"
    return f"{degrees_text(entry.estimate.value, bands)} {half_width_text(entry.estimate)}"


@cache
def _symbol(grade: int | None) -> Image.Image:
    """A ticked disc, a triangle or an octagon, so that the grade does not rest on colour alone."""
    side = 4 * _SYMBOL
    layer = Image.new("RGBA", (side, side))
    draw, middle, pen = ImageDraw.Draw(layer), side / 2, side // 9
    sides, turn = {0: (48, 0.0), 1: (3, 0.0), 2: (8, 22.5), None: (48, 0.0)}[grade]
    draw.regular_polygon((middle, middle * (1.12 if grade == 1 else 1), middle), sides, turn, _GRADES[grade])
    if grade == 0:
        draw.line([(side * x, side * y) for x, y in ((0.28, 0.52), (0.44, 0.68), (0.73, 0.34))], _PAPER, pen, "curve")
    elif grade is None:
        draw.line((side * 0.28, middle, side * 0.72, middle), _PAPER, pen)
    else:
        for top, end in ((0.36, 0.62), (0.72, 0.8)) if grade == 1 else ((0.22, 0.56), (0.68, 0.78)):
            draw.line((middle, side * top, middle, side * end), _PAPER, pen)
    return layer.resize((_SYMBOL, _SYMBOL), Image.Resampling.LANCZOS)
