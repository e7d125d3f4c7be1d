"""The video part of the keypoints page: what a clip's answer shows, and what is said when there is none."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.keypoints_clip_job import ClipJobs
from posedeck.clients.own import OwnClient
from posedeck.contracts.kakao.job import VideoInfo
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.track import PoseTrack
from posedeck.services.kakao_clips import ClipAnswer, ClipEnded, SubmittedClip
from posedeck.services.local_server import local_base_url
from posedeck.services.sources import Source
from posedeck.texts import LANGUAGES, load_texts
from tests.app.test_pages import APP

FRAMES, FPS = 20, 25.0
VIDEO = VideoInfo(FPS, FRAMES, 480, 640)


def submitted(job_id: str, smoothing: bool = True, source: Source = Source.LIVE) -> SubmittedClip:
    return SubmittedClip(job_id, source, "https://example.org", 0.0, smoothing)


def answer(job_id: str, noise_px: float) -> ClipAnswer:
    """One person at rest, whose left wrist is unsure from frame 5 to 9."""
    pose = np.stack([np.linspace(100, 300, len(COCO_17)), np.linspace(60, 400, len(COCO_17))], axis=1)
    noise = np.random.default_rng(3).normal(0.0, noise_px, (FRAMES, *pose.shape))
    score = np.full((FRAMES, len(COCO_17)), 0.9)
    score[5:9, COCO_17.index["left_wrist"]] = 0.1
    track = PoseTrack(COCO_17, np.arange(FRAMES) / FPS, pose + noise, score)
    return ClipAnswer(
        job_id=job_id,
        source=Source.LIVE,
        base_url="https://example.org",
        answered_at=datetime(2026, 1, 2, tzinfo=UTC),
        tracks={0: track},
        video=VIDEO,
        body={"job_id": job_id, "status": "success", "annotations": []},
        exchange=None,
        run_id="r-1",
    )


def page(answers: dict[str, Any], jobs: ClipJobs, language: str = "en") -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["language"] = language
    at.session_state["clip_jobs"], at.session_state["clip_answers"] = jobs, answers
    at.query_params["view"] = "video"
    at.session_state["clip_source"] = Source.LIVE.value
    at.switch_page("pages/keypoints.py").run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(each.value for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for each in kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_names_its_drop_out_and_what_smoothing_changes(language: str) -> None:
    t = load_texts(language)
    jobs = ClipJobs(submitted("a"), submitted("b", smoothing=False))
    at = page({"a": answer("a", 1.0), "b": answer("b", 4.0)}, jobs, language)

    shown = words(at)
    assert t("source.live.name") in shown
    assert t("keypoint.left_wrist") in shown
    assert "0.16" in shown, "four frames of 25 a second"
    assert t("clip.gone") in shown, "the clip itself is with the vendor"
    plain, smoothed = (float(text) for text in _percents(shown, t))
    assert plain > 2 * smoothed
    assert len(at.get("plotly_chart")) == 2


def _percents(shown: str, t: Any) -> list[str]:
    lead = t("clip.trembling.both", plain="|", smoothed="|").split("|")
    text = next(line for line in shown.splitlines() if lead[0] in line)
    return [part.split(" %")[0] for part in (text.split(lead[0])[1], text.split(lead[1])[1])]


@pytest.mark.parametrize(
    ("ended", "key"),
    [
        (ClipEnded("failed", "the video cannot be read"), "clip.failed"),
        (ClipEnded("not found", None), "clip.not_found"),
    ],
)
def test_a_job_without_a_result_says_what_to_do(ended: ClipEnded, key: str) -> None:
    at = page({"a": ended}, ClipJobs(submitted("a")))

    assert [error.value for error in at.error] == [load_texts("en")(key)]


def test_a_job_without_a_result_can_be_asked_for_again(server: OwnClient) -> None:
    """What ended once may be there now; here the server has never heard of it."""
    job = replace(submitted("a", source=Source.LOCAL), base_url=local_base_url())
    at = page({"a": ClipEnded("failed", "fault lab")}, ClipJobs(job))
    at.button(key="clip_fetch_again").click().run()
    assert [error.value for error in at.error] == [load_texts("en")("clip.not_found")]


def test_a_clip_without_people_says_so() -> None:
    nobody = answer("a", 1.0)
    nobody.tracks.clear()

    assert load_texts("en")("clip.nobody") in words(page({"a": nobody}, ClipJobs(submitted("a"))))


def test_without_the_vendors_key_nothing_can_be_sent() -> None:
    at = page({}, ClipJobs(submitted("a")))

    assert at.button(key="clip_submit").disabled
