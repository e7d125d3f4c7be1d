"""Accounts, keys and credit."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_CREDIT, DEMO_KAKAO_KEY, DEMO_NHN_KEYS
from posedeck.contracts.remo.errors import RemoCode
from posedeck.server.accounts import Accounts, CredentialsError
from posedeck.server.accounts_file import AccountEntry, KakaoEntry, NhnEntry, read_accounts_file
from posedeck.server.vendor_keys import VendorKeys
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
KEYS_FILE = """
[[kakao]]
rest_api_key = "team-kakao"

[[nhn]]
app_key = "team-app"
secret_key = "team-secret"
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

    assert read_accounts_file(path).account == [TEAM]


def test_the_file_may_hold_each_vendors_keys(tmp_path: Path) -> None:
    """Any of the three kinds may be left out."""
    path = tmp_path / "accounts.toml"
    path.write_text(KEYS_FILE)
    only_keys = read_accounts_file(path)
    path.write_text(TEAM_FILE + KEYS_FILE)
    all_three = read_accounts_file(path)

    assert (only_keys.account, all_three.account) == ([], [TEAM])
    assert only_keys.kakao == all_three.kakao == [KakaoEntry("team-kakao")]
    assert only_keys.nhn == all_three.nhn == [NhnEntry("team-app", "team-secret")]


def test_the_demo_keys_and_those_of_the_file_open_their_vendors_route() -> None:
    """A project needs both of its keys, an app its own; no key opens the other vendor."""
    keys = VendorKeys([KakaoEntry("team-kakao")], [NhnEntry("team-app", "team-secret")])

    for right in (DEMO_KAKAO_KEY, "team-kakao"):
        assert keys.opens_kakao(right)
    for wrong in ("", "other", "team-app", "team-secret", DEMO_NHN_KEYS[0]):
        assert not keys.opens_kakao(wrong)
    for pair in (DEMO_NHN_KEYS, ("team-app", "team-secret")):
        assert keys.opens_nhn(*pair)
    for app_key, secret_key in (
        ("", ""),
        ("other", ""),
        ("team-app", ""),
        ("team-app", "team-app"),
        ("team-app", DEMO_NHN_KEYS[1]),
        ("team-secret", "team-app"),
        ("\udcff", "team-secret"),
    ):
        assert not keys.opens_nhn(app_key, secret_key)


def test_the_file_may_give_the_demo_project_another_secret() -> None:
    """So that a server which strangers reach need not have the published one."""
    keys = VendorKeys([], [NhnEntry(DEMO_NHN_KEYS[0], "changed")])

    assert keys.opens_nhn(DEMO_NHN_KEYS[0], "changed")
    assert not keys.opens_nhn(*DEMO_NHN_KEYS)


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
        (KEYS_FILE.replace('"team-kakao"', '""'), "rest_api_key must not be empty"),
        (KEYS_FILE.replace('"team-secret"', '" "'), "app_key, secret_key must not be empty"),
        (KEYS_FILE.replace("secret_key", "user_key"), "user_key|secret_key"),
        (KEYS_FILE.replace('"team-app"', "5"), "Expected `str`"),
        (KEYS_FILE + KEYS_FILE, "twice"),
        (KEYS_FILE + KEYS_FILE.replace("team-kakao", "other"), "an app_key occurs twice"),
    ],
)
def test_a_wrong_file_is_refused_without_its_keys(tmp_path: Path, text: str, told: str) -> None:
    """The error names the file and the fault, never a key."""
    path = tmp_path / "accounts.toml"
    path.write_text(text)

    with pytest.raises(ValueError, match=told) as caught:
        read_accounts_file(path)
    assert str(path) in str(caught.value)
    for key in ("team-user", "team-api", "team-kakao", "team-app", "team-secret"):
        assert key not in str(caught.value)


def test_entries_do_not_show_their_keys() -> None:
    """However they are printed."""
    shown = repr([TEAM, KakaoEntry("team-kakao"), NhnEntry("team-app", "team-secret")])
    assert "team-" not in shown


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """It is asked for by name, so it must be there."""
    with pytest.raises(ValueError, match=r"nowhere\.toml"):
        read_accounts_file(tmp_path / "nowhere.toml")
