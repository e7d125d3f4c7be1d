"""A pose server on an engine whose answers are the true joints of the sample people."""

import asyncio
import base64
import io
import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from PIL import Image

from posedeck.contracts.own import DEMO_ACCOUNT
from posedeck.contracts.remo import skeleton
from posedeck.engine.people import Person
from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.body import ReshapeError, ReshapeFault
from posedeck.engine.reshape.pipeline import Reshaped, reshape
from posedeck.net.fetch import Fetcher
from posedeck.pose.geometry import rotate
from posedeck.pose.skeleton import BLAZEPOSE_33
from posedeck.server.app import PoseServer, create_server
from posedeck.server.engine_host import EngineStarter, PoseEngine
from posedeck.server.settings import ServerSettings
from posedeck.storage.database import database_url
from tests.support.mannequin import draw
from tests.support.people import SAMPLES, truth_pose

BASE_URL = "http://posedeck.test"

Outcome = Person | Exception | None


def photo(name: str) -> bytes:
    """A sample photo's bytes."""
    return (SAMPLES / f"{name}.jpg").read_bytes()


def person_in(name: str) -> Person:
    """The first person of a sample photo as an ideal engine would see them."""
    truth = json.loads((SAMPLES / f"{name}.json").read_text())
    pose = truth_pose(name)
    xy = pose.xy_px.copy()
    for corner, dx in (("mouth_left", 10.0), ("mouth_right", -10.0)):
        xy[BLAZEPOSE_33.index[corner]] = pose["nose"] + (dx, 22.0)
    xyz = np.full((len(BLAZEPOSE_33), 3), np.nan)
    for joint, (right, away, up) in truth["people"][0]["joints_3d_m"].items():
        if joint in BLAZEPOSE_33.index:
            xyz[BLAZEPOSE_33.index[joint]] = (right, -up, away)
    pose = replace(pose.with_xy(xy), sigma_px=np.ones(len(BLAZEPOSE_33)), xyz_m=xyz)
    mask = np.zeros((truth["height"], truth["width"]), np.uint8)
    return Person(pose=pose, score=0.9, mask=mask, head_source="face")


def tilted(person: Person, degrees: float) -> Person:
    """The person as a camera rolled by that angle shows them."""
    return replace(person, pose=person.pose.with_xy(rotate(person.pose.xy_px, degrees, (384.0, 512.0))))


def with_arms_down(person: Person) -> Person:
    """The person with both arms hanging along the trunk."""
    pose = person.pose
    xy = pose.xy_px.copy()
    trunk = pose.middle("left_hip", "right_hip") - pose.middle("left_shoulder", "right_shoulder")
    for side in ("left", "right"):
        for joint, share in (("elbow", 0.5), ("wrist", 1.0)):
            xy[BLAZEPOSE_33.index[f"{side}_{joint}"]] = pose[f"{side}_shoulder"] + share * trunk
    return replace(person, pose=pose.with_xy(xy))


def without(person: Person, *names: str) -> Person:
    """The person with some keypoints missing."""
    xy = person.pose.xy_px.copy()
    xy[BLAZEPOSE_33.indices(names)] = np.nan
    return replace(person, pose=person.pose.with_xy(xy))


class TruthEngine:
    """Answers each photo with a prepared outcome; nobody in a photo it does not know.

    ``hold`` makes it keep its answers back until ``release``. A photo of several people has them as a list.
    """

    def __init__(self, outcomes: Mapping[bytes, Outcome | list[Person]]) -> None:
        self._outcomes = dict(outcomes)
        self._held: list[tuple[Future[Any], Any]] | None = None
        self.asked = 0

    def hold(self) -> None:
        """Keep answers back from now on."""
        self._held = []

    def release(self) -> None:
        """Give the answers kept back, and answer at once again."""
        held, self._held = self._held or [], None
        for future, outcome in held:
            _settle(future, outcome)

    def submit_estimate(self, image_bytes: bytes, passes: int) -> "Future[Person | None]":
        """As the engine's slots do."""
        return self._answer(self._outcomes.get(image_bytes))

    def submit_find_people(self, image_bytes: bytes, max_people: int, passes: int) -> "Future[list[Person]]":
        """As the engine's slots do; the second pass of a pair moves everybody by a pixel to the right."""
        outcome = self._outcomes.get(image_bytes)
        if isinstance(outcome, Exception):
            return self._answer(outcome)
        people = outcome if isinstance(outcome, list) else [outcome] if outcome else []
        return self._answer([shifted(person, passes - 1.0) for person in people][:max_people])

    def submit_reshape(self, image_bytes: bytes, gender: Gender, ratio: float) -> "Future[Reshaped]":
        """Reshapes a mannequin for each photo that it knows; an outcome that is an error is raised."""
        outcome = self._outcomes.get(image_bytes, ReshapeError(ReshapeFault.NO_PERSON))
        if isinstance(outcome, Exception):
            return self._answer(outcome)
        return self._answer(reshaped_mannequin(gender, ratio))

    def _answer(self, outcome: Any) -> "Future[Any]":
        self.asked += 1
        future: Future[Any] = Future()
        if self._held is None:
            _settle(future, outcome)
        else:
            self._held.append((future, outcome))
        return future

    def close(self) -> None:
        """Nothing to end."""


@cache
def reshaped_mannequin(gender: Gender, ratio: float) -> Reshaped:
    """What the engine makes of a small drawn person."""
    drawn = draw(scale=0.2)
    return reshape(drawn.picture, drawn.body, gender, ratio)


def shifted(person: Person, dx: float) -> Person:
    """The person that many pixels further to the right."""
    return replace(person, pose=person.pose.with_xy(np.add(person.pose.xy_px, (dx, 0.0))))


def _settle(future: "Future[Any]", outcome: Any) -> None:
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def sample_engine() -> TruthEngine:
    """An engine that knows the sample photos of single people."""
    return TruthEngine({photo(name): person_in(name) for name in ("front_apose", "side_apose", "body_slim")})


def ready(engine: PoseEngine) -> EngineStarter:
    """A starter that has this engine at once."""
    return lambda report: engine


def settings_in(folder: Path, **changes: Any) -> ServerSettings:
    """Settings of a server with one slot that writes to a folder of the test."""
    return ServerSettings(**{"data_dir": folder, "database": database_url(folder), "slots": 1, **changes})


class Served:
    """A running server and a client of it, for tests that are not async."""

    def __init__(self, runner: asyncio.Runner, server: PoseServer) -> None:
        self._runner = runner
        self.server = server
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(server.app), base_url=BASE_URL)

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        return self._runner.run(self._client.request(method, path, **options))

    def together(self, *requests: tuple[str, str, dict[str, Any]]) -> list[httpx.Response]:
        """Several requests at the same time."""

        async def send_all() -> list[httpx.Response]:
            return await asyncio.gather(*(self.send(*request) for request in requests))

        return self._runner.run(send_all())

    async def send(self, method: str, path: str, options: dict[str, Any]) -> httpx.Response:
        """One request, within the server's loop."""
        return await self._client.request(method, path, **options)

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine in the server's loop."""
        return self._runner.run(coroutine)

    def analyse(self, body: object, **options: Any) -> httpx.Response:
        """Post an analysis; the body is sent as JSON."""
        return self("POST", skeleton.PATH, json=body, **options)

    def wait_until(self, status: str) -> dict[str, Any]:
        """The health body once it has that status: the engine starts in a thread, and may have to fetch its models."""
        for _ in range(20_000):
            health: dict[str, Any] = self("GET", "/health").json()
            if health["status"] == status:
                return health
            time.sleep(0.01)
        raise AssertionError(f"the server did not become {status}: {health}")


@contextmanager
def serving(
    settings: ServerSettings, start_engine: EngineStarter | None, *, wait: bool = True, fetcher: Fetcher | None = None
) -> Iterator[Served]:
    """A server within its lifespan, on our own engine unless given another."""
    with asyncio.Runner() as runner:
        server = create_server(settings, start_engine, fetcher)
        lifespan = server.lifespan()
        runner.run(lifespan.__aenter__())
        try:
            served = Served(runner, server)
            if wait:
                served.wait_until("ok")
            yield served
        finally:
            runner.run(lifespan.__aexit__(None, None, None))


def base64_of(data: bytes) -> str:
    """Bare base64."""
    return base64.b64encode(data).decode()


def request_body(front: bytes | None = None, side: bytes | None = None, **changes: Any) -> dict[str, Any]:
    """A right request of the demo account, with changes."""
    email, user_key, api_key = DEMO_ACCOUNT
    body = {
        "Email": email,
        "UserKey": user_key,
        "APIKey": api_key,
        "forigimg": base64_of(photo("front_apose") if front is None else front),
        "sorigimg": base64_of(photo("side_apose") if side is None else side),
    }
    return body | changes


def blank_photo(shade: int) -> bytes:
    """A photo of nothing; each shade is another one."""
    output = io.BytesIO()
    Image.new("RGB", (60, 80), (shade, shade, shade)).save(output, "PNG")
    return output.getvalue()
