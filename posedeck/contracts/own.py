"""Our own routes beside the vendors': health, preview of a photo, refill of credits."""

import msgspec

from posedeck.contracts.remo.skeleton import WirePose

HEALTH_PATH = "/health"
#: Body: the picture's bytes. Query: ``view=front|side``. What a photo is good for, before anything is spent on it.
PREVIEW_PATH = "/x/preview"
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


class Refill(msgspec.Struct, frozen=True):
    """New balance of an account."""

    email: str
    credit: int


#: E-mail, user key and API key of the account that every pose server of ours has. Public on purpose.
DEMO_ACCOUNT = ("demo@posedeck.local", "demo-user-key", "demo-api-key")
#: What it starts with, and what "Refill demo credits" sets it to.
DEMO_CREDIT = 100
