"""Findings as a report lists them: the gravest first, as many as fit."""

from collections.abc import Sequence

from posedeck.contracts.finding import Finding
from posedeck.services.sharing import shareable_text

#: An answer can raise any number of findings; a report has two pages.
MAX_FINDINGS = 8
MAX_MESSAGE_CHARS = 160
_SEVERITIES = ("error", "warning", "info")


def listed_findings(findings: Sequence[Finding]) -> tuple[list[tuple[Finding, str]], int]:
    """The findings with what each says, without secrets, and how many there are beyond them."""
    shown = sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity))[:MAX_FINDINGS]
    told = [(finding, short_text(shareable_text(finding.message), MAX_MESSAGE_CHARS)) for finding in shown]
    return told, len(findings) - len(shown)


def short_text(text: str, most: int) -> str:
    """The text, cut when it is longer."""
    return text if len(text) <= most else text[: most - 1] + "…"
