"""What passes between a worker and the process of a job slot."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posedeck.jobs.kind import Plan


@dataclass(frozen=True)
class KindCall:
    """One call of a kind's function.

    Attributes:
        module: The kind's module.
        function: ``prepare``, ``chunk`` or ``finish``.
        params, input, scratch, model_dir, plan: As in ``Work``.
        index: Of the chunk, in ``chunk``.
        given: Files with what the chunks before gave: none or one in ``chunk``, all in ``finish``.
    """

    module: str
    function: str
    params: dict[str, Any]
    input: Path | None
    scratch: Path
    model_dir: Path
    plan: Plan | None = None
    index: int = 0
    given: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Given:
    """What a function returned."""

    value: Any


@dataclass(frozen=True)
class Refused:
    """The function raised JobRefused."""

    code: str
    text: str


@dataclass(frozen=True)
class Broke:
    """The function raised something else: the types of the chain, and the places. No texts: they may quote data."""

    kind: str
    places: str
