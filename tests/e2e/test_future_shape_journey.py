"""From the home page to a saved future shape, in a real browser, on real inference."""

import io
import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from posedeck.contracts.remo.future_shape import BodyPart
from tests.e2e.conftest import wait_until_ready
from tests.e2e.test_posture_journey import STREAMLIT_RULES

pytestmark = pytest.mark.browser

RESULT_TIMEOUT_MS = 120_000


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US", has_touch=True)
    yield context.new_page()
    context.close()


def show_sample(page: Page, url: str) -> None:
    """The card on the home page leads to both pictures in one click."""
    page.goto(url)
    page.locator(".st-key-sample_future_shape button").click()
    expect(page.locator(".before-after .stage")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)


def test_sample_to_export_and_back(page: Page, app_url: str) -> None:
    """One click, the slimmer picture, the heavier one only when asked for, marked exports, saved and reopened."""
    show_sample(page, app_url)
    expect(page.get_by_text("not a forecast")).to_be_visible()
    expect(page.get_by_text("agreed to it")).to_be_visible()
    heavier = page.get_by_role("button", name="Heavier PNG")
    expect(heavier).to_have_count(0)
    page.locator(".st-key-future_shape_heavier label").click()
    expect(heavier).to_be_visible(timeout=20_000)
    wait_until_ready(page)

    violations = Axe().run(page).response["violations"]
    assert [rule["id"] for rule in violations if rule["id"] not in STREAMLIT_RULES] == []

    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    exported = json.loads(download.value.path().read_text("utf-8"))
    assert exported["simulated"] is True
    assert [result["flags"] for result in exported["results"]] == [[], []]
    assert all(set(result["widths"]) == set(BodyPart) for result in exported["results"])
    with page.expect_download() as download:
        page.get_by_role("button", name="Side by side PNG").click()
    picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert picture.info["Source"] == "Local engine"
    assert picture.width > 3 * 600

    page.get_by_role("button", name="Save this run").click()
    expect(page.get_by_text("Saved with its pictures.")).to_be_visible(timeout=20_000)
    wait_until_ready(page)
    assert "run=" in page.url
    page.goto(page.url)
    expect(page.locator(".before-after .stage")).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    expect(page.get_by_text("Saved with its pictures.")).to_be_visible()
    expect(heavier).to_have_count(0)


def test_the_slider_asks_nobody(page: Page, app_url: str) -> None:
    """Dragging, arrow keys, B and D change the view in the browser alone; typing does not."""
    show_sample(page, app_url)
    stage, handle = page.locator(".before-after .stage"), page.get_by_role("slider", name="Before and after")
    page.wait_for_timeout(500)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append("frame")))

    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    y = max(box["y"], 0) + 100
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, y, steps=4)
    page.mouse.up()
    expect(handle).to_have_attribute("aria-valuenow", "25")
    expect(handle).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "27")
    page.keyboard.press("End")
    expect(handle).to_have_attribute("aria-valuetext", "100 % original")

    for key, view in (("b", "before"), ("b", "after"), ("d", "difference"), ("D", "split")):
        page.keyboard.press(key)
        expect(stage).to_have_attribute("data-view", view)
    page.get_by_role("button", name="Difference").click()
    expect(stage).to_have_attribute("data-view", "difference")
    assert sent == []


def test_touch_moves_the_line(phone: Page, app_url: str) -> None:
    """On a phone a tap moves the line, and the page still scrolls upright over the pictures."""
    page = phone
    page.goto(f"{app_url}/future_shape?sample=1")
    stage = page.locator(".before-after .stage")
    expect(stage).to_be_visible(timeout=RESULT_TIMEOUT_MS)
    wait_until_ready(page)
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 0.75 * box["width"], box["y"] + 60)
    expect(page.get_by_role("slider", name="Before and after")).to_have_attribute("aria-valuenow", "75")
    assert stage.evaluate("node => getComputedStyle(node).touchAction") == "pan-y"
