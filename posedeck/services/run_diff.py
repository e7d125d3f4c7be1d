"""What is different between two runs."""

from dataclasses import dataclass
from typing import Any

import msgspec

from posedeck.contracts.finding import Finding
from posedeck.contracts.folding import fold_base64
from posedeck.runs.run import Run
from posedeck.runs.store import RunStore
from posedeck.services.json_diff import Change, json_diff


@dataclass(frozen=True)
class FindingsDiff:
    """What two audits found: by one, by the other, by both. Findings are the same by name and field."""

    only_before: list[Finding]
    only_after: list[Finding]
    both: list[Finding]


def findings_diff(before: Run, after: Run) -> FindingsDiff:
    """How the contract findings of two runs differ."""
    known = {(finding.name, finding.field) for finding in before.findings}
    again = {(finding.name, finding.field) for finding in after.findings}
    return FindingsDiff(
        [finding for finding in before.findings if (finding.name, finding.field) not in again],
        [finding for finding in after.findings if (finding.name, finding.field) not in known],
        [finding for finding in after.findings if (finding.name, finding.field) in known],
    )


def answers_diff(store: RunStore, before: Run, after: Run) -> list[Change]:
    """Where the answers of two runs differ, files by type, size and hash."""
    return json_diff(folded_answer(store, before), folded_answer(store, after))


def requests_diff(before: Run, after: Run) -> list[Change]:
    """Where the requests of two runs differ, without their secrets."""
    return json_diff(_request(before), _request(after))


def folded_answer(store: RunStore, run: Run) -> Any:
    """The answer of a run with its files folded; None when none is kept."""
    if "answer" in run.contents:
        return fold_base64(msgspec.json.decode(store.content(run, "answer")))
    return run.exchange.response.value if run.exchange and run.exchange.response else None


def _request(run: Run) -> Any:
    if run.exchange is None:
        return None
    sent = run.exchange
    return {"method": sent.method, "url": sent.url, "headers": sent.request_headers, "body": sent.request.value}
