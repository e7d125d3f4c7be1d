"""The report of a comparison: complete, in both languages, and needing nothing from anywhere."""

import re

import pytest

from posedeck.pose.agreement import Verdict
from posedeck.services.keypoint_report import comparison_html
from posedeck.services.keypoint_wording import summary_text
from posedeck.texts import LANGUAGES, load_texts
from tests.unit.pose.agreement.builders import exchanged, group, shifted, without
from tests.unit.services.test_keypoint_comparison import comparison
from tests.unit.services.test_report import Structure, words


def disagreeing(language: str = "en") -> tuple[str, str]:
    """A report of an inverted wrist, a missing nose and somebody whom only the left side has, and its summary."""
    people = group()
    other = [exchanged(without(people[0], "nose"), "wrist"), people[1]]
    compared = comparison(people, other, consensus=people)
    page = comparison_html(compared, load_texts(language)).decode()
    return page, summary_text(compared.agreement.pairs[0], load_texts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_is_reported_in_full(language: str) -> None:
    """Each person with 17 joints, every verdict as mark and word, whoever only one side has, and the outlier."""
    t = load_texts(language)
    page, _ = disagreeing(language)
    assert page.count('class="sheet person"') == 2
    assert (
        len(
            re.findall(
                r'href="#symbol-(good|inversion|absent)"/></svg>\s*<span>[^<]+</span></span></td>\s*<td><svg', page
            )
        )
        == 34
    )
    text = words(page)
    for verdict in (Verdict.GOOD, Verdict.INVERSION, Verdict.ABSENT):
        assert t(f"keypoints.verdict.{verdict.value}") in text
    assert t("keypoints.only_left", count=1) in text
    assert text.count(t("keypoints.outlier.right")) == 2
    assert f'lang="{language}"' in page


def test_the_summary_is_the_page_s() -> None:
    """The report says what the page says."""
    page, summary = disagreeing()
    assert summary in words(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_needs_nothing_else(language: str) -> None:
    """No script, no address but data URIs, a policy that forbids the rest, every tag closed."""
    page, _ = disagreeing(language)
    structure = Structure(page)
    assert "script" not in structure.tags
    assert structure.open == []
    addresses = [value for name, value in structure.attributes if name in ("href", "src")]
    assert all(value.startswith(("data:", "#")) for value in addresses)
    assert not re.findall(r"url\((?!\"data:)", page)
    assert "default-src 'none'" in page


def test_without_a_picture_it_says_so() -> None:
    """The keypoints are drawn on a blank ground, and the report names that."""
    people = group()
    compared = comparison(people, people)
    t = load_texts("en")
    blank = comparison_html(
        type(compared)(compared.left, compared.right, compared.profile, has_picture=False), t
    ).decode()
    assert "<image" not in blank
    assert t("comparison_report.no_picture") in words(blank)
    assert t("comparison_report.no_picture") not in words(comparison_html(compared, t).decode())


def test_nobody_in_common_is_a_report_too() -> None:
    """Two answers about different people have no tables, but say so."""
    people = group()
    page = comparison_html(comparison(people[:1], [shifted(people[0], 9000.0)]), load_texts("en")).decode()
    assert load_texts("en")("keypoints.nobody") in words(page)
    assert "sheet person" not in page
