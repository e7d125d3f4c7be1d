"""A coach's way through the soccer page, in a real browser, on real inference."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import wait_until_ready
from tests.e2e.test_posture_journey import STREAMLIT_RULES
from tests.support.kick import SAMPLES

pytestmark = pytest.mark.browser

#: A job of 63 frames on a loaded machine, the models' first start included.
RESULT_TIMEOUT_MS = 240_000


def test_a_clip_is_uploaded_found_again_and_stepped_through(page: Page, browser: Browser, app_url: str) -> None:
    """Upload straight to the server, reload while it runs, the result, another browser, keys, JSON; axe clean."""
    page.goto(f"{app_url}/soccer")
    page.locator(".upload input[type=file]").set_input_files(SAMPLES / "soccer_kick.mp4", timeout=RESULT_TIMEOUT_MS)
    expect(page.get_by_text("is with the server")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    submit = page.locator(".st-key-kick_submit").get_by_role("button")
    expect(submit).to_be_enabled(timeout=RESULT_TIMEOUT_MS)
    submit.click()
    expect(page.locator(".st-key-kick_card")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    assert "job=" in page.url

    page.reload()
    facts = page.locator(".st-key-kick_facts")
    expect(facts).to_contain_text("right-footed", timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    expect(page.locator(".kick-table").first.locator("tbody tr")).to_have_count(12)
    expect(page.locator(".kick-table").first).to_contain_text("withheld")

    viewer = page.locator(".frames")
    viewer.get_by_role("button", name="Impact").first.click()
    expect(viewer).to_contain_text("Frame 30 of 63")
    page.keyboard.press("ArrowRight")
    expect(viewer).to_contain_text("Frame 31 of 63")

    violations = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in violations if rule["id"] not in STREAMLIT_RULES] == []

    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert (exported["source"], exported["analysis"]["side"]) == ("local", "right")

    other = browser.new_context(locale="ko-KR").new_page()
    other.goto(page.url)
    expect(other.locator(".st-key-kick_facts")).to_contain_text("오른발 킥", timeout=RESULT_TIMEOUT_MS)
    other.context.close()
