"""The reference guide in words: per metric what it is, where it comes from, and what a photo can and cannot tell."""

import re
import sys

from posedeck.pose.grades import SHIPPED_NAMES, Profile, load_profile
from posedeck.pose.posture import METRICS, Metric
from posedeck.services.wording import band_texts
from posedeck.texts import Texts, load_texts


def guide_sections(metric: Metric, profile: Profile, t: Texts) -> list[tuple[str, str]]:
    """Title and Markdown text of each section on a metric, the profile's band last."""
    key = metric.key
    sign = t("table.sign.text", positive=t(f"metric.{key}.positive"), negative=t(f"metric.{key}.negative"))
    return [
        (t("table.definition"), t(f"metric.{key}.definition")),
        (t("table.sign"), sign),
        (t("table.source"), t(f"metric.{key}.source")),
        (t("guide.can"), t(f"guide.{key}.can")),
        (t("guide.cannot"), t(f"metric.{key}.limit")),
        (t("guide.error"), t(f"guide.{key}.error")),
        (t("guide.band", profile=as_text(profile.title)), band_text(metric, profile, t)),
    ]


def band_text(metric: Metric, profile: Profile, t: Texts) -> str:
    """The profile's bands of a metric as a Markdown list with who was measured, how, and where it is published."""
    bands = profile.bands.get(metric.key)
    if bands is None:
        return f"{t('guide.band.none')}\n\n{as_text(profile.source)}"
    lines = [f"- {grade}: {as_text(extent)}" for extent, grade in band_texts(bands, t)]
    if bands.population:
        lines.append(f"- {t('guide.band.population')}: {as_text(bands.population)}")
    if bands.method:
        lines.append(f"- {t('guide.band.method')}: {as_text(bands.method)}")
    lines.append(f"- {t('table.source')}: {as_text(bands.source or profile.source)}")
    return "\n".join(lines)


def as_text(words: str) -> str:
    """Words that a profile's author wrote, so that Markdown shows them as they are."""
    return re.sub(r"([\\`*_\[\]<>$~:#|])", r"\\\1", " ".join(words.split()))


def guide_document(t: Texts) -> str:
    """The whole guide as one Markdown document, with the bands of all profiles that ship with PoseDeck."""
    profiles = [load_profile(name) for name in SHIPPED_NAMES]
    parts = [f"# {t('guide.title')}", t("posture.screening")]
    for metric in METRICS:
        parts.append(f"## {t(f'metric.{metric.key}.name')} (`{metric.key}`)")
        sections = [*guide_sections(metric, profiles[0], t)[:-1]]
        sections += [(t("guide.band", profile=p.title), band_text(metric, p, t)) for p in profiles]
        parts += [f"**{title}**\n\n{text}" for title, text in sections]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(guide_document(load_texts("en")))
