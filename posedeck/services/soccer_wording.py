"""How a kick's values read: number and unit, interval, validity, band."""

from posedeck.contracts.remo.soccer import Key
from posedeck.pose.kick.metrics import METRICS
from posedeck.pose.kick.score import BANDS
from posedeck.services.soccer import KickMetricResult
from posedeck.texts import Texts

UNITS = {(metric.key, metric.phase): metric.unit for metric in METRICS}
_SUFFIX = {"deg": "°", "deg_s": "°/s", "ball_diameters": " ×"}
_DIGITS = {"deg": 1, "deg_s": 0, "ball_diameters": 2}


def kick_number(key: Key, value: float) -> str:
    """A value with its unit, a true minus sign, and as many decimals as its unit carries."""
    unit = UNITS[key]
    text = f"{abs(value):.{_DIGITS[unit]}f}"
    sign = "−" if value < 0 and float(text) != 0 else ""
    return f"{sign}{text}{_SUFFIX[unit]}"


def kick_phase_text(key: Key, t: Texts) -> str:
    """When the value is taken. One value stands under ``impact`` and is that after it, as the vendor's layouts show."""
    after = key == ("upper_pelvis_shoulder_y", "impact")
    return t("kick.phase.after_impact") if after else t(f"kick.phase.{key[1]}")


def kick_value_text(metric: KickMetricResult, t: Texts) -> str:
    """The value, or that it is withheld."""
    return t("kick.withheld") if metric.value is None else kick_number(metric.key, metric.value)


def kick_interval_text(metric: KickMetricResult, t: Texts) -> str:
    """The ends of the 95 % interval; empty when the answer tells none."""
    validity = metric.validity
    if validity is None or validity.low is None or validity.high is None:
        return ""
    return t("kick.interval", low=kick_number(metric.key, validity.low), high=kick_number(metric.key, validity.high))


def kick_validity_text(metric: KickMetricResult, t: Texts) -> str:
    """What the value is worth, in words, with the reason; an answer without validity says only that it told none."""
    validity = metric.validity
    if validity is None:
        return t("kick.validity.unknown" if metric.value is not None else "kick.validity.absent")
    status = t(f"kick.validity.{validity.status}")
    return status if validity.reason is None else f"{status}: {t(f'kick.reason.{validity.reason}')}"


def kick_band_text(key: Key) -> str:
    """Where the value earns full marks, for example "1.30 × … 1.70 ×" or "> 0.0°"."""
    band = BANDS[key]
    low, high = (None if end is None else kick_number(key, end) for end in (band.low, band.high))
    more, less = ("≥", "≤") if band.inclusive else (">", "<")
    if low is None:
        return f"{less} {high}"
    if high is None:
        return f"{more} {low}"
    return f"{'|x| ' if band.unsigned else ''}{low} … {high}"
