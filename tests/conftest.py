"""What holds for every test: its own data folder, and no settings of the machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is slow at random; no test here is about time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_SETTINGS = [name for name in os.environ if name.startswith("POSEDECK_") and name != "POSEDECK_MODEL_DIR"]


@pytest.fixture(scope="session", autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings of the machine are taken away, and whatever is written goes to a folder of this test run."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        for name in _SETTINGS:
            if name != "POSEDECK_REQUIRE_BROWSER":
                patch.delenv(name)
        patch.setenv("POSEDECK_DATA_DIR", str(folder))
        yield folder
