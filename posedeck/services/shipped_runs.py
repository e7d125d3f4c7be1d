"""Runs that come with PoseDeck: answers of our own server to the samples, for where nobody should wait for one."""

import lzma
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec

from posedeck.net.exchange import Exchange
from posedeck.net.record import Origin
from posedeck.runs.run import Run

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "recorded"
_SUFFIX = ".run.xz"


class ShippedRun(msgspec.Struct, frozen=True):
    """A run with what is kept of it, as one file holds it: MessagePack in xz, since answers hold a picture twice."""

    run: Run
    contents: dict[str, bytes]

    def content(self, run: Run, name: str) -> bytes:
        """As ``RunStore.content`` gives it. Raises FileNotFoundError when the file does not hold it."""
        if run.id != self.run.id or name not in self.contents:
            raise FileNotFoundError(f"the recorded run keeps no {name}")
        return self.contents[name]


@cache
def shipped_run(name: str, folder: Path = FOLDER) -> ShippedRun:
    """The run of a name such as ``future_shape_best``. Raises FileNotFoundError when there is none."""
    return msgspec.msgpack.decode(lzma.decompress((folder / f"{name}{_SUFFIX}").read_bytes()), type=ShippedRun)


def played_from(exchange: Exchange | None, run: Run) -> Exchange | None:
    """The exchange of a shipped run as of a recording: it tells who answered, and when."""
    if exchange is None or exchange.record is None:
        return exchange
    origin = Origin(run.source, run.created_at.timestamp())
    return replace(exchange, record=msgspec.structs.replace(exchange.record, origin=origin))


def write_shipped(name: str, run: Run, contents: Mapping[str, bytes], folder: Path = FOLDER) -> Path:
    """Write a run of a name; returns the file."""
    path = folder / f"{name}{_SUFFIX}"
    document = msgspec.msgpack.encode(ShippedRun(run, dict(contents)))
    path.write_bytes(lzma.compress(document, preset=9 | lzma.PRESET_EXTREME))
    return path
