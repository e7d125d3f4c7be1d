"""What an audit of an answer finds, whoever's answer it is."""

from collections.abc import Collection
from typing import Any, Literal

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


class AuditReport(msgspec.Struct, frozen=True):
    """What an audit found.

    Attributes:
        findings: In the order of the answer's parts, for example form, types, values.
        follows: Profiles whose bands explain an answer's grades best; several when they cannot be told apart, none for
            a refusal and for answers without grades.
        checked: How many fields were held against the contract, as ``count_fields`` counts them.
    """

    findings: list[Finding]
    follows: list[str] = []
    checked: int = 0


def count_fields(value: Any, known: Collection[str] | None = None) -> int:
    """How many values of an answer an audit looks at, however deep they stand; a folded file is one.

    Args:
        value: The answer's JSON, its files folded or not.
        known: Names that the audit knows at any depth: of what stands under another one it sees the name alone. None
            knows all. Extra fields of ours (``x_``) are not counted: no vendor's contract speaks of them.
    """
    if isinstance(value, list):
        return sum(count_fields(item, known) for item in value)
    if not isinstance(value, dict) or (len(value) == 1 and "base64" in value):
        return 1
    ours = (name for name in value if not name.startswith("x_"))
    return sum(count_fields(value[name], known) if known is None or name in known else 1 for name in ours)
