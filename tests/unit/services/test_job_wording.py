import msgspec
import pytest

from posedeck.contracts.own_jobs import JobView
from posedeck.services.job_wording import job_page, kept_text, progress_of, time_text
from posedeck.texts import load_texts

T = load_texts("en")


def job(kind: str, client_uuid: str | None = None) -> JobView:
    return JobView(
        id="1f",
        kind=kind,
        client_uuid=client_uuid,
        state="success",
        stage=None,
        frames_done=3,
        frames_total=3,
        ahead=None,
        ready_in_s=None,
        created_at=0.0,
        started_at=1.0,
        ended_at=2.0,
        expires_at=3.0,
        error_code=None,
        error_text=None,
        cost=4,
        refunded=False,
        files={},
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0 s"), (59.4, "59 s"), (60, "1 min"), (3 * 3600 + 5, "3 h"), (6.9 * 86_400, "6 d")],
)
def test_a_stretch_of_time_is_told_by_its_largest_unit(seconds: float, text: str) -> None:
    assert time_text(seconds, T) == text


def test_an_ended_job_tells_how_long_it_is_kept() -> None:
    assert kept_text(None, 10.0, T) == ""
    assert kept_text(10.0 + 86_400, 10.0, T) == "kept for 1 d"
    assert kept_text(9.0, 10.0, T) == T("jobs.kept.over")


def test_a_job_is_shown_by_the_page_it_was_made_on() -> None:
    assert job_page(job("remo-soccer", "u-1")) == ("soccer", {"job": "u-1"})
    assert job_page(job("kakao-video")) == ("keypoints", {"view": "video", "job": "1f"})
    assert job_page(job("keypoint-batch")) == ("keypoints", {"view": "batch", "job": "1f"})


def test_a_job_of_one_stage_is_timed_by_its_own_pace() -> None:
    """Ten pictures in twenty seconds leave sixty for the other thirty; a stage among others keeps the estimate."""
    running = msgspec.structs.replace(
        job("keypoint-batch"), state="processing", stage="infer", frames_done=10, frames_total=40, ready_in_s=7.0
    )
    assert progress_of(running, now=21.0).wait_s == 60.0
    assert progress_of(msgspec.structs.replace(running, stage="track"), now=21.0).wait_s == 7.0
    assert progress_of(msgspec.structs.replace(running, frames_done=0), now=21.0).wait_s == 7.0
