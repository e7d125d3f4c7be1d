import msgspec
import pytest

from posedeck.contracts.own_jobs import JobView
from posedeck.services.job_wording import JobProgress, job_page, kept_text, progress_of, time_text
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


def test_the_progress_of_a_job_tells_when_it_takes_longer() -> None:
    changes = {"stage": "infer", "frames_done": 10, "frames_total": 40, "ready_in_s": 7.0, "late": True}
    running = msgspec.structs.replace(job("keypoint-batch"), state="processing", **changes)
    assert progress_of(running) == JobProgress("processing", "infer", 10, 40, 0, 7.0, late=True)
