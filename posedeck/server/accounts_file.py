"""The accounts file: who may call beside the demo credentials."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

#: Keeps sums far inside every database's integer.
MAX_CREDIT = 1_000_000


class AccountEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One Remo account, ``[[account]]``. ``credit`` is what it starts with."""

    email: str
    user_key: str
    api_key: str
    credit: int

    def __post_init__(self) -> None:
        _check_filled(self, "email", "user_key", "api_key")
        if not 0 <= self.credit <= MAX_CREDIT:
            raise ValueError(f"credit must be 0 to {MAX_CREDIT}")

    def __repr__(self) -> str:
        return f"AccountEntry(credit={self.credit})"


class KakaoEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One Kakao app, ``[[kakao]]``."""

    rest_api_key: str

    def __post_init__(self) -> None:
        _check_filled(self, "rest_api_key")

    def __repr__(self) -> str:
        return "KakaoEntry()"


class NhnEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One NHN project, ``[[nhn]]``."""

    app_key: str
    secret_key: str

    def __post_init__(self) -> None:
        _check_filled(self, "app_key", "secret_key")

    def __repr__(self) -> str:
        return "NhnEntry()"


class AccountsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file; any of its three kinds of tables may be left out, but not all."""

    account: list[AccountEntry] = []
    kakao: list[KakaoEntry] = []
    nhn: list[NhnEntry] = []

    def __post_init__(self) -> None:
        if not (self.account or self.kakao or self.nhn):
            raise ValueError("there is no [[account]], [[kakao]] or [[nhn]] in it")
        _check_unique([entry.email for entry in self.account], "an e-mail address")
        _check_unique([entry.rest_api_key for entry in self.kakao], "a rest_api_key")
        _check_unique([entry.app_key for entry in self.nhn], "an app_key")


def read_accounts_file(path: Path) -> AccountsFile:
    """The entries of an accounts file.

    Raises:
        ValueError: when it cannot be read or is wrong; the text names the place, never a key.
    """
    try:
        return msgspec.toml.decode(path.read_bytes(), type=AccountsFile)
    except (OSError, ValueError) as error:
        raise ValueError(f"accounts file {path}: {error}") from error


def _check_filled(entry: msgspec.Struct, *names: str) -> None:
    if not all(getattr(entry, name).strip() for name in names):
        raise ValueError(f"{', '.join(names)} must not be empty")


def _check_unique(values: Sequence[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise ValueError(f"{what} occurs twice")
