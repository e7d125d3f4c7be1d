"""The data folder."""

import stat
import sys
from pathlib import Path

import pytest

from posedeck.storage.paths import DATA_DIR_VARIABLE, data_dir


def test_the_configured_folder_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts and the token lie there: nobody else may look in."""
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "a" / "b"))

    assert tmp_path / "a" / "b" == data_dir()
    if sys.platform != "win32":
        assert stat.S_IMODE(data_dir().stat().st_mode) == 0o700


def test_an_existing_folder_keeps_its_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever made the folder decided who may read it."""
    tmp_path.chmod(0o750)
    before = tmp_path.stat().st_mode
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path))

    assert before == data_dir().stat().st_mode


def test_without_a_setting_it_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default is below the user's home."""
    monkeypatch.delenv(DATA_DIR_VARIABLE, raising=False)
    monkeypatch.setattr("posedeck.storage.paths.user_data_path", lambda name, appauthor: tmp_path / name)

    assert tmp_path / "posedeck" == data_dir()
