"""What the answers about a kick break of their contract, all five together."""

from collections.abc import Iterable, Iterator

import msgspec

from posedeck.contracts.finding import Finding
from posedeck.contracts.remo.audit_soccer import audit_kick
from posedeck.contracts.remo.audit_soccer_reads import audit_angle, audit_draw, audit_score, audit_submit
from posedeck.services.soccer import KickResult


def audit_answers(result: KickResult) -> Iterator[Finding]:
    """The findings of the result, then those of the other answers that were got, each named in the finding's field."""
    others = result.others
    yield from audit_kick(result.body).findings
    if others.submit is not None:
        yield from named("submit", audit_submit(others.submit).findings)
    if others.score is not None:
        yield from named("score", audit_score(others.score, result.body).findings)
    if others.angle is not None:
        yield from named("angle", audit_angle(others.angle, result.frames).findings)
    if others.draw is not None:
        yield from named("draw", audit_draw(others.draw).findings)


def named(answer: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings whose field tells in which answer it stands."""
    for finding in findings:
        yield msgspec.structs.replace(finding, field=f"{answer}: {finding.field}" if finding.field else answer)
