"""The token of our own routes."""

import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from posedeck.storage.token import ensure_token, read_token


def test_there_is_no_token_before_the_first_start(tmp_path: Path) -> None:
    """Reading makes nothing."""
    assert read_token(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_token_is_made_once_and_kept(tmp_path: Path) -> None:
    """A restart keeps the token; two folders have different ones; it is long enough not to be guessed."""
    token = ensure_token(tmp_path)

    assert token == ensure_token(tmp_path) == read_token(tmp_path)
    (tmp_path / "other").mkdir()
    assert token != ensure_token(tmp_path / "other")
    assert len(token) >= 43


def test_only_the_owner_can_read_the_token(tmp_path: Path) -> None:
    """The file's rights are 0600, and no draft is left beside it."""
    ensure_token(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["token"]
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "token").stat().st_mode) == 0o600


def test_starts_at_the_same_time_agree(tmp_path: Path) -> None:
    """Whoever comes second takes the first one's token."""
    with ThreadPoolExecutor(16) as pool:
        tokens = set(pool.map(ensure_token, [tmp_path] * 64))

    assert {read_token(tmp_path)} == tokens
