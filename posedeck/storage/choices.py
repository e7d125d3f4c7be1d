"""Choices for the whole installation, by name."""

from sqlalchemy import Engine, delete, insert, select

from posedeck.storage.database import reading
from posedeck.storage.tables import settings


class Choices:
    """Choices as they were last made. Safe between threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, name: str) -> str | None:
        """What was chosen; None when nobody chose."""
        with reading(self._engine) as connection:
            value: str | None = connection.execute(
                select(settings.c.value).where(settings.c.name == name)
            ).scalar_one_or_none()
        return value

    def set(self, name: str, value: str) -> None:
        """Choose."""
        with self._engine.begin() as connection:
            connection.execute(delete(settings).where(settings.c.name == name))
            connection.execute(insert(settings).values(name=name, value=value))
