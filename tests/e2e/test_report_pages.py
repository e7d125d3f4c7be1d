"""The report on paper."""

import re

import pytest
from playwright.sync_api import Browser

from posedeck.contracts.finding import Finding
from posedeck.pose.grades import SHIPPED_NAMES, load_profile
from posedeck.services.assessment import assess
from posedeck.services.report import report_html
from posedeck.texts import LANGUAGES, load_texts
from tests.support.results import own_result

pytestmark = pytest.mark.browser

LONG = Finding("value_mismatch", "error", "far_left_shoulder_m_", "the coordinates give something else " * 10)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("profile_name", SHIPPED_NAMES)
@pytest.mark.parametrize("crowded", [False, True])
def test_prints_to_two_a4_pages(browser: Browser, profile_name: str, language: str, crowded: bool) -> None:
    """Bare or with all there can be, every keypoint corrected and more findings than fit, it takes two A4 pages."""
    result = own_result()
    edits = {view: {name: tuple(pose[name]) for name in pose.skeleton.names} for view, pose in result.poses.items()}
    assessment = assess(result, load_profile(profile_name), edits=edits if crowded else None)
    report = report_html(result, assessment, [LONG] * 50 if crowded else [], load_texts(language))
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        requests: list[str] = []
        page.on(
            "request", lambda request: requests.append(request.url) if not request.url.startswith("data:") else None
        )
        page.set_content(report.decode())
        page.evaluate("document.fonts.ready")
        pdf = page.pdf(prefer_css_page_size=True)
    assert requests == []
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
    assert {tuple(round(float(x)) for x in box.split()) for box in re.findall(rb"/MediaBox \[([^\]]+)\]", pdf)} == {
        (0, 0, 595, 842)
    }
