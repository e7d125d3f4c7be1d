"""Grades: named, versioned profiles of bands, and the grade of a value.

A grade is -2 or 2 for danger, -1 or 1 for caution and 0 for normal; its sign is that of the value.
"""

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

import msgspec

#: Values are printed with three decimals and graded as printed, so that a reader's own check agrees.
DECIMALS = 3


class Bands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cut points of one metric.

    Attributes:
        edges: Cut points in degrees, ascending.
        grades: One grade per band, from the lowest values to the highest; one more than there are edges.
        edge_belongs: For each edge, whether a value exactly on it takes the grade below or above.
        population, method, source: Who was measured, how, and where it is published; empty for a vendor's bands.

    Raises:
        ValueError: when the numbers do not fit together.
    """

    edges: tuple[float, ...]
    grades: tuple[int, ...] = (-2, -1, 0, 1, 2)
    edge_belongs: tuple[Literal["below", "above"], ...] = ("below", "below", "above", "above")
    population: str = ""
    method: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not self.edges or any(high <= low for low, high in pairwise(self.edges)):
            raise ValueError(f"edges must ascend, got {list(self.edges)}")
        if len(self.grades) != len(self.edges) + 1:
            raise ValueError(f"{len(self.edges)} edges need {len(self.edges) + 1} grades, got {len(self.grades)}")
        if len(self.edge_belongs) != len(self.edges):
            raise ValueError(f"{len(self.edges)} edges need as many edge_belongs, got {len(self.edge_belongs)}")
        if any(grade not in range(-2, 3) for grade in self.grades):
            raise ValueError(f"grades are -2..2, got {list(self.grades)}")

    def grade(self, value: float) -> int:
        """Grade of a value in degrees, rounded as printed. Raises ValueError for NaN."""
        printed = round(value, DECIMALS)
        if printed != printed:
            raise ValueError("a missing value has no grade")
        band = 0
        for edge, side in zip(self.edges, self.edge_belongs, strict=True):
            if printed > edge or (printed == edge and side == "above"):
                band += 1
        return self.grades[band]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named, versioned set of bands, one per metric key."""

    name: str
    version: str
    title: str
    source: str
    bands: dict[str, Bands]

    def grade(self, metric: str, value: float) -> int | None:
        """Grade of a metric's value in degrees; None when the value is missing or the profile has no band for it."""
        bands = self.bands.get(metric)
        if bands is None or value != value:
            return None
        return bands.grade(value)


REMO_2024 = "remo-2024"
REMO_2025 = "remo-2025"
LITERATURE = "literature"
#: The vendor's published profiles, which a server can grade by.
PROFILE_NAMES = (REMO_2024, REMO_2025)
#: All that ship with PoseDeck.
SHIPPED_NAMES = (*PROFILE_NAMES, LITERATURE)

_MAX_PROFILE_BYTES = 64_000


@cache
def load_profile(name: str) -> Profile:
    """One of the profiles that ship with PoseDeck. Raises KeyError for another name."""
    if name not in SHIPPED_NAMES:
        raise KeyError(name)
    text = files("posedeck.pose").joinpath("profiles", f"{name}.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Profile)


def read_profile(data: bytes, known_metrics: Collection[str]) -> Profile:
    """A profile of the user's own.

    Args:
        data: TOML as in ``posedeck/pose/profiles``.
        known_metrics: Keys that may have a band.

    Raises:
        ValueError: when it is not a profile; the text says what is wrong with it.
    """
    if len(data) > _MAX_PROFILE_BYTES:
        raise ValueError(f"larger than {_MAX_PROFILE_BYTES} bytes")
    try:
        profile = msgspec.toml.decode(data, type=Profile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    unknown = sorted(set(profile.bands) - set(known_metrics))
    if unknown:
        raise ValueError(f"unknown metrics: {', '.join(unknown)}; known are {', '.join(sorted(known_metrics))}")
    if not (profile.name.strip() and profile.version.strip() and profile.bands):
        raise ValueError("name, version and at least one band are needed")
    if profile.name in SHIPPED_NAMES:
        raise ValueError(f"the name {profile.name!r} belongs to a profile of PoseDeck")
    return profile
