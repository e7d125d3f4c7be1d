from collections.abc import Iterator
from pathlib import Path

import pytest

from posedeck.engine.video.looking import Eyes


@pytest.fixture(scope="session")
def eyes(model_dir: Path) -> Iterator[Eyes]:
    with Eyes(model_dir, threads=2) as both:
        yield both
