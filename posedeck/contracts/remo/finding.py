"""One finding of an audit."""

from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """A deviation of an answer from its contract or from itself.

    Attributes:
        name: What kind of deviation; the key of its translated explanation.
        severity: ``error`` breaks the contract, ``warning`` strains it, ``info`` is worth knowing.
        field: Wire name of the field, empty for the answer as a whole.
        message: What was expected and what came, in English.
    """

    name: str
    severity: Literal["error", "warning", "info"]
    field: str
    message: str
