"""Stepping through a clip in a real browser: the frame that is named is the frame that is shown."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import serving, wait_until_ready

pytestmark = pytest.mark.browser

_FRAMES = 20
_GREY_STEP = 12
# Uneven on purpose: phones record so.
_TIMES_S = np.cumsum([0.0, *([1 / 30, 1 / 24] * _FRAMES)])[:_FRAMES]
_GREY = """video => {
    const canvas = document.createElement("canvas")
    canvas.width = canvas.height = 1
    canvas.getContext("2d").drawImage(video, 32, 32, 1, 1, 0, 0, 1, 1)
    return canvas.getContext("2d").getImageData(0, 0, 1, 1).data[0]
}"""


def _write_clip(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width = stream.height = 64
        stream.pix_fmt, stream.gop_size = "yuv420p", 1
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        for number, time in enumerate(_TIMES_S):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 10 + _GREY_STEP * number, np.uint8), format="rgb24")
            frame.pts, frame.time_base = round(time * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@pytest.fixture
def viewer(page: Page, tmp_path: Path) -> Iterator[Page]:
    data = tmp_path / "data"
    data.mkdir()
    _write_clip(data / "clip.mp4")
    (data / "times.txt").write_text(" ".join(str(time) for time in _TIMES_S), "ascii")
    with serving(Path(__file__).with_name("frame_viewer_script.py"), tmp_path) as url:
        page.goto(url)
        wait_until_ready(page)
        yield page


def _expect_frame(page: Page, number: int) -> None:
    expect(page.locator(".where")).to_have_text(re.compile(rf"^Frame {number + 1} of {_FRAMES} "))
    for video in page.locator(".frames video").all():
        _expect_grey(page, video, 10 + _GREY_STEP * number)


def _expect_grey(page: Page, video: Locator, grey: int) -> None:
    for _ in range(50):
        shown = video.evaluate(_GREY)
        if abs(shown - grey) < _GREY_STEP / 2:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the clip shows grey {shown}, expected {grey}")


def _cursor_x(page: Page) -> float:
    page.wait_for_timeout(600)
    box = page.locator(".posedeck-frame-cursor").bounding_box()
    assert box is not None
    return box["x"]


def test_keys_strip_and_charts_show_the_frame_they_name(viewer: Page) -> None:
    viewer.wait_for_selector(".js-plotly-plot .plotly")
    _expect_frame(viewer, 0)
    start_x = _cursor_x(viewer)

    for _ in range(3):
        viewer.keyboard.press("ArrowRight")
    _expect_frame(viewer, 3)
    assert _cursor_x(viewer) > start_x + 20

    viewer.keyboard.press("Shift+ArrowRight")
    _expect_frame(viewer, 13)
    viewer.keyboard.press("ArrowLeft")
    _expect_frame(viewer, 12)
    viewer.get_by_role("button", name="Impact").first.click()
    _expect_frame(viewer, 10)
    viewer.keyboard.press("End")
    _expect_frame(viewer, _FRAMES - 1)
    viewer.keyboard.press("ArrowRight")
    _expect_frame(viewer, _FRAMES - 1)

    chart = viewer.locator(".js-plotly-plot .nsewdrag")
    chart.scroll_into_view_if_needed()
    end_x = _cursor_x(viewer)
    plot = chart.bounding_box()
    assert plot is not None
    wanted_s = 0.4
    viewer.mouse.click(start_x + (end_x - start_x) * wanted_s / _TIMES_S[-1], plot["y"] + 20)
    _expect_frame(viewer, int(np.argmin(np.abs(_TIMES_S - wanted_s))))


def test_the_clip_plays_to_its_end_and_names_the_frames_on_the_way(viewer: Page) -> None:
    viewer.get_by_role("button", name="Play").click()

    expect(viewer.locator(".where")).to_have_text(re.compile(f"^Frame {_FRAMES} of"), timeout=15_000)
    expect(viewer.get_by_role("button", name="Play")).to_be_visible()
