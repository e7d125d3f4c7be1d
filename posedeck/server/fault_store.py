"""What the fault lab keeps in the database, so that every server process knows it and a restart forgets nothing."""

import time
from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from posedeck.contracts.faults import COUNTED_CALLS, Target
from posedeck.storage.database import reading
from posedeck.storage.tables import fault_purses, fault_sessions

#: Sessions whose faults are kept; the one that was set first is forgotten first.
MAX_SESSIONS = 1000
#: A purse that nobody used for so long is full again, in seconds.
FORGET_S = 3600.0


class FaultStore:
    """Faults of sessions, and the purses of those whose credit runs out. Safe between threads and processes."""

    def __init__(
        self, database: Engine, *, max_sessions: int = MAX_SESSIONS, clock: Callable[[], float] = time.time
    ) -> None:
        self._database = database
        self._max_sessions = max_sessions
        self._clock = clock

    def set_faults(self, session: str, faults: Mapping[Target, str]) -> None:
        """Set all faults of a session, with full purses; none to switch all off."""
        with self._database.begin() as connection:
            connection.execute(delete(fault_sessions).where(fault_sessions.c.session == session))
            connection.execute(delete(fault_purses).where(fault_purses.c.session == session))
            if not faults:
                return
            row = {"session": session, "faults": {target.value: fault for target, fault in faults.items()}}
            connection.execute(insert(fault_sessions).values(**row, set_at=self._clock()))
            kept = select(fault_sessions.c.session).order_by(fault_sessions.c.set_at.desc()).limit(self._max_sessions)
            connection.execute(delete(fault_sessions).where(fault_sessions.c.session.not_in(kept.scalar_subquery())))

    def fault(self, session: str, target: Target) -> str | None:
        """The fault of a session's call; None when it has none."""
        with reading(self._database) as connection:
            faults = connection.execute(
                select(fault_sessions.c.faults).where(fault_sessions.c.session == session)
            ).scalar_one_or_none()
        return None if faults is None else faults.get(target.value)

    def take(self, session: str, target: Target, cost: int) -> int | None:
        """Take what a call costs from a session's purse, which holds some calls' worth at first; what is left.

        None when there is not enough: nothing is taken then.
        """
        try:
            return self._take(session, target, cost)
        except IntegrityError:
            # Another process opened the purse meanwhile.
            return self._take(session, target, cost)

    def _take(self, session: str, target: Target, cost: int) -> int | None:
        now, purse = self._clock(), _purse(session, target)
        with self._database.begin() as connection:
            connection.execute(delete(fault_purses).where(fault_purses.c.used_at < now - FORGET_S))
            if connection.execute(select(fault_purses.c.credit).where(purse)).first() is None:
                row = {"session": session, "target": target.value, "credit": COUNTED_CALLS * cost, "used_at": now}
                connection.execute(insert(fault_purses).values(**row))
            return connection.execute(
                update(fault_purses)
                .where(purse, fault_purses.c.credit >= cost)
                .values(credit=fault_purses.c.credit - cost, used_at=now)
                .returning(fault_purses.c.credit)
            ).scalar_one_or_none()

    def give_back(self, session: str, target: Target, cost: int) -> None:
        """Undo ``take`` for a call that was refused after all."""
        with self._database.begin() as connection:
            connection.execute(
                update(fault_purses).where(_purse(session, target)).values(credit=fault_purses.c.credit + cost)
            )

    def fill(self) -> None:
        """Fill all purses, as a refill of the account does."""
        with self._database.begin() as connection:
            connection.execute(delete(fault_purses))


def _purse(session: str, target: Target) -> ColumnElement[bool]:
    return and_(fault_purses.c.session == session, fault_purses.c.target == target.value)
