"""What a run asked, to be asked again of another source, page by page."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from components.runs import recorder, run_store
from components.sources import own_client, remo_access_for, transport, typed_credentials
from components.submissions import noting
from posedeck.clients.remo_soccer import SoccerClient
from posedeck.contracts.remo.future_shape import Direction, Gender
from posedeck.pose.posture import View
from posedeck.runs.run import Run
from posedeck.services import future_shape_runs, keypoint_runs, posture_runs, soccer_runs
from posedeck.services.future_shape import ShapeWish, pose_finder
from posedeck.services.keypoints import DEMO_CREDENTIALS, LIVE_BASE_URLS, KeypointCredentials, Vendor
from posedeck.services.kick_tape import KickTape
from posedeck.services.local_server import local_base_url
from posedeck.services.recording import read_photo
from posedeck.services.sources import Source
from posedeck.services.submissions import kick_submission, submit_noted

#: Credentials by vendor, in the order in which they are passed, and those that are no secrets.
FIELDS = {"remo": ("email", "user_key", "api_key"), "kakao": ("rest_api_key",), "nhn": ("app_key", "secret_key")}
PLAIN = ("email",)


@dataclass(frozen=True)
class AskedAgain:
    """What came of it: the run of the answer, or of the job that was submitted; None when it is not kept."""

    run_id: str | None
    is_job: bool = False


#: Asks, in a thread of its own.
Question = Callable[[], AskedAgain]


def can_be_asked(run: Run) -> bool:
    """Whether a run of this page can be asked again at all."""
    return run.page in _QUESTIONS


def question_of(run: Run, source: Source) -> Question:
    """The question of a run for another source. Raises OSError when what was asked about is not kept."""
    return _QUESTIONS[run.page](run, source)


def _posture(run: Run, source: Source) -> Question:
    photos = {view: read_photo(run_store(), run, view.value) for view in View}
    access, kept_by, profile = remo_access_for(source), recorder(), run.params["profile"]

    def ask() -> AskedAgain:
        result = posture_runs.analyse_and_record(
            kept_by,
            access.client,
            access.credentials,
            photos,
            source=source,
            base_url=access.base_url,
            profile_name=profile,
        )
        return AskedAgain(result.run_id)

    return ask


def _keypoints(run: Run, source: Source) -> Question:
    vendor, photo = Vendor(run.vendor), read_photo(run_store(), run, keypoint_runs.PICTURE)
    url, keys = local_base_url(), DEMO_CREDENTIALS[vendor]
    if source is Source.LIVE:
        url, keys = LIVE_BASE_URLS[vendor], KeypointCredentials(*typed_credentials(vendor, FIELDS[vendor]))
    sender, kept_by, side = transport(vendor), recorder(), run.params["side"]

    def ask() -> AskedAgain:
        answer = keypoint_runs.ask_and_record(kept_by, vendor, source, photo, keys, url, sender, side=side)
        return AskedAgain(answer.run_id)

    return ask


def _future_shape(run: Run, source: Source) -> Question:
    photo = read_photo(run_store(), run, future_shape_runs.PHOTO)
    wish = ShapeWish(Direction(run.params["direction"]), Gender(run.params["gender"]), run.params["ratio"])
    access, kept_by, find_pose, group = remo_access_for(source), recorder(), pose_finder(own_client()), run.group

    def ask() -> AskedAgain:
        result = future_shape_runs.reshape_and_record(
            kept_by,
            access.client,
            access.credentials,
            photo,
            wish,
            source=source,
            base_url=access.base_url,
            find_pose=find_pose,
            group=group,
        )
        # Whoever saved the one picture wants the other one beside it, which only a saved one can be.
        future_shape_runs.save_shapes(kept_by, [result])
        return AskedAgain(result.run_id)

    return ask


def _soccer(run: Run, source: Source) -> Question:
    if soccer_runs.CLIP not in run.contents:
        raise FileNotFoundError("the run keeps no clip")
    access, kept_by, store = remo_access_for(source), recorder(), noting(source)
    client = SoccerClient(transport("remo"), access.base_url)
    intended = kick_submission(str(uuid4()), access.base_url, time.time())

    def ask() -> AskedAgain:
        with kept_by.store.file(run, soccer_runs.CLIP) as clip:
            job = submit_noted(
                store,
                intended,
                lambda: soccer_runs.submit_and_record(
                    kept_by,
                    client,
                    access.credentials,
                    clip,
                    run.params["height_cm"],
                    intended.id,
                    KickTape(),
                    source=source,
                    base_url=access.base_url,
                    now=time.time(),
                    clip_file=clip,
                    again=run.id,
                ),
            )
        return AskedAgain(job.run_id, is_job=True)

    return ask


_QUESTIONS: dict[str, Callable[[Run, Source], Question]] = {
    posture_runs.PAGE: _posture,
    **dict.fromkeys(keypoint_runs.ANSWER_PAGES, _keypoints),
    future_shape_runs.PAGE: _future_shape,
    soccer_runs.PAGE: _soccer,
}
