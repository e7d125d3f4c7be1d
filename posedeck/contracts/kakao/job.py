"""``POST /pose/job`` and ``GET /pose/job/{job_id}``: the people in every frame of a clip, later.

A finished job's answer is its result (``JobResult``) with ``job_id`` and ``status`` beside it. The result of a long
clip is megabytes, so it is stored as JSON, and ``finished_head`` puts the two in without reading it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
import numpy as np

from posedeck.contracts.coco import read_point
from posedeck.contracts.kakao.pose import write_people
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from posedeck.pose.track import PoseTrack

SUBMIT_PATH = "/pose/job"
JOB_PATH = "/pose/job/{job_id}"
#: A multipart file, or a form field with an address.
FILE_FIELD = "file"
URL_FIELD = "video_url"
SMOOTHING_FIELD = "smoothing"
CALLBACK_FIELD = "callback_url"
#: Ours: the name of a file that was uploaded before.
UPLOAD_FIELD = "x_upload"

#: A video must have fewer bytes than 50,000,000.
MAX_VIDEO_BYTES = 49_999_999
RETENTION_DAYS = 7

Status = Literal["waiting", "processing", "success", "failed", "not found"]

#: COCO's bones, as the vendor lists them: 1-based keypoint numbers.
SKELETON = (
    *((1, 2), (1, 3), (2, 3), (2, 4), (3, 5), (4, 6), (5, 7), (6, 7), (6, 8), (6, 12)),
    *((7, 9), (7, 13), (8, 10), (9, 11), (12, 13), (14, 12), (15, 13), (16, 14), (17, 15)),
)

_NUMBERS = 3 * len(COCO_17)
_AllPoints = Annotated[list[float], msgspec.Meta(min_length=_NUMBERS, max_length=_NUMBERS)]
_FourNumbers = Annotated[list[float], msgspec.Meta(min_length=4, max_length=4)]


class JobAccepted(msgspec.Struct, frozen=True):
    """Answer of the submit."""

    job_id: str


class JobPending(msgspec.Struct, frozen=True, omit_defaults=True):
    """Answer of the read while there is no result; ``description`` says why a job failed."""

    job_id: str
    status: Status
    description: str | None = None


class JobPerson(msgspec.Struct, frozen=True):
    """One person in one frame; see ``KakaoPerson``. ``object_id`` is the same in all frames, from 0."""

    area: float
    bbox: _FourNumbers
    category_id: Literal[1]
    keypoints: _AllPoints
    object_id: Annotated[int, msgspec.Meta(ge=0)]
    score: float


class FrameAnnotation(msgspec.Struct, frozen=True):
    """Everybody in one frame; frames count from 0."""

    frame_num: Annotated[int, msgspec.Meta(ge=0)]
    objects: list[JobPerson]


class Category(msgspec.Struct, frozen=True):
    """What the numbers of a person mean."""

    id: int = 1
    keypoints: tuple[str, ...] = COCO_17.names
    name: str = "person"
    skeleton: tuple[tuple[int, int], ...] = SKELETON
    supercategory: str = "person"


class Info(msgspec.Struct, frozen=True):
    """Who made the result, and when (``YYYY/MM/DD``)."""

    contributor: str
    date_created: str
    description: str
    url: str
    version: int
    year: int


class VideoInfo(msgspec.Struct, frozen=True):
    """The clip: average frames a second, number of frames, upright size in pixels."""

    fps: float
    frames: Annotated[int, msgspec.Meta(ge=0)]
    height: int
    width: int


class JobResult(msgspec.Struct, frozen=True):
    """What a finished job adds to its id and status."""

    annotations: list[FrameAnnotation]
    categories: list[Category]
    info: Info
    video: VideoInfo


class JobRead(JobPending, frozen=True, omit_defaults=True):
    """Answer of the read, whatever the status; the last four come with ``success`` alone."""

    annotations: list[FrameAnnotation] | None = None
    categories: list[Category] | None = None
    info: Info | None = None
    video: VideoInfo | None = None


class JobAnswer(NamedTuple):
    """A parsed read of a job.

    Attributes:
        job_id: Whose it is.
        status: Its state.
        description: Why it failed, if it did.
        tracks: COCO_17 tracks by ``object_id``, in pixels of the clip; None while there is no result. The vendor sends
            no frame times: they are taken as even.
        video: The clip's facts; None while there is no result.
    """

    job_id: str
    status: Status
    description: str | None
    tracks: dict[int, PoseTrack] | None
    video: VideoInfo | None


def result_of(tracks: Mapping[int, PoseTrack], video: VideoInfo, date: tuple[int, int, int]) -> JobResult:
    """The result of a clip.

    Args:
        tracks: People by number, any skeleton that has COCO's keypoints; they get ``object_id`` 0, 1, … in this order.
        video: The clip, with as many frames as each track.
        date: Year, month and day of the work.
    """
    people = [{int(frame): track.pose(int(frame)) for frame in np.flatnonzero(track.seen)} for track in tracks.values()]
    annotations = [
        FrameAnnotation(frame, [_person(poses[frame], number) for number, poses in enumerate(people) if frame in poses])
        for frame in range(video.frames)
    ]
    year, month, day = date
    info = Info(
        contributor="PoseDeck local engine",
        date_created=f"{year:04}/{month:02}/{day:02}",
        description="Human pose estimation in Kakao's format by PoseDeck's local engine, not by Kakao's model",
        url="",
        version=1,
        year=year,
    )
    return JobResult(annotations, [Category()], info, video)


def _person(pose: Pose, number: int) -> JobPerson:
    (person,) = write_people([pose])
    return JobPerson(person.area, person.bbox, person.category_id, person.keypoints, number, person.score)


def finished_head(job_id: str) -> bytes:
    """The beginning of a finished job's body; what follows is the stored result (``JobResult``) behind its brace."""
    return msgspec.json.encode(JobPending(job_id, "success"))[:-1] + b","


def parse_job(body: Any) -> JobAnswer:
    """A decoded answer of the read.

    Raises:
        ValueError: when it is not an answer of a job; the text says where.
    """
    try:
        pending = msgspec.convert(body, JobPending)
        if pending.status != "success":
            return JobAnswer(pending.job_id, pending.status, pending.description, None, None)
        result = msgspec.convert(body, _LooseResult)
    except msgspec.ValidationError as error:
        raise ValueError(f"not an answer of Kakao's job API: {error}") from error
    return JobAnswer(pending.job_id, "success", None, _tracks(result), result.video)


class _LooseResult(msgspec.Struct, frozen=True):
    annotations: list[FrameAnnotation]
    video: VideoInfo


def _tracks(result: _LooseResult) -> dict[int, PoseTrack]:
    frames, rate = result.video.frames, result.video.fps
    if not rate > 0:
        raise ValueError(f"video.fps is {rate}")
    numbers = sorted({person.object_id for annotation in result.annotations for person in annotation.objects})
    xy = {number: np.full((frames, len(COCO_17), 2), np.nan) for number in numbers}
    score = {number: np.zeros((frames, len(COCO_17))) for number in numbers}
    for annotation in result.annotations:
        if annotation.frame_num >= frames:
            raise ValueError(f"frame {annotation.frame_num} of {frames}")
        for person in annotation.objects:
            points = [read_point(*triple) for triple in zip(*[iter(person.keypoints)] * 3, strict=True)]
            values = np.array(points, np.float64)
            xy[person.object_id][annotation.frame_num] = values[:, :2]
            score[person.object_id][annotation.frame_num] = values[:, 2]
    times = np.arange(frames) / rate
    return {number: PoseTrack(COCO_17, times, xy[number], score[number]) for number in numbers}
