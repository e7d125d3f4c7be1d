"""The reference guide: complete, exact about the bands, and the same in docs and app."""

from pathlib import Path

import pytest

from posedeck.pose.grades import LITERATURE, REMO_2024, SHIPPED_NAMES, Bands, Profile, load_profile
from posedeck.pose.posture import METRIC_BY_KEY, METRICS, Metric
from posedeck.services.guide import as_text, band_text, guide_document, guide_sections
from posedeck.texts import LANGUAGES, load_texts

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "posture-metrics.md"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_metric_has_all_sections(language: str, metric: Metric) -> None:
    """Definition, sign, source, what a photo can and cannot tell, published error and band: none is empty."""
    for name in SHIPPED_NAMES:
        sections = guide_sections(metric, load_profile(name), load_texts(language))
        assert len(sections) == len({title for title, _ in sections}) == 7
        assert all(text.strip() for _, text in sections)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
@pytest.mark.parametrize("language", LANGUAGES)
def test_published_error_has_its_source(language: str, metric: Metric) -> None:
    """A published figure links to where it stands; where there is none, the guide says so."""
    t = load_texts(language)
    text = t(f"guide.{metric.key}.error")
    assert "](http" in text or t("guide.knee_tilt.error").rstrip(".") in text


def test_band_is_exact_at_its_cut_points() -> None:
    """Each band is written with the side that its cut points belong to."""
    text = band_text(METRIC_BY_KEY["head_tilt"], load_profile(REMO_2024), load_texts("en"))
    assert [line.replace("\\", "") for line in text.splitlines()[:5]] == [
        "- Danger: x ≤ −4°",
        "- Caution: −4° < x ≤ −1°",
        "- Normal: −1° < x < 1°",
        "- Caution: 1° ≤ x < 4°",
        "- Danger: 4° ≤ x",
    ]


def test_band_names_its_people_and_source() -> None:
    """A band from the literature says who was measured, how, and where it is published."""
    profile = load_profile(LITERATURE)
    text = band_text(METRIC_BY_KEY["left_leg"], profile, load_texts("en")).replace("\\", "")
    bands = profile.bands["left_leg"]
    assert all(part in text for part in (bands.population, bands.method, bands.source))


def test_no_band_is_said() -> None:
    """Without an agreed cut-off the guide says so."""
    text = band_text(METRIC_BY_KEY["knee_tilt"], load_profile(LITERATURE), load_texts("en"))
    assert text.startswith("No band: there is no agreed cut-off.")


def test_words_of_a_profile_are_no_markup() -> None:
    """What a profile's author wrote is shown as written, not as Markdown or a page of its own."""
    assert as_text("a *b* [c](http://x)\n\n# d <i>") == r"a \*b\* \[c\](http\://x) \# d \<i\>"
    own = Profile("own", "1", "My *bands*", "me", {"head_tilt": Bands((-1, 1), (-1, 0, 1), ("below", "above"))})
    title, text = guide_sections(METRIC_BY_KEY["head_tilt"], own, load_texts("en"))[-1]
    assert title == r"Bands of My \*bands\*"
    assert text.endswith("- Source: me")


def test_document_is_up_to_date() -> None:
    """docs/posture-metrics.md is what ``python -m posedeck.services.guide`` prints."""
    assert DOCUMENT.read_text("utf-8") == guide_document(load_texts("en"))


def test_document_names_every_metric() -> None:
    """The document has a chapter on each metric."""
    chapters = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("## ")]
    assert [chapter.split("`")[1] for chapter in chapters] == [metric.key for metric in METRICS]
