"""How a metric reads: its value and interval, its direction, its grade and how likely that is, in words."""

from itertools import pairwise

from posedeck.pose.grades import DECIMALS, Bands
from posedeck.pose.uncertainty import Z_95, Estimate
from posedeck.texts import Texts

#: Grades run from -2 to 2; how serious one is does not depend on its sign.
MAX_LEVEL = 2
_UNITS = ("B", "kB", "MB")


def level(grade: int | None) -> int | None:
    """0 normal, 1 caution, 2 danger; None without a grade."""
    return None if grade is None else min(abs(grade), MAX_LEVEL)


def grade_text(grade: int | None, t: Texts) -> str:
    """The grade in one word."""
    return t("grade.none") if grade is None else t(f"grade.{level(grade)}")


def degrees_text(value: float, bands: Bands | None = None) -> str:
    """A signed value in degrees with one decimal, or with as many as it takes to read on the right side of an edge."""
    digits = 1
    while bands and digits < DECIMALS and bands.grade(round(value, digits)) != bands.grade(value):
        digits += 1
    rounded = round(value, digits)
    sign = "−" if rounded < 0 else "+" if rounded > 0 else ""
    return f"{sign}{abs(rounded):.{digits}f}°"


def half_width_text(estimate: Estimate) -> str:
    """Half the width of the 95 % interval, for example "± 2.7"; never less than the last decimal shown."""
    return f"± {max(Z_95 * estimate.sigma, 0.1):.1f}"


def interval_text(estimate: Estimate, t: Texts) -> str:
    """The ends of the 95 % interval, for example "−0.2° to +5.2°"."""
    low, high = estimate.interval_95
    return t("interval", low=degrees_text(low), high=degrees_text(high))


def probability_text(probability: float) -> str:
    """A probability 0..1 in whole percent; what is not certain never reads as 0 or 100."""
    percent = round(100 * probability)
    if percent == 0 and probability > 0:
        return "< 1 %"
    if percent == 100 and probability < 1:
        return "> 99 %"
    return f"{percent} %"


def directed_grade_text(metric_key: str, grade: int, bands: Bands, t: Texts) -> str:
    """The grade in one word, with its direction where the bands have the same grade on both sides."""
    word = grade_text(grade, t)
    if grade == 0 or -grade not in bands.grades:
        return word
    return t(
        "grade.directed", grade=word, direction=t(f"metric.{metric_key}.{'positive' if grade > 0 else 'negative'}")
    )


def band_texts(bands: Bands, t: Texts) -> list[tuple[str, str]]:
    """Each band as (range, grade in a word), from the lowest values to the highest, exact at the cut points."""
    belongs = dict(zip(bands.edges, bands.edge_belongs, strict=True))
    texts = []
    for (low, high), grade in zip(pairwise((None, *bands.edges, None)), bands.grades, strict=True):
        text = "x"
        if low is not None:
            text = f"{edge_text(low)}° {'≤' if belongs[low] == 'above' else '<'} {text}"
        if high is not None:
            text = f"{text} {'≤' if belongs[high] == 'below' else '<'} {edge_text(high)}°"
        texts.append((text, grade_text(grade, t)))
    return texts


def edge_text(edge: float) -> str:
    """A cut point of a band in degrees."""
    return f"{edge:g}".replace("-", "−")


def direction_text(metric_key: str, value: float, t: Texts) -> str:
    """What the sign means for this metric, for example "left side higher"; empty for a value that reads as 0."""
    if round(value, 1) == 0:
        return ""
    return t(f"metric.{metric_key}.{'positive' if value > 0 else 'negative'}")


def size_text(size_bytes: int) -> str:
    """A size in bytes, kB or MB (powers of 1000)."""
    amount = float(size_bytes)
    for unit in _UNITS[:-1]:
        if amount < 1000:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} {_UNITS[-1]}"
