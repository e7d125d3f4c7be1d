"""A presenter's way through demo mode, in a real browser: keys, recorded answers, and the tour."""

import pytest
from playwright.sync_api import Page, expect

from components.demo import STEPS
from tests.e2e.conftest import wait_until_ready

pytestmark = pytest.mark.browser

RESULT_TIMEOUT_MS = 90_000
RESULTS = {
    "1": ("posture", "[data-metric]"),
    "2": ("future_shape", ".before-after .stage"),
    "3": ("soccer", ".frames video"),
    "4": ("keypoints", ".keypoints .stage"),
}


def test_keys_lead_through_four_full_results(page: Page, app_url: str) -> None:
    """One switch, then 1 to 4: each page shows a result; B, D and the arrows work; F fills the screen."""
    page.goto(app_url)
    page.locator(".st-key-demo label").click()
    bar = page.locator(".demo")
    expect(bar).to_be_visible(timeout=20_000)
    expect(page.get_by_text("The local engine is ready", exact=False)).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    for key, (name, result) in RESULTS.items():
        page.keyboard.press(key)
        expect(page.locator(result).first).to_be_visible(timeout=RESULT_TIMEOUT_MS)
        wait_until_ready(page)
        assert f"/{name}" in page.url
        assert bar.locator("[aria-current]").inner_text().startswith(key)
        recorded = page.get_by_role("button", name="Run it now")
        expect(recorded).to_have_count(1 if name in ("future_shape", "soccer") else 0)
        expect(page.get_by_text("Remo live", exact=True)).to_have_count(0)

    page.keyboard.press("2")
    stage = page.locator(".before-after .stage")
    expect(stage).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    line = page.get_by_role("slider", name="Before and after")
    page.keyboard.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "52")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowLeft")
    expect(line).to_have_attribute("aria-valuenow", "50")
    for key, view in (("b", "before"), ("b", "after"), ("d", "difference"), ("d", "split")):
        page.keyboard.press(key)
        expect(stage).to_have_attribute("data-view", view)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")

    page.keyboard.press("3")
    where = page.locator(".frames").get_by_text("Frame 1 of 63", exact=False)
    expect(where).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".frames").get_by_text("Frame 2 of 63", exact=False)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(where).to_be_visible()


def test_the_tour_leads_from_page_to_page_and_can_be_left(page: Page, app_url: str) -> None:
    """T starts it on the first page, it goes on by itself, each step shows what it speaks of, a page's key ends it."""
    page.goto(f"{app_url}/?demo=1")
    words = page.locator(".demo .words")
    expect(page.get_by_text("The local engine is ready", exact=False)).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    page.keyboard.press("t")
    expect(words).to_contain_text("1 of 8", timeout=20_000)
    expect(words).to_contain_text("2 of 8", timeout=20_000)
    assert "/posture" in page.url
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=20_000)
    for number, step in enumerate(STEPS[1:], 2):
        expect(words).to_contain_text(f"{number} of 8", timeout=20_000)
        shown = page.locator(step.anchor.replace(">>>", ">>")).first
        expect(shown).to_be_visible(timeout=RESULT_TIMEOUT_MS)
        wait_until_ready(page)
        bar = page.locator(".demo").bounding_box()
        assert bar is not None
        # Its beginning stands between the page's header and the bar, and a good part of it above the bar.
        page.wait_for_function(
            "([it, bar]) => { const { top } = it.getBoundingClientRect(); return top > 40 && top < bar - 200 }",
            arg=[shown.element_handle(), bar["y"]],
            timeout=20_000,
        )
        if number < len(STEPS):
            page.get_by_role("button", name="Next", exact=True).click()
    assert "/keypoints" in page.url
    page.keyboard.press("1")
    expect(page.get_by_role("button", name="Start the 90-second tour")).to_be_visible(timeout=20_000)
