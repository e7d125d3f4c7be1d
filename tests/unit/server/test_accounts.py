"""Accounts, keys and credit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_CREDIT
from posedeck.contracts.remo.errors import RemoCode
from posedeck.server.accounts import AccountEntry, Accounts, CredentialsError, read_accounts_file
from posedeck.storage.database import database_url, migrate, open_database, reading
from posedeck.storage.tables import accounts as table

EMAIL, USER_KEY, API_KEY = DEMO_ACCOUNT
TEAM = AccountEntry("team@posedeck.local", "team-user", "team-api", 7)
TEAM_FILE = """
[[account]]
email = "team@posedeck.local"
user_key = "team-user"
api_key = "team-api"
credit = 7
"""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty database."""
    engine = open_database(database_url(tmp_path))
    migrate(engine, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(database: Engine) -> Accounts:
    """Accounts with the demo account alone."""
    seeded = Accounts(database)
    seeded.seed(None)
    return seeded


def test_the_demo_account_has_its_credit_and_keeps_its_balance(database: Engine, accounts: Accounts) -> None:
    """A restart does not fill it up again."""
    assert accounts.authenticate(*DEMO_ACCOUNT) == DEMO_CREDIT
    accounts.charge(EMAIL, 1)
    accounts.seed(None)

    assert Accounts(database).authenticate(*DEMO_ACCOUNT) == DEMO_CREDIT - 1


@pytest.mark.parametrize(
    ("credentials", "code"),
    [
        (("nobody@posedeck.local", USER_KEY, API_KEY), RemoCode.UNKNOWN_USER),
        ((EMAIL, "wrong", API_KEY), RemoCode.UNKNOWN_USER),
        ((EMAIL, "wrong", "wrong"), RemoCode.UNKNOWN_USER),
        ((EMAIL, "", ""), RemoCode.UNKNOWN_USER),
        ((EMAIL, USER_KEY, "wrong"), RemoCode.WRONG_API_KEY),
        ((EMAIL, USER_KEY, USER_KEY), RemoCode.WRONG_API_KEY),
    ],
)
def test_wrong_credentials(accounts: Accounts, credentials: tuple[str, str, str], code: RemoCode) -> None:
    """The user key belongs to the user (420), the API key comes after it (421)."""
    with pytest.raises(CredentialsError) as caught:
        accounts.authenticate(*credentials)
    assert code == caught.value.code


def test_keys_are_not_stored_as_given(database: Engine, accounts: Accounts) -> None:
    """Whoever reads the database learns no key."""
    with reading(database) as connection:
        stored = str(connection.execute(select(table)).all())
    assert USER_KEY not in stored
    assert API_KEY not in stored


def test_charging_takes_what_is_there_and_no_more(accounts: Accounts) -> None:
    """A charge that the balance does not cover takes nothing."""
    accounts.set_credit(EMAIL, 3)

    assert accounts.charge(EMAIL, 2) == 1
    assert accounts.charge(EMAIL, 2) is None
    assert accounts.authenticate(*DEMO_ACCOUNT) == 1


def test_charges_at_the_same_time_spend_each_credit_once(accounts: Accounts) -> None:
    """Twenty threads on five credits: five succeed, each sees another balance."""
    accounts.set_credit(EMAIL, 5)
    with ThreadPoolExecutor(20) as pool:
        left = list(pool.map(lambda _: accounts.charge(EMAIL, 1), range(20)))

    assert sorted(balance for balance in left if balance is not None) == [0, 1, 2, 3, 4]


def test_setting_credit(accounts: Accounts) -> None:
    """Known accounts only, and no balance below nought or beyond reason."""
    assert accounts.set_credit(EMAIL, 42)
    assert accounts.authenticate(*DEMO_ACCOUNT) == 42
    assert not accounts.set_credit("nobody@posedeck.local", 42)
    for wrong in (-1, 1_000_001):
        with pytest.raises(ValueError, match="credit"):
            accounts.set_credit(EMAIL, wrong)


def test_the_file_adds_accounts_and_changes_keys_but_not_balances(accounts: Accounts) -> None:
    """Starting credit counts once; a new key counts at once."""
    accounts.seed([TEAM])
    assert accounts.authenticate("team@posedeck.local", "team-user", "team-api") == 7
    accounts.charge(TEAM.email, 1)
    accounts.seed([AccountEntry(TEAM.email, "team-user", "new-api", 7)])

    assert accounts.authenticate("team@posedeck.local", "team-user", "new-api") == 6
    with pytest.raises(CredentialsError):
        accounts.authenticate("team@posedeck.local", "team-user", "team-api")


def test_an_account_taken_out_of_the_file_is_withdrawn(accounts: Accounts) -> None:
    """It may no longer call; put back, it has its balance again. The demo account stays."""
    accounts.seed([TEAM])
    accounts.charge(TEAM.email, 2)
    accounts.seed([])
    with pytest.raises(CredentialsError):
        accounts.authenticate(TEAM.email, TEAM.user_key, TEAM.api_key)
    assert not accounts.set_credit(TEAM.email, 9)
    assert accounts.authenticate(*DEMO_ACCOUNT) == DEMO_CREDIT

    accounts.seed([TEAM])
    assert accounts.authenticate(TEAM.email, TEAM.user_key, TEAM.api_key) == 5


def test_without_a_file_nobody_is_withdrawn(accounts: Accounts) -> None:
    """A second server that was not given the file must not lock anybody out."""
    accounts.seed([TEAM])
    accounts.seed(None)

    assert accounts.authenticate(TEAM.email, TEAM.user_key, TEAM.api_key) == 7


def test_reading_the_file(tmp_path: Path) -> None:
    """The documented form is read."""
    path = tmp_path / "accounts.toml"
    path.write_text(TEAM_FILE)

    assert read_accounts_file(path) == [TEAM]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEAM_FILE + TEAM_FILE, "twice"),
        (TEAM_FILE.replace('"team-user"', '" "'), "must not be empty"),
        (TEAM_FILE.replace("= 7", "= -7"), "credit must be"),
        (TEAM_FILE.replace("= 7", '= "7"'), "Expected `int`"),
        (TEAM_FILE + "colour = 1", "colour"),
        ("[[account", "array"),
        ("", "account"),
    ],
)
def test_a_wrong_file_is_refused_without_its_keys(tmp_path: Path, text: str, told: str) -> None:
    """The error names the file and the fault, never a key."""
    path = tmp_path / "accounts.toml"
    path.write_text(text)

    with pytest.raises(ValueError, match=told) as caught:
        read_accounts_file(path)
    assert str(path) in str(caught.value)
    assert "team-user" not in str(caught.value)
    assert "team-api" not in repr(TEAM)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """It is asked for by name, so it must be there."""
    with pytest.raises(ValueError, match=r"nowhere\.toml"):
        read_accounts_file(tmp_path / "nowhere.toml")
