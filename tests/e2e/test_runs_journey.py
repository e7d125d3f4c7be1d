"""A reviewer's way through the runs, in a real browser, on real inference."""

import zipfile
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import wait_until_ready
from tests.e2e.test_posture_journey import RESULT_TIMEOUT_MS, STREAMLIT_RULES

pytestmark = pytest.mark.browser


def analyse_sample(page: Page, url: str) -> str:
    """The address of a fresh result of the sample."""
    page.goto(f"{url}/posture?sample=1")
    expect(page.locator(".st-key-result_badges")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    assert "run=" in page.url
    return page.url


def test_an_answer_is_found_compared_and_packed(page: Page, browser: Browser, app_url: str, tmp_path: Path) -> None:
    """Analyse, open the link in another browser, ask again, see the difference, take a pack that opens offline."""
    link = analyse_sample(page, app_url)
    run_id = link.partition("run=")[2].partition("&")[0]

    other = browser.new_context(locale="ko-KR").new_page()
    other.goto(f"{app_url}/posture?run={run_id}")
    expect(other.locator(".st-key-result_badges")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    other.context.close()

    page.goto(f"{app_url}/runs?run={run_id}")
    expect(page.locator(".st-key-run_detail")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    violations = Axe().run(page).response["violations"]
    found = {rule["id"]: [node["html"] for node in rule["nodes"]] for rule in violations}
    assert {name: nodes for name, nodes in found.items() if name not in STREAMLIT_RULES} == {}

    page.get_by_role("tab", name="Replay").click()
    expect(page.get_by_text("Nothing differs")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    page.locator(".st-key-run_replay_start button").click()
    expect(page.locator(".st-key-run_diff")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    assert f"run={run_id}" in page.url
    assert "with=" in page.url

    page.goto(f"{app_url}/runs")
    table = page.locator(".st-key-runs_table canvas").first
    expect(table).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    box = table.bounding_box()
    assert box is not None
    # The table is drawn on a canvas: the first row's box lies below the header.
    page.mouse.click(box["x"] + 16, box["y"] + 38 + 28)
    expect(page.locator(".st-key-runs_actions")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Reviewer pack").click()
    with zipfile.ZipFile(download.value.path()) as pack:
        pack.extractall(tmp_path)
    reader = browser.new_context(offline=True).new_page()
    reader.goto((tmp_path / "index.html").as_uri())
    reader.get_by_role("link", name="Report").click()
    expect(reader.get_by_role("heading").first).to_be_visible()
    reader.context.close()


def test_a_deleted_run_comes_back(page: Page, app_url: str) -> None:
    """Delete, undo."""
    analyse_sample(page, app_url)
    run_id = page.url.partition("run=")[2].partition("&")[0]
    page.goto(f"{app_url}/runs?run={run_id}")
    page.locator(".st-key-run_delete button").click(timeout=RESULT_TIMEOUT_MS)
    expect(page.get_by_text("There is no run yet")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    page.locator(".st-key-runs_undo button").click()
    expect(page.locator(".st-key-runs_table")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
