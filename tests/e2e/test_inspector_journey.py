"""A tester's way through inspector and fault lab, in a real browser, on real inference."""

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import wait_until_ready
from tests.e2e.test_posture_journey import RESULT_TIMEOUT_MS, STREAMLIT_RULES

pytestmark = pytest.mark.browser


def go_to(page: Page, name: str) -> None:
    page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()
    wait_until_ready(page)


def compare_again(page: Page) -> None:
    page.locator(".st-key-use_sample").get_by_role("button").click()
    wait_until_ready(page)


def test_a_copied_call_runs_and_a_fault_is_seen(page: Page, app_url: str, tmp_path: Path) -> None:
    """Sample, inspector, ZIP, curl: the people of the page; then a fault: banner, error, and off again."""
    page.goto(f"{app_url}/keypoints?sample=1")
    expect(page.locator(".joints [data-joint]")).to_have_count(17, timeout=RESULT_TIMEOUT_MS)
    go_to(page, "Inspector")
    tabs = page.get_by_role("tab")
    expect(page.locator(".st-key-inspector_head").get_by_text("findings: 0")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    violations = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in violations if rule["id"] not in STREAMLIT_RULES] == []
    tabs.filter(has_text="Copy").click()
    with page.expect_download() as download:
        page.locator(".st-key-inspector_bundle").get_by_role("button").click()
    zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())).extractall(tmp_path)
    done = subprocess.run(["sh", "call.sh"], cwd=tmp_path, capture_output=True, check=True)  # noqa: S607
    answer = json.loads(done.stdout)
    people = answer if isinstance(answer, list) else answer["result"]["keyPointList"]
    assert len(people) >= 3

    go_to(page, "Fault lab")
    page.locator(".st-key-fault_kakao-pose input").click()
    page.keyboard.type("terminated")
    page.keyboard.press("Enter")
    banner = page.locator(".st-key-fault_banner")
    expect(banner).to_contain_text("Fault lab is on", timeout=RESULT_TIMEOUT_MS)
    go_to(page, "Keypoints")
    compare_again(page)
    expect(page.get_by_test_id("stAlert").filter(has_text="closed this service")).to_be_visible(
        timeout=RESULT_TIMEOUT_MS
    )
    banner.get_by_role("button").click()
    expect(banner).to_have_count(0, timeout=RESULT_TIMEOUT_MS)
