"""A newcomer's way through the posture page, in a real browser, on real inference."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import wait_until_ready

pytestmark = pytest.mark.browser

#: Faults of Streamlit's own elements.
STREAMLIT_RULES = {"aria-dialog-name", "presentation-role-conflict", "empty-table-header"}
RESULT_TIMEOUT_MS = 90_000


def analyse_sample(page: Page, url: str) -> None:
    """Open the posture page and analyse the sample."""
    page.goto(f"{url}/posture")
    page.get_by_role("button", name="Try the sample person").click()
    expect(page.locator("[data-metric]")).to_have_count(11, timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)


def test_sample_to_export(page: Page, app_url: str) -> None:
    """A cold deep link, one click on the sample, eleven graded metrics, Korean, JSON: no console error, axe clean."""
    analyse_sample(page, app_url)
    rows = page.locator("[data-metric]")
    for index in range(11):
        expect(rows.nth(index)).to_contain_text("°")
    expect(page.get_by_text("Local engine", exact=True).first).to_be_visible()

    violations = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in violations if rule["id"] not in STREAMLIT_RULES] == []

    page.get_by_text("한국어", exact=True).click()
    expect(page.get_by_role("heading", name="체형 분석", exact=True)).to_be_visible()
    expect(rows.filter(has_text="어깨 기울기")).to_have_count(1)
    assert page.evaluate("document.documentElement.lang") == "ko"
    wait_until_ready(page)

    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert exported["source"]["label"] == "Local engine"
    assert len(exported["metrics"]) == 11
    assert all(metric["value"] is not None for metric in exported["metrics"])


def test_one_click_from_home(page: Page, app_url: str) -> None:
    """The card on the home page leads to a full result in one click, and a reload shows it again."""
    page.goto(app_url)
    page.locator(".st-key-sample_posture button").click()
    expect(page.locator("[data-metric]")).to_have_count(11, timeout=RESULT_TIMEOUT_MS)
    page.reload()
    expect(page.locator("[data-metric]")).to_have_count(11, timeout=RESULT_TIMEOUT_MS)


def test_toggling_the_overlay_asks_nobody(page: Page, app_url: str) -> None:
    """Bones on and off is the browser's business: no request leaves it."""
    analyse_sample(page, app_url)
    page.wait_for_timeout(500)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    bones = page.get_by_role("button", name="Bones").first
    expect(bones).to_have_attribute("aria-pressed", "true")
    bones.click()
    expect(bones).to_have_attribute("aria-pressed", "false")
    page.wait_for_timeout(500)
    assert sent == []


def test_a_keypoint_corrected_by_hand_changes_the_values(page: Page, app_url: str) -> None:
    """Dragging the left shoulder up raises the shoulder tilt, marks it as corrected, and undo takes it back."""
    analyse_sample(page, app_url)
    row = page.locator('[data-metric="shoulder_tilt"]')
    before = row.inner_text()
    page.get_by_role("button", name="Edit points").first.click()
    point = page.get_by_label("Left shoulder", exact=False).first
    box = point.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 25, steps=5)
    page.mouse.up()
    expect(row).to_contain_text("Corrected by hand", timeout=20_000)
    assert row.inner_text() != before
    page.get_by_role("button", name="Undo").first.click()
    expect(row).not_to_contain_text("Corrected by hand", timeout=20_000)
    assert row.inner_text() == before


def test_switching_the_profile_grades_anew_without_a_call(page: Page, app_url: str) -> None:
    """Another profile changes grades at once; the balance shows that nothing was asked."""
    analyse_sample(page, app_url)
    balance = page.get_by_test_id("stSidebar").locator("strong")
    credit = balance.inner_text()
    page.locator(".st-key-profile").get_by_role("combobox").click()
    page.get_by_role("option", name="Literature").click()
    expect(page.locator('[data-metric="head_tilt"]')).to_contain_text("no agreed", ignore_case=True, timeout=20_000)
    assert balance.inner_text() == credit
