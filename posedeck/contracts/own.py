"""Our own routes beside the vendors': health, preview of a photo, refill of credits."""

import msgspec

from posedeck.contracts.remo.skeleton import WirePose

#: Where the pose server is mounted beside the dashboard.
MOUNT_PATH = "/engine"
HEALTH_PATH = "/health"
#: Body: the picture's bytes. Query: ``view=front|side``. What a photo is good for, before anything is spent on it.
PREVIEW_PATH = "/x/preview"
#: Body: the picture's bytes. Everybody in it, by the most careful inference that our engine offers.
PEOPLE_PATH = "/x/people"
#: Body: ``Refill``. Sets an account's balance.
CREDITS_PATH = "/x/admin/credits"
TOKEN_HEADER = "X-PoseDeck-Token"  # noqa: S105 - the header's name


class ModelState(msgspec.Struct, frozen=True):
    """Where the provisioning of the models stands."""

    stage: str
    done_bytes: int = 0
    total_bytes: int = 0
    error: str | None = None


class Health(msgspec.Struct, frozen=True):
    """Answer of ``GET /health``: ``status`` is ``starting`` until the models are loaded, then ``ok``."""

    status: str
    models: ModelState
    version: str
    queue: int


class Preview(msgspec.Struct, frozen=True):
    """What a photo shows: its upright size, the person's pose if there is one, and what is wrong with the photo.

    ``faults`` are values of ``posedeck.pose.capture.CaptureFault``, or ``no_person`` alone.
    """

    width: int
    height: int
    faults: list[str]
    pose: WirePose | None


class People(msgspec.Struct, frozen=True):
    """Everybody in a picture, best first, and its upright size."""

    width: int
    height: int
    people: list[WirePose]


class Refill(msgspec.Struct, frozen=True):
    """New balance of an account."""

    email: str
    credit: int


#: E-mail, user key and API key of the account that every pose server of ours has. Public on purpose.
DEMO_ACCOUNT = ("demo@posedeck.local", "demo-user-key", "demo-api-key")
#: What it starts with, and what "Refill demo credits" sets it to.
DEMO_CREDIT = 100

#: REST API key of the demo app, and app key and secret key of the demo project. Public on purpose.
DEMO_KAKAO_KEY = "demo-rest-api-key"
DEMO_NHN_KEYS = ("demo-app-key", "demo-secret-key")

#: Passes of the landmark model per person behind our server's answers: Kakao's plain, NHN's plain and mirrored. They
#: differ on purpose, so that a comparison of the two shows something real.
KAKAO_PASSES = 1
NHN_PASSES = 2
#: People that are answered at most, best first.
MAX_PEOPLE = 10
#: How the answers come about, in words.
KAKAO_METHOD = {
    "en": "one pass of our landmark model per person",
    "ko": "사람마다 자체 랜드마크 모델을 한 번 실행한 값",
}
NHN_METHOD = {
    "en": "the mean of a plain and a mirrored pass of our landmark model per person (flip test)",
    "ko": "사람마다 원본과 좌우 반전 이미지에 자체 랜드마크 모델을 실행해 평균한 값(플립 테스트)",
}
