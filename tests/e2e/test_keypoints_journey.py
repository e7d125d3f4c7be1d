"""A newcomer's way through the keypoints page, in a real browser, on real inference."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import wait_until_ready
from tests.e2e.test_posture_journey import RESULT_TIMEOUT_MS, STREAMLIT_RULES

pytestmark = pytest.mark.browser


def compare_sample(page: Page, url: str) -> None:
    """Open the page by a link that compares the sample group."""
    page.goto(f"{url}/keypoints?sample=1")
    expect(page.locator(".joints [data-joint]")).to_have_count(17, timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)


def test_one_click_from_home_to_export(page: Page, app_url: str) -> None:
    """Home, the sample, 17 verdicts in words, Korean, JSON: no console error, axe clean."""
    page.goto(app_url)
    page.locator(".st-key-sample_keypoints").get_by_role("button").click()
    rows = page.locator(".joints [data-joint]")
    expect(rows).to_have_count(17, timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    for index in range(17):
        expect(rows.nth(index).locator(".grade")).to_have_text("Agrees")
    expect(page.locator(".st-key-left_who")).to_contain_text("Kakao format, local engine")

    violations = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in violations if rule["id"] not in STREAMLIT_RULES] == []

    page.get_by_text("한국어", exact=True).click()
    expect(rows.first).to_contain_text("일치", timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert [exported[side]["vendor"] for side in ("left", "right")] == ["kakao", "nhn"]
    assert len(exported["agreement"]["pairs"]) == 3


def test_a_joint_lights_up_everywhere(page: Page, app_url: str) -> None:
    """A joint reached by keys lights up in pictures and charts; one pointed at in a picture lights its row."""
    compare_sample(page, app_url)
    page.locator(".joints [data-joint=nose]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".stage .point.lit")).to_have_count(2)
    expect(page.locator(".joints .row.lit")).to_contain_text("Left eye")
    expect(page.locator(".body .spot.lit")).to_have_count(1)
    expect(page.locator(".slopes .slope.lit")).to_have_count(1)

    wrist = page.locator(".stage").first.locator(".point[data-joint=left_wrist]")
    wrist.scroll_into_view_if_needed()
    box = wrist.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".joints .row.lit")).to_contain_text("Left wrist")


def test_views_need_no_rerun(page: Page, app_url: str) -> None:
    """Overlaying, blinking and hiding the bones are the browser's business: no request leaves it."""
    compare_sample(page, app_url)
    expect(page.locator(".stage")).to_have_count(2)
    page.wait_for_timeout(500)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))
    page.get_by_role("button", name="Overlaid").click()
    expect(page.locator(".stage")).to_have_count(1)
    page.get_by_role("button", name="Blink").click()
    expect(page.locator(".stages.hide-right")).to_have_count(1)
    expect(page.locator(".stages.hide-left")).to_have_count(1)
    page.get_by_role("button", name="Bones").click()
    expect(page.locator(".person").first).to_be_hidden()
    page.wait_for_timeout(300)
    assert sent == []


def test_a_link_restores_the_comparison(page: Page, app_url: str) -> None:
    """Sources, person and least score are in the address and come back with it."""
    compare_sample(page, app_url)
    page.get_by_text("2 · OKS", exact=False).click()
    page.wait_for_url("**person=2**")
    page.reload()
    expect(page.locator(".joints [data-joint]")).to_have_count(17, timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    assert "person=2" in page.url
    expect(page.get_by_text("Person 2:", exact=False).first).to_be_visible()
