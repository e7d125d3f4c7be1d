"""A clip written for stepping shows exactly the frame that a page seeks, in a real browser."""

import base64
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser

from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.engine.video.render import Overlay, render_clip
from tests.support.clips import number_of, numbered, write_clip

pytestmark = pytest.mark.browser

_LOAD = """async clip => {
  const bytes = Uint8Array.from(atob(clip), c => c.charCodeAt(0))
  const video = document.querySelector("video")
  const loaded = new Promise((done, fail) => { video.onloadeddata = done; video.onerror = () => fail(video.error) })
  video.src = URL.createObjectURL(new Blob([bytes], {type: "video/mp4"}))
  await loaded
}"""
_SEEK = """async time => {
  const video = document.querySelector("video")
  const shown = new Promise(done => video.requestVideoFrameCallback(done))
  video.currentTime = time
  await shown
  const drawing = document.querySelector("canvas").getContext("2d")
  drawing.drawImage(video, 0, 0, 8, 8)
  return [...drawing.getImageData(0, 0, 8, 8).data].filter((_, i) => i % 4 == 0)
}"""


def test_each_seek_shows_its_frame_forwards_and_backwards(browser: Browser, tmp_path: Path) -> None:
    intervals = [33, 34, 8, 17, 100, 50] * 4
    times = [sum(intervals[:number]) for number in range(len(intervals))]
    pictures = [cv2.resize(picture, (640, 360)) for picture in numbered(len(times))]
    facts = probe(write_clip(tmp_path / "c.mkv", pictures, times), ClipLimits(max_bytes=10_000_000))
    render_clip(tmp_path / "c.mkv", facts, lambda _: Overlay(), tmp_path / "drawn.mp4", tmp_path / "frames.mp4")
    page = browser.new_page()
    page.set_content('<video muted></video><canvas width="8" height="8"></canvas>')
    page.evaluate(_LOAD, base64.b64encode((tmp_path / "frames.mp4").read_bytes()).decode())

    middles = [*((facts.times_s[1:] + facts.times_s[:-1]) / 2).tolist(), float(facts.times_s[-1]) + 0.01]
    order = [*range(len(middles)), *range(len(middles) - 2, -1, -2)]
    shown = [page.evaluate(_SEEK, middles[number]) for number in order]

    assert [number_of(np.array(picture)) for picture in shown] == order
    page.close()
