"""Records the runs that come with PoseDeck, by asking a pose server of ours about the samples."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec

from posedeck.clients.own import OwnClient
from posedeck.clients.own_jobs import JobsClient
from posedeck.clients.remo import RemoClient, RemoCredentials
from posedeck.clients.remo_soccer import NotReady, SoccerClient
from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.contracts.own_jobs import MAX_JOBS_LISTED
from posedeck.contracts.remo.future_shape import DEFAULT_RATIO, Direction, Gender
from posedeck.net.transport import Transport
from posedeck.services.future_shape import ShapeWish, pose_finder, reshape_photo
from posedeck.services.future_shape_runs import shape_draft, shipped_name
from posedeck.services.photos import prepare_photo
from posedeck.services.recording import Draft
from posedeck.services.shipped_runs import FOLDER, write_shipped
from posedeck.services.soccer import fetch_kick, submit_kick
from posedeck.services.soccer_runs import SHIPPED, kick_draft
from posedeck.services.sources import Source

_SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
#: Of the rendered player.
_HEIGHT_CM = 174.8
_KICK_KIND = "remo-soccer"
#: Of the job's files those that the page shows, by what they show there.
_KICK_CLIPS = {"drawn": "drawn.mp4", "original": "frames.mp4"}
_POLL_S = 2.0


def record_samples(base_url: str, token: str, folder: Path = FOLDER) -> Iterator[Path]:
    """Ask the server at ``base_url`` and write each answer's run; gives each file once it is written.

    Raises:
        VendorError: when the server does not answer or refuses.
    """
    with Transport("remo") as remo, Transport("posedeck") as own:
        find_pose = pose_finder(OwnClient(own, base_url, token))
        photo = prepare_photo((_SAMPLES / "body_slim.jpg").read_bytes())
        for direction in Direction:
            result = reshape_photo(
                RemoClient(remo, base_url),
                RemoCredentials(*DEMO_ACCOUNT),
                photo,
                ShapeWish(direction, Gender.MALE, DEFAULT_RATIO[direction.value]),
                source=Source.LOCAL,
                base_url=base_url,
                find_pose=find_pose,
            )
            yield _write(shipped_name(direction), shape_draft(result), folder)
        yield _record_kick(SoccerClient(remo, base_url), JobsClient(own, base_url, token), base_url, folder)


def _record_kick(client: SoccerClient, jobs: JobsClient, base_url: str, folder: Path) -> Path:
    credentials, uuid = RemoCredentials(*DEMO_ACCOUNT), str(uuid4())
    clip = _SAMPLES / "soccer_kick.mp4"
    source = Source.LOCAL
    submit_kick(client, credentials, clip, _HEIGHT_CM, uuid, source=source, base_url=base_url, now=time.time())
    while isinstance(result := fetch_kick(client, credentials.email, uuid, source=source, base_url=base_url), NotReady):
        time.sleep(_POLL_S)
    job = next(job for job in jobs.jobs(limit=MAX_JOBS_LISTED, kind=_KICK_KIND).jobs if job.client_uuid == uuid)
    draft = kick_draft(result)
    clips = {name: jobs.file(job, file) for name, file in _KICK_CLIPS.items()}
    return _write(SHIPPED, Draft(draft.run, {**draft.contents, **clips}), folder)


def _write(name: str, draft: Draft, folder: Path) -> Path:
    contents = {name: each if isinstance(each, bytes) else each.read_bytes() for name, each in draft.contents.items()}
    # Where it was recorded says nothing to others.
    run = msgspec.structs.replace(draft.run, base_url="", contents=dict.fromkeys(contents, ""))
    return write_shipped(name, run, contents, folder)
