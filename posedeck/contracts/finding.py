"""What an audit of an answer finds, whoever's answer it is."""

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


class AuditReport(msgspec.Struct, frozen=True):
    """What an audit found.

    Attributes:
        findings: In the order of the answer's parts, for example form, types, values.
        follows: Profiles whose bands explain an answer's grades best; several when they cannot be told apart, none for
            a refusal and for answers without grades.
    """

    findings: list[Finding]
    follows: list[str] = []
