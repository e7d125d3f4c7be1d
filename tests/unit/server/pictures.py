"""Encoded pictures of given size, format and weight; and a server that knows who is on some of them."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from posedeck.engine.images import ImageError
from posedeck.engine.people import Person
from posedeck.engine.slots import SlotCrashed, SlotTimeout
from posedeck.net.fetch import Fetcher
from tests.support.scripted_web import Names, ScriptedWeb
from tests.unit.server.builders import Served, TruthEngine, person_in, photo, ready, serving, settings_in, shifted

PUBLIC = "93.184.215.14"
CANARY = "canary-secret-3141"

GROUP = photo("group3")
FRONT = photo("front_apose")
NOT_A_PICTURE = b"not a picture"


def picture(width: int = 400, height: int = 400, kind: str = "PNG", shade: int = 0) -> bytes:
    """A plain picture."""
    output = io.BytesIO()
    image = Image.new("RGB", (width, height), (shade, shade, shade))
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(output, quality=50)
    else:
        image.save(output, kind)
    return output.getvalue()


def weighing(size: int, kind: str = "JPEG") -> bytes:
    """A picture of exactly that many bytes: what follows its end is not looked at."""
    encoded = picture(kind=kind, shade=9)
    return encoded + bytes(size - len(encoded))


NOBODY = picture(shade=1)
CRASH, SLOW, ODD, UNREADABLE_IN_SLOT = (picture(shade=shade) for shade in range(2, 6))


def group() -> list[Person]:
    """The person of the front photo three times, less and less sure, each further to the right."""
    person = person_in("front_apose")
    return [replace(shifted(person, 200.0 * place), score=0.9 - place / 10) for place in range(3)]


def engine() -> TruthEngine:
    """Knows a group, a single person, and a picture for each thing that can go wrong in a slot."""
    return TruthEngine(
        {
            GROUP: group(),
            FRONT: person_in("front_apose"),
            CRASH: SlotCrashed("died"),
            SLOW: SlotTimeout("slow"),
            ODD: RuntimeError(f"odd {CANARY}"),
            UNREADABLE_IN_SLOT: ImageError("undecodable", "no"),
        }
    )


@contextmanager
def keypoint_server(
    folder: Path, on: TruthEngine | None = None, web: ScriptedWeb | None = None, **changes: Any
) -> Iterator[Served]:
    """A server on that engine, unless given another, which fetches from a scripted internet."""
    names = Names({"example.test": [[PUBLIC]], "inside.test": [["10.0.0.1"]]})
    fetcher = Fetcher(resolve=names, sockets=web or ScriptedWeb())
    with serving(settings_in(folder, **changes), ready(on or engine()), fetcher=fetcher) as running:
        yield running
