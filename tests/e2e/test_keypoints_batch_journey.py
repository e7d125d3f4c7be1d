"""A folder of pictures from the browser to the opened picture, in a real browser, on a real worker."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import wait_until_ready
from tests.e2e.test_posture_journey import RESULT_TIMEOUT_MS, STREAMLIT_RULES
from tests.support.people import SAMPLES

pytestmark = pytest.mark.browser


def test_a_folder_is_compared_and_found_again(page: Page, app_url: str, tmp_path: Path) -> None:
    """Packed in the browser, answered by a job, one bad picture listed, found again after a reload, one opened."""
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(SAMPLES / "group3.jpg", folder / "사진 1.jpg")
    shutil.copy(SAMPLES / "front_apose.jpg", folder)
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "notes.txt").write_bytes(b"not packed")

    page.goto(f"{app_url}/keypoints?view=batch")
    wait_until_ready(page)
    page.locator("input[webkitdirectory]").set_input_files(folder)
    # The first job waits for the models and the worker.
    expect(page.locator(".st-key-batch_csv")).to_be_visible(timeout=2 * RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    page.reload()
    expect(page.locator(".st-key-batch_csv")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    expect(page.get_by_text("Pictures left out: 1")).to_be_visible()
    violations = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in violations if rule["id"] not in STREAMLIT_RULES] == []

    with page.expect_download() as download:
        page.locator(".st-key-batch_csv button").first.click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert {row["picture"] for row in rows} == {
        f"photos/{name}" for name in ("사진 1.jpg", "front_apose.jpg", "broken.jpg")
    }
    assert len(rows) == 4 * 17 + 1

    page.goto(f"{page.url}&picture=photos/사진 1.jpg")
    expect(page.locator(".joints [data-joint]")).to_have_count(17, timeout=RESULT_TIMEOUT_MS)
