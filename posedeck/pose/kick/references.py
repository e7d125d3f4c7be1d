"""Published values about kicks with who was measured, how, and where it stands."""

from functools import cache
from importlib.resources import files

import msgspec


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One published value.

    Attributes:
        key: Short identifier.
        metric: The metric, curve or event that it is about.
        value: As published, or converted as the note says.
        unit: ``deg``, ``m_s``, ``s``, ``ball_diameters`` or empty.
        note, population, method, source, url: What it means, of whom, how measured, and where published.
    """

    key: str
    metric: str
    value: str
    unit: str
    note: str
    population: str
    method: str
    source: str
    url: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reference: list[Reference]


@cache
def references() -> tuple[Reference, ...]:
    """All of them, in the order of the file."""
    text = files(__package__).joinpath("references.toml").read_text("utf-8")
    return tuple(msgspec.toml.decode(text, type=_File).reference)
