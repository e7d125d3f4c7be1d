"""Accounts: who may call, and with how much credit."""

import hashlib
import hmac

from sqlalchemy import Engine, Row, insert, select, update

from posedeck.contracts.own import DEMO_ACCOUNT, DEMO_CREDIT
from posedeck.contracts.remo.errors import RemoCode
from posedeck.server.accounts_file import MAX_CREDIT, AccountEntry
from posedeck.storage.database import reading
from posedeck.storage.tables import accounts


class CredentialsError(Exception):
    """The credentials are wrong; ``code`` is 420 or 421."""

    def __init__(self, code: RemoCode) -> None:
        super().__init__(code.name)
        self.code = code


class Accounts:
    """Accounts in the database. Every call is one transaction; safe between threads and processes."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    def seed(self, file_entries: list[AccountEntry] | None) -> None:
        """Make the demo account and those of the accounts file known.

        A balance once there is kept. Given a file, it is the truth about keys and about who may call: an account that
        was taken out of it is withdrawn. Without a file nothing is withdrawn.
        """
        demo = AccountEntry(*DEMO_ACCOUNT, credit=DEMO_CREDIT)
        entries = {entry.email: entry for entry in (demo, *(file_entries or ()))}
        with self._database.begin() as connection:
            if file_entries is not None:
                connection.execute(update(accounts).where(accounts.c.email.not_in(list(entries))).values(active=False))
            for entry in entries.values():
                keys = {
                    "user_key_sha256": _digest(entry.user_key),
                    "api_key_sha256": _digest(entry.api_key),
                    "active": True,
                }
                known = connection.execute(update(accounts).where(accounts.c.email == entry.email).values(**keys))
                if known.rowcount == 0:
                    connection.execute(insert(accounts).values(email=entry.email, credit=entry.credit, **keys))

    def authenticate(self, email: str, user_key: str, api_key: str) -> int:
        """Balance of the account that the credentials open.

        Raises:
            CredentialsError: 420 for an unknown e-mail or wrong user key, 421 for a wrong API key.
        """
        row = self._row(email)
        # An unknown e-mail is compared like a known one, so that the time taken does not tell them apart.
        stored_user_key, stored_api_key = (row.user_key_sha256, row.api_key_sha256) if row else ("", "")
        user_key_right = hmac.compare_digest(stored_user_key, _digest(user_key))
        api_key_right = hmac.compare_digest(stored_api_key, _digest(api_key))
        if row is None or not user_key_right:
            raise CredentialsError(RemoCode.UNKNOWN_USER)
        if not api_key_right:
            raise CredentialsError(RemoCode.WRONG_API_KEY)
        return int(row.credit)

    def charge(self, email: str, amount: int) -> int | None:
        """Take credit in one step, so that two calls cannot spend the same one; the balance left.

        None when there is not enough: nothing is taken then.
        """
        statement = (
            update(accounts)
            .where(accounts.c.email == email, accounts.c.credit >= amount)
            .values(credit=accounts.c.credit - amount)
            .returning(accounts.c.credit)
        )
        with self._database.begin() as connection:
            return connection.execute(statement).scalar_one_or_none()

    def set_credit(self, email: str, credit: int) -> bool:
        """Set a balance; False for an unknown e-mail. Raises ValueError outside 0..``MAX_CREDIT``."""
        if not 0 <= credit <= MAX_CREDIT:
            raise ValueError(f"credit must be 0 to {MAX_CREDIT}")
        statement = update(accounts).where(accounts.c.email == email, accounts.c.active).values(credit=credit)
        with self._database.begin() as connection:
            return connection.execute(statement).rowcount == 1

    def _row(self, email: str) -> Row[str, str, int] | None:
        columns = (accounts.c.user_key_sha256, accounts.c.api_key_sha256, accounts.c.credit)
        with reading(self._database) as connection:
            return connection.execute(
                select(*columns).where(accounts.c.email == email, accounts.c.active)
            ).one_or_none()


def _digest(key: str) -> str:
    # A plain hash does for keys that a machine made: there is no dictionary to try.
    return hashlib.sha256(key.encode()).hexdigest()
