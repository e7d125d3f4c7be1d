"""Transports on a scripted wire."""

from collections.abc import Iterator

import pytest

from posedeck.net.transport import RetryPolicy
from tests.unit.net.wire import Build, Line, Step, Wire


@pytest.fixture
def line() -> Iterator[Build]:
    """Builds lines from steps and closes them at the end."""
    lines: list[Line] = []

    def build(*steps: Step, begun: bool = True, policy: RetryPolicy | None = None, max_body_bytes: int = 1000) -> Line:
        lines.append(Line(Wire(*steps, begun=begun), policy, max_body_bytes))
        return lines[-1]

    yield build
    for each in lines:
        each.transport.close()
