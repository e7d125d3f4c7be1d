"""A running server on the sample engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.server.builders import Served, ready, sample_engine, serving, settings_in


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server that knows the sample people."""
    with serving(settings_in(tmp_path), ready(sample_engine())) as running:
        yield running
