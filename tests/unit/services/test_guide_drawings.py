"""The drawings of the guide show what they are captioned with."""

from xml.etree import ElementTree

import pytest

from posedeck.pose.lines import metric_lines
from posedeck.pose.posture import METRICS, Metric
from posedeck.services.guide_drawings import guide_svg, shown_pose
from posedeck.texts import LANGUAGES, load_texts

SVG = "{http://www.w3.org/2000/svg}"
#: Far enough to be seen in a drawing as wide as a hand.
VISIBLE_DEG = 8.0


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_figure_has_the_sign_of_its_caption(metric: Metric) -> None:
    """The figures measure clearly positive and clearly negative, by the product's own measurement."""
    assert metric.measure(shown_pose(metric, positive=True)) > VISIBLE_DEG
    assert metric.measure(shown_pose(metric, positive=False)) < -VISIBLE_DEG


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
@pytest.mark.parametrize("language", LANGUAGES)
def test_drawing_is_captioned_in_words(language: str, metric: Metric) -> None:
    """Both signs stand in words below the figures, and the drawing has a description."""
    t = load_texts(language)
    root = ElementTree.fromstring(guide_svg(metric, t))  # noqa: S314 - our own drawing
    captions = {text.text for text in root.iter(f"{SVG}text")}
    assert {f"+ {t(f'metric.{metric.key}.positive')}", f"− {t(f'metric.{metric.key}.negative')}"} <= captions
    assert t(f"metric.{metric.key}.name") in root.attrib["aria-label"]


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
def test_figure_stays_in_the_drawing(metric: Metric, positive: bool) -> None:
    """However far a figure is bent, the line that matters is inside its half of the drawing."""
    line = next(
        line
        for line in metric_lines(shown_pose(metric, positive=positive), metric.view)
        if line.metric_key == metric.key
    )
    root = ElementTree.fromstring(guide_svg(metric, load_texts("en")))  # noqa: S314 - our own drawing
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert line.points[:, 0].min() > 0
    assert line.points[:, 0].max() < width / 2
    assert line.points[:, 1].min() > 0
    assert line.points[:, 1].max() < height
